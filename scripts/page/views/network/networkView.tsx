import { useApp } from "../../context";
import { Badge, Heading, Section } from "../../ui/blocks";
import { Amount } from "../../ui/values";
import { EpochView } from "./epochView";
import { Figures, Summary } from "./summary";
import { MinerTable } from "./minerTable";
import { SettledEpochs } from "./settledEpochs";
import { TimePanel } from "./timePanel";
import { UtilityPanel } from "./utilityPanel";
import { ValidatorTable } from "./validatorTable";
import { type ComponentChildren } from "preact";
import { type MinersAnswer, type TasksAnswer, type ValidatorsAnswer } from "../../api";
import { useApi } from "../../state/reading";

/** The network, or one of its settled epochs. @param rest The epoch's number in `#/network/12`. */
export function NetworkView({ rest }: { readonly rest: readonly string[] }) {
  const epoch = rest[0];
  return epoch !== undefined && /^\d{1,12}$/.test(epoch) ? <EpochView epoch={Number(epoch)} /> : <Overview />;
}

/** Where the network stands, what it emits, and who works in it. */
function Overview() {
  const { status } = useApp();
  const settledEpochs = status?.nextEpochToSettle ?? null;
  return (
    <>
      <Heading title="Network" />
      <Summary status={status} />
      <TimePanel status={status} />
      <Section title="What you can do">
        <Ways />
      </Section>
      {settledEpochs === 0 ? <FirstSteps /> : null}
      <Section title="Validators">
        <ValidatorTable />
      </Section>
      {settledEpochs === 0 ? null : <SettledEpochs settledEpochs={settledEpochs} />}
      <Section title="Utility">
        <UtilityPanel settledEpochs={settledEpochs} />
      </Section>
      <Section title="Miners">
        <MinerTable />
      </Section>
      <Section title="Supply and schedule">
        <Figures status={status} />
      </Section>
    </>
  );
}

/** The steps to a network's first settled epoch: what is done, and what is still to do. */
function FirstSteps() {
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
      {isDone ? <Badge tone="good">done</Badge> : null} {children}
    </li>
  );
}

/** What a visitor can do here, each with a link. */
function Ways() {
  const { minimumStakeWei } = useApp().deployment;
  const ways = [
    [
      "delegate",
      "Earn with MDT",
      "Stake with a validator from the list below: no hardware needed, and you can leave at any time.",
    ],
    ["task", "Get work done", "Submit a task to a miner; if it misses the deadline, you get the fee back."],
    [
      "register-miner",
      "Become a miner",
      "Register, publish an endpoint, and get paid for work that validators score well.",
    ],
    [
      "register",
      "Validate",
      <>
        Stake at least <Amount wei={minimumStakeWei} />, run a node, and score miners' work each epoch.
      </>,
    ],
  ] as const;
  return (
    <ul class="ways">
      {ways.map(([action, title, words]) => (
        <li key={action} class="card">
          <h3>
            <a href={`#/do/${action}`}>{title}</a>
          </h3>
          <p class="muted">{words}</p>
        </li>
      ))}
    </ul>
  );
}
