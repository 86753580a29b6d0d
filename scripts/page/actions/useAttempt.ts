import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import { type EIP1193Provider } from "viem";
import { type Plan } from "../../actions/plan";
import { type Action, type PageSite } from "./action";
import { type Attempt, filling, nextAttempt } from "./attempt";
import { type FormProblems, type FormValues } from "./fields";
import { perform } from "./perform";
import { explainRefusal } from "./refusals";
import { rehearse, type Rehearsal } from "./rehearse";

/** An attempt at an action, and what a person can do about it. */
export interface AttemptControl {
  readonly attempt: Attempt;
  /** What is wrong with the form as it was last asked about. */
  readonly problems: FormProblems;
  /** Reads everything again, tries it on the chain, and shows what would happen. `news`: why it is shown again. */
  readonly ask: (values: FormValues, news?: string) => Promise<void>;
  /** The person agrees to what is shown. */
  readonly agree: (plan: Plan, rehearsal: Rehearsal) => Promise<void>;
  /** Back to the form. */
  readonly change: () => void;
}

/** Leads one action from its form to its result. */
export function useAttempt(action: Action, site: PageSite, provider: EIP1193Provider): AttemptControl {
  const [attempt, report] = useReducer(nextAttempt, filling);
  const [problems, setProblems] = useState<FormProblems>({});
  const isShown = useRef(true);
  useEffect(
    () => () => {
      isShown.current = false;
    },
    [],
  );

  const ask = async (values: FormValues, news: string | null = null): Promise<void> => {
    report({ kind: "asked" });
    setProblems({});
    try {
      const opened = await action.open(site);
      const planned =
        "nothing" in opened
          ? { kind: "nothing" as const, sentence: opened.nothing.join(" ") }
          : await opened.plan(values);
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
