import { useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { Notice } from "../ui/blocks";
import { useReading } from "../state/useReading";
import { type Action, type OpenAction, type PageSite } from "./action";
import { FieldInput } from "./fieldInput";
import { type FormValues } from "./fields";
import { Done, Refused, Review, Running } from "./stages";
import { type AttemptControl, useAttempt } from "./useAttempt";

/** One action, from the form to the result. */
export function ActionPanel({
  action,
  site,
  provider,
}: {
  readonly action: Action;
  readonly site: PageSite;
  readonly provider: EIP1193Provider;
}) {
  const { refresh } = useApp();
  const [values, setValues] = useState<FormValues>({});
  const [turn, setTurn] = useState(0);
  const opened = useReading(`${action.id} ${site.account}`, turn, () => action.open(site));
  const control = useAttempt(action, site, provider);
  const startAgain = (): void => {
    setValues({});
    setTurn(turn + 1);
    refresh();
    control.change();
  };
  switch (opened.kind) {
    case "loading":
      return <p role="status">Reading the chain …</p>;
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
      return (
        <Stages
          action={action}
          open={opened.value}
          values={values}
          control={control}
          onInput={(name, value) => {
            setValues({ ...values, [name]: value });
          }}
          onStartAgain={startAgain}
        />
      );
  }
}

interface StagesProps {
  readonly action: Action;
  readonly open: OpenAction;
  readonly values: FormValues;
  readonly control: AttemptControl;
  readonly onInput: (name: string, value: string) => void;
  readonly onStartAgain: () => void;
}

function Stages({ action, open, values, control, onInput, onStartAgain }: StagesProps) {
  const { attempt, ask, agree, change } = control;
  switch (attempt.kind) {
    case "filling":
    case "checking":
      return <Form {...{ action, open, values, control, onInput }} />;
    case "review":
      return (
        <Review
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
              values,
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

function Form({ open, values, control, onInput }: Omit<StagesProps, "onStartAgain">) {
  const isChecking = control.attempt.kind === "checking";
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isChecking) void control.ask(values);
  };
  return (
    <form onSubmit={submit} noValidate class="action">
      {open.standing.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {open.fields(values).map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          problem={control.problems[field.name]}
          onInput={(value) => {
            onInput(field.name, value);
          }}
        />
      ))}
      <div class="buttons">
        <button type="submit" class="primary" aria-disabled={isChecking}>
          {isChecking ? "Trying it on the chain …" : "Show what will happen"}
        </button>
      </div>
    </form>
  );
}
