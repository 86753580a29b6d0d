import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../context";
import { Notice } from "../layout/notice";
import { type Plan } from "./action";
import { describeWay } from "./attempt";
import { describeCost } from "./describeCost";
import { type Rehearsal } from "./rehearse";

/** What will happen, in plain words, before anything is signed. */
export function Review({
  plan,
  rehearsal,
  news,
  onAgree,
  onChange,
}: {
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
        Tried on the chain just now, and it would succeed. {describeCost(rehearsal, symbol)}{" "}
        {describeWay(rehearsal.way)}
      </p>
      <div class="buttons">
        <button type="button" class="primary" onClick={onAgree}>
          Do it
        </button>
        <button type="button" onClick={onChange}>
          Change
        </button>
      </div>
    </div>
  );
}

/** Moves the focus to what has just appeared, so that it is read aloud and the next Tab goes on from there. */
export function useFocus() {
  const target = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    target.current?.focus();
  }, []);
  return target;
}
