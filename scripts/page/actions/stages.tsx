import { type ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Hash } from "viem";
import { briefDecimal, describeCost, parseMdt } from "../../show/amounts";
import { pendingWords } from "../../show/progress";
import { useApp } from "../context";
import { Notice } from "../ui/blocks";
import { transactionUrl } from "../wallet/requests";
import { ConnectButton } from "../wallet/walletMenu";
import { type Attempt, describeStage, wayInWords } from "./attempt";
import { type Action } from "./form";
import { type Refusal } from "./refusals";
import { SwitchButton } from "./walletNetwork";

interface StageProps<K extends Attempt["kind"]> {
  readonly attempt: Extract<Attempt, { readonly kind: K }>;
}

/** A stage's title and content; the focus moves there, so that it is read aloud and the next Tab continues from it. */
function Titled({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <div class="action">
      <h3 ref={heading} tabIndex={-1}>
        {title}
      </h3>
      {children}
    </div>
  );
}

/** What will happen, in plain words, before anything is signed. */
export function Review({
  attempt: { plan, rehearsal, news },
  title,
  amount,
  onAgree,
  onChange,
}: StageProps<"review"> & {
  /** The action's title, and the form's amount if it has one: together they say what the button does. */
  readonly title: string;
  readonly amount: string | undefined;
  readonly onAgree: () => void;
  readonly onChange: () => void;
}) {
  const { symbol } = useApp().deployment.chain.currency;
  return (
    <Titled title="This will happen">
      {news === null ? null : <Notice tone="warn">{news}</Notice>}
      <ul class="statements">
        {plan.statements.map((statement) => (
          <li key={statement}>{statement}</li>
        ))}
      </ul>
      <p class="muted">
        A simulation on the chain just succeeded. {describeCost(rehearsal, symbol)} {wayInWords[rehearsal.way]}
      </p>
      <div class="buttons">
        <button type="button" class="primary" onClick={onAgree}>
          {amount === undefined ? title : `${title} ${briefDecimal(parseMdt(amount))} MDT`}
        </button>
        <button type="button" onClick={onChange}>
          Change
        </button>
      </div>
    </Titled>
  );
}

/** What the wallet or the chain is busy with. */
export function Running({ attempt: { plan, way, stage } }: StageProps<"running">) {
  return (
    <Titled title="In progress">
      <p>{plan.statements[0]}</p>
      <p role="status" class="stage">
        {describeStage(way, stage)}
      </p>
      {"hash" in stage ? (
        <>
          {stage.seconds === 0 ? null : <p class={stage.isKnown ? "muted" : ""}>It {pendingWords(stage)}</p>}
          <Transaction hash={stage.hash} />
        </>
      ) : null}
    </Titled>
  );
}

/** Why it did not happen, and the way on. */
export function Refused({
  attempt: { refusal, hash },
  onAsk,
  onChange,
}: StageProps<"refused"> & { readonly onAsk: () => void; readonly onChange: () => void }) {
  return (
    <Titled title="Not done">
      <Notice tone="bad">{refusal.sentence}</Notice>
      {hash === null ? null : <Transaction hash={hash} />}
      <div class="buttons">
        <WayOn refusal={refusal} onAsk={onAsk} />
        <button type="button" onClick={onChange}>
          Back to the form
        </button>
      </div>
    </Titled>
  );
}

function WayOn({ refusal, onAsk }: { readonly refusal: Refusal; readonly onAsk: () => void }) {
  switch (refusal.wayOn) {
    case "none":
      return null;
    case "connectAgain":
      return <ConnectButton />;
    case "switchChain":
      return <SwitchButton />;
    case "tryAgain":
    case "readAgain":
      return (
        <button type="button" class="primary" onClick={onAsk}>
          {refusal.wayOn === "tryAgain" ? "Try again" : "Refresh"}
        </button>
      );
  }
}

/** What happened, and what to do next. */
export function Done({
  attempt: { result, hash },
  next,
  onAgain,
}: StageProps<"done"> & Pick<Action, "next"> & { readonly onAgain: () => void }) {
  return (
    <Titled title="Done">
      <Notice tone="good">{result}</Notice>
      <p class="next">
        Next: <a href={next.hash}>{next.sentence}</a>
      </p>
      <Transaction hash={hash} />
      <div class="buttons">
        <button type="button" class="primary" onClick={onAgain}>
          Start again
        </button>
      </div>
    </Titled>
  );
}

/** A link to the transaction if the chain has an explorer, otherwise its hash to copy. */
function Transaction({ hash }: { readonly hash: Hash }) {
  const { settings, announce } = useApp();
  const url = transactionUrl(settings, hash);
  if (url !== null) {
    return (
      <p>
        <a href={url} target="_blank" rel="noreferrer">
          View the transaction
        </a>
      </p>
    );
  }
  const copy = (): void => {
    navigator.clipboard.writeText(hash).then(
      () => {
        announce("Copied.");
      },
      () => {
        announce("The browser refused to copy it: select it by hand.");
      },
    );
  };
  return (
    <div class="transaction">
      <p>
        Transaction <code>{hash}</code>
      </p>
      <button type="button" onClick={copy}>
        Copy
      </button>
    </div>
  );
}
