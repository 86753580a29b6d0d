import { type ComponentChildren } from "preact";
import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { useApp } from "../context";
import { Loading, Notice } from "../ui/blocks";
import { type Plan } from "../../actions/plan";
import { useReading } from "../state/reading";
import {
  type Action,
  type FormProblems,
  type FormValues,
  heldBy,
  type NothingToDo,
  type OpenAction,
  type PageSite,
} from "./form";
import { FieldInputs } from "./fieldInput";
import { Done, Refused, Review, Running } from "./stages";
import { filling, nextAttempt } from "./attempt";
import { perform, type Rehearsal, rehearse } from "./perform";
import { explainRefusal } from "./refusals";

interface PanelProps {
  readonly action: Action;
  readonly site: PageSite;
  /** What was typed, by field. */
  readonly typed: FormValues;
  readonly onType: (typed: FormValues) => void;
}

/** The form as everyone may see it, before it can be sent. @param children What is missing until then. */
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
      {open === null ? null : (
        <>
          <Sentences of={open.terms} />
          <FieldInputs fields={open.fields(typed)} typed={typed} problems={{}} onType={onType} />
        </>
      )}
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
  // While there is nothing to do, each new version asks again; a form stays as it was opened.
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
          attempt={attempt}
          title={action.title}
          amount={held.amount}
          onAgree={() => void agree(attempt.plan, attempt.rehearsal)}
          onChange={change}
        />
      );
    case "running":
      return <Running attempt={attempt} />;
    case "refused":
      return (
        <Refused
          attempt={attempt}
          onAsk={() =>
            void ask(held, attempt.refusal.wayOn === "readAgain" ? "Refreshed: this is the current state." : undefined)
          }
          onChange={change}
        />
      );
    case "done":
      return <Done attempt={attempt} next={action.next} onAgain={onStartAgain} />;
  }
}

/** How things stand, and the form. */
function Form({
  open,
  typed,
  onType,
  control,
  onAsk,
}: Pick<PanelProps, "typed" | "onType"> & {
  readonly open: OpenAction;
  readonly control: AttemptControl;
  readonly onAsk: () => void;
}) {
  const isChecking = control.attempt.kind === "checking";
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isChecking) onAsk();
  };
  return (
    <form onSubmit={submit} noValidate class="action">
      <Sentences of={[...open.terms, ...open.standing]} />
      <FieldInputs fields={open.fields(typed)} typed={typed} problems={control.problems} onType={onType} />
      <div class="buttons">
        <button type="submit" class="primary" aria-disabled={isChecking}>
          {isChecking ? "Simulating it on the chain …" : "Show what will happen"}
        </button>
      </div>
    </form>
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

/** An attempt at an action, and what a person can do about it. */
type AttemptControl = ReturnType<typeof useAttempt>;

/** Leads one action from its form to its result. */
function useAttempt(action: Action, site: PageSite, provider: EIP1193Provider) {
  const [attempt, report] = useReducer(nextAttempt, filling);
  const [problems, setProblems] = useState<FormProblems>({});
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );

  /** Reads everything again, tries it on the chain, and shows what would happen. `news`: why it is shown again. */
  const ask = async (values: FormValues, news: string | null = null): Promise<void> => {
    report({ kind: "asked" });
    setProblems({});
    try {
      const opened = await action.open(site);
      if ("nothing" in opened) {
        report({ kind: "refused", refusal: { sentence: opened.nothing.join(" "), wayOn: "none" } });
        return;
      }
      const planned = await opened.plan(values);
      switch (planned.kind) {
        case "problems":
          setProblems(planned.problems);
          report({ kind: "changed" });
          return;
        case "nothing":
          report({ kind: "refused", refusal: { sentence: planned.sentence, wayOn: "none" } });
          return;
        case "plan":
          report({ kind: "rehearsed", plan: planned.plan, rehearsal: await rehearse(site, planned.plan), news });
      }
    } catch (error) {
      report({ kind: "refused", refusal: explainRefusal(error) });
    }
  };

  const agree = async (plan: Plan, { way }: Rehearsal): Promise<void> => {
    report({ kind: "agreed" });
    try {
      await perform({ site, provider, isWanted: () => isShown.current }, plan, way, report);
    } catch (error) {
      report({ kind: "refused", refusal: explainRefusal(error) });
    }
  };

  const change = (): void => {
    setProblems({});
    report({ kind: "changed" });
  };

  return { attempt, problems, ask, agree, change };
}
