import { useEffect, useRef } from "preact/hooks";
import { type Hash } from "viem";
import { type Plan } from "../../actions/plan";
import { briefDecimal, describeCost, parseMdt } from "../../show/amounts";
import { pendingWords } from "../../show/progress";
import { useApp } from "../context";
import { Notice } from "../ui/blocks";
import { transactionUrl, walletChainOf } from "../wallet/chainRequests";
import { ConnectButton } from "../wallet/connectButton";
import { describeStage, describeWay, type Stage } from "./attempt";
import { type NextStep } from "./action";
import { type Refusal } from "./refusals";
import { type PaymentWay, type Rehearsal } from "./rehearse";
import { SwitchHere } from "./walletNetwork";

/** What will happen, in plain words, before anything is signed. */
export function Review({
  title: name,
  amount,
  plan,
  rehearsal,
  news,
  onAgree,
  onChange,
}: {
  /** What the action is called, and the amount of the form where it has one: together they say what the button does. */
  readonly title: string;
  readonly amount: string | undefined;
  readonly plan: Plan;
  readonly rehearsal: Rehearsal;
  readonly news: string | null;
  readonly onAgree: () => void;
  readonly onChange: () => void;
}) {
  const title = useFocus();
  const { symbol } = useApp().deployment.chain.currency;
  return (
    <div class="action">
      <h3 ref={title} tabIndex={-1}>
        This will happen
      </h3>
      {news === null ? null : <Notice tone="warn">{news}</Notice>}
      <ul class="statements">
        {plan.statements.map((statement) => (
          <li key={statement}>{statement}</li>
        ))}
      </ul>
      <p class="muted">
        A trial run on the chain just succeeded. {describeCost(rehearsal, symbol)} {describeWay(rehearsal.way)}
      </p>
      <div class="buttons">
        <button type="button" class="primary" onClick={onAgree}>
          {amount === undefined ? name : `${name} ${briefDecimal(parseMdt(amount))} MDT`}
        </button>
        <button type="button" onClick={onChange}>
          Change
        </button>
      </div>
    </div>
  );
}

/** What the wallet or the chain is busy with. */
export function Running({
  plan,
  way,
  stage,
}: {
  readonly plan: Plan;
  readonly way: PaymentWay;
  readonly stage: Stage;
}) {
  const title = useFocus();
  return (
    <div class="action">
      <h3 ref={title} tabIndex={-1}>
        Under way
      </h3>
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
    </div>
  );
}

/** Why it did not happen, and the way on. */
export function Refused({
  refusal,
  hash,
  onAsk,
  onChange,
}: {
  readonly refusal: Refusal;
  readonly hash: Hash | null;
  readonly onAsk: () => void;
  readonly onChange: () => void;
}) {
  const title = useFocus();
  return (
    <div class="action">
      <h3 ref={title} tabIndex={-1}>
        It did not happen
      </h3>
      <Notice tone="bad">{refusal.sentence}</Notice>
      {hash === null ? null : <Transaction hash={hash} />}
      <div class="buttons">
        <WayOn refusal={refusal} onAsk={onAsk} />
        <button type="button" onClick={onChange}>
          Back to the form
        </button>
      </div>
    </div>
  );
}

function WayOn({ refusal, onAsk }: { readonly refusal: Refusal; readonly onAsk: () => void }) {
  switch (refusal.wayOn) {
    case "none":
      return null;
    case "connectAgain":
      return <ConnectButton />;
    case "switchChain":
      return <SwitchHere />;
    case "tryAgain":
    case "readAgain":
      return (
        <button type="button" class="primary" onClick={onAsk}>
          {refusal.wayOn === "tryAgain" ? "Try again" : "Look again"}
        </button>
      );
  }
}

/** What happened, and what to do next. */
export function Done({
  result,
  next,
  hash,
  onAgain,
}: {
  readonly result: string;
  readonly next: NextStep;
  readonly hash: Hash;
  readonly onAgain: () => void;
}) {
  const title = useFocus();
  return (
    <div class="action">
      <h3 ref={title} tabIndex={-1}>
        Done
      </h3>
      <Notice tone="good">{result}</Notice>
      <p class="next">
        Next: <a href={next.hash}>{next.sentence}</a>
      </p>
      <Transaction hash={hash} />
      <div class="buttons">
        <button type="button" class="primary" onClick={onAgain}>
          Do something else here
        </button>
      </div>
    </div>
  );
}

/** A link to the transaction where the chain has an explorer, else its hash to copy. */
function Transaction({ hash }: { readonly hash: Hash }) {
  const { settings, deployment, announce } = useApp();
  const url = transactionUrl(walletChainOf(settings, deployment), hash);
  if (url !== null) {
    return (
      <p>
        <a href={url} target="_blank" rel="noreferrer">
          Look at the transaction
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

/** Moves the focus to what has just appeared, so that it is read aloud and the next Tab continues from there. */
function useFocus() {
  const target = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    target.current?.focus();
  }, []);
  return target;
}
