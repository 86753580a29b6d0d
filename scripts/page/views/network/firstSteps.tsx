import { type ComponentChildren } from "preact";
import { type MinersAnswer, type TasksAnswer, type ValidatorsAnswer } from "../../api/answers";
import { useApi } from "../../state/useReading";
import { Section } from "../../ui/blocks";

/** How a network comes to its first settled epoch: what is done, and what is still to do. */
export function FirstSteps() {
  const validators = useApi<ValidatorsAnswer>("/v1/validators");
  const miners = useApi<MinersAnswer>("/v1/miners?limit=1");
  const tasks = useApi<TasksAnswer>("/v1/tasks?limit=1");
  if (validators.kind !== "ready" || miners.kind !== "ready" || tasks.kind !== "ready") return null;
  return (
    <Section title="The first epoch">
      <ol class="card steps-to-do">
        <Step isDone={validators.value.validators.length > 0}>
          <a href="#/do/register">A validator</a> takes a seat with its stake, which takes effect in the epoch after the
          next.
        </Step>
        <Step isDone={miners.value.count > 0}>
          <a href="#/do/register-miner">A miner</a> registers, and works from the next epoch.
        </Step>
        <Step isDone={tasks.value.count > 0}>
          <a href="#/do/task">A client</a> submits a task to it, and the miner answers.
        </Step>
        <Step isDone={false}>
          Validators score the answers while the epoch runs, and reveal their scores after it:{" "}
          <code>npx mdt validator start</code>.
        </Step>
        <Step isDone={false}>
          The epoch is settled, and everyone can claim their rewards: <code>npx mdt keeper start</code>.
        </Step>
      </ol>
    </Section>
  );
}

function Step({ isDone, children }: { readonly isDone: boolean; readonly children: ComponentChildren }) {
  return (
    <li>
      {isDone ? <span class="badge badge-good">done</span> : null} {children}
    </li>
  );
}
