import { type ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { Loading, Notice } from "../ui/blocks";
import { useReading } from "../state/useReading";
import { type Action, type NothingToDo, type OpenAction, type PageSite } from "./action";
import { FieldInput } from "./fieldInput";
import { type FormProblems, type FormValues, heldBy } from "./fields";
import { Done, Refused, Review, Running } from "./stages";
import { type AttemptControl, useAttempt } from "./useAttempt";

interface PanelProps {
  readonly action: Action;
  readonly site: PageSite;
  /** What was typed, by field. */
  readonly typed: FormValues;
  readonly onType: (typed: FormValues) => void;
}

/** The form as everybody may see it. @param children What is missing before it can be sent. */
export function ActionPreview({
  action,
  site,
  typed,
  onType,
  children,
}: PanelProps & { readonly children: ComponentChildren }) {
  const opened = useReading(`${action.id} ${site.account}`, 0, () => action.open(site));
  const open = opened.kind === "ready" && !("nothing" in opened.value) ? opened.value : null;
  return (
    <>
      {opened.kind === "loading" ? <Loading what="the terms" /> : null}
      {open === null ? null : <Fields open={{ ...open, standing: [] }} typed={typed} onType={onType} problems={{}} />}
      {children}
    </>
  );
}

/** One action, from the form to the result. */
export function ActionPanel({ provider, ...panel }: PanelProps & { readonly provider: EIP1193Provider }) {
  const { action, site, onType } = panel;
  const { refresh, version } = useApp();
  const [turn, setTurn] = useState(0);
  const [isWaiting, setWaiting] = useState(false);
  // While there is nothing to do, it is asked again as time continues; a form stays as it was opened.
  const opened = useReading(`${action.id} ${site.account}`, isWaiting ? `${turn} ${version}` : turn, () =>
    action.open(site),
  );
  const hasNothing = opened.kind === "ready" && "nothing" in opened.value;
  useEffect(() => {
    setWaiting(hasNothing);
  }, [hasNothing]);
  const control = useAttempt(action, site, provider);
  const startAgain = (): void => {
    onType({});
    setTurn(turn + 1);
    refresh();
    control.change();
  };
  switch (opened.kind) {
    case "loading":
      return <Loading what="the chain" />;
    case "failed":
      return (
        <>
          <Notice tone="bad">{opened.trouble}</Notice>
          <button
            type="button"
            onClick={() => {
              setTurn(turn + 1);
            }}
          >
            Try again
          </button>
        </>
      );
    case "ready":
      return <Stages {...panel} opened={opened.value} control={control} onStartAgain={startAgain} />;
  }
}

interface StagesProps extends PanelProps {
  readonly opened: OpenAction | NothingToDo;
  readonly control: AttemptControl;
  readonly onStartAgain: () => void;
}

function Stages({ action, opened, typed, onType, control, onStartAgain }: StagesProps) {
  const { attempt, ask, agree, change } = control;
  const held = "nothing" in opened ? {} : heldBy(opened.fields(typed), typed);
  switch (attempt.kind) {
    case "filling":
    case "checking":
      return "nothing" in opened ? (
        <Sentences of={opened.nothing} />
      ) : (
        <Form open={opened} typed={typed} onType={onType} control={control} onAsk={() => void ask(held)} />
      );
    case "review":
      return (
        <Review
          title={action.title}
          amount={held.amount}
          plan={attempt.plan}
          rehearsal={attempt.rehearsal}
          news={attempt.news}
          onAgree={() => void agree(attempt.plan, attempt.rehearsal)}
          onChange={change}
        />
      );
    case "running":
      return <Running plan={attempt.plan} way={attempt.way} stage={attempt.stage} />;
    case "refused":
      return (
        <Refused
          refusal={attempt.refusal}
          hash={attempt.hash}
          onAsk={() =>
            void ask(
              held,
              attempt.refusal.wayOn === "readAgain" ? "Read again just now. This is the current state." : undefined,
            )
          }
          onChange={change}
        />
      );
    case "done":
      return <Done result={attempt.result} next={action.next} hash={attempt.hash} onAgain={onStartAgain} />;
  }
}

interface FieldsProps {
  readonly open: OpenAction;
  readonly typed: FormValues;
  readonly onType: (typed: FormValues) => void;
  readonly problems: FormProblems;
}

function Form({
  control,
  onAsk,
  ...fields
}: Omit<FieldsProps, "problems"> & { readonly control: AttemptControl; readonly onAsk: () => void }) {
  const isChecking = control.attempt.kind === "checking";
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isChecking) onAsk();
  };
  return (
    <form onSubmit={submit} noValidate class="action">
      <Fields {...fields} problems={control.problems} />
      <div class="buttons">
        <button type="submit" class="primary" aria-disabled={isChecking}>
          {isChecking ? "Trying it on the chain …" : "Show what will happen"}
        </button>
      </div>
    </form>
  );
}

/** How things stand, and the inputs. */
function Fields({ open, typed, onType, problems }: FieldsProps) {
  const fields = open.fields(typed);
  const held = heldBy(fields, typed);
  return (
    <>
      <Sentences of={[...(open.terms ?? []), ...open.standing]} />
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={held[field.name]!}
          problem={problems[field.name]}
          onInput={(value) => {
            onType({ ...typed, [field.name]: value });
          }}
        />
      ))}
    </>
  );
}

function Sentences({ of }: { readonly of: readonly string[] }) {
  return (
    <>
      {of.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </>
  );
}
