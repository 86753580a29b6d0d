import { type PolicyAnswer, type ReportAnswer } from "../../api/answers";
import { useApp } from "../../context";
import { type ExplainedUtility, explainUtility } from "../../../show/explainUtility";
import { useApi, useReading } from "../../state/useReading";
import { percentOfBps, percentOfWad } from "../../../show/shares";
import { Shown } from "../../ui/blocks";
import { type Contracts } from "../../../chain/contracts";
import { type TaskCounters, type ValidatorCounters } from "../../../core/utility";

/** How useful the last settled epoch was, and the running one as far as it is known. */
export function UtilityPanel({ settledEpochs }: { readonly settledEpochs: number | null }) {
  return (
    <div class="grid">
      {settledEpochs === null || settledEpochs === 0 ? (
        <p class="card muted">No epoch is settled yet.</p>
      ) : (
        <SettledUtility epoch={settledEpochs - 1} />
      )}
      <RunningUtility />
    </div>
  );
}

function SettledUtility({ epoch }: { readonly epoch: number }) {
  const report = useApi<ReportAnswer>(`/v1/epochs/${epoch}/report?limit=1`, epoch);
  return (
    <div class="card">
      <h3>
        <a href={`#/network/${epoch}`}>Epoch {epoch}</a>, settled
      </h3>
      <Shown reading={report} what={`epoch ${epoch}`}>
        {({ inputs }) => <Parts utility={explainUtility(inputs.tasks, inputs.validators, inputs.policy)} />}
      </Shown>
    </div>
  );
}

function RunningUtility() {
  const { chain, version } = useApp();
  const policy = useApi<PolicyAnswer>("/v1/policy");
  const counters = useReading("running", version, chain && (() => readRunningCounters(chain.contracts)));
  if (policy.kind !== "ready" || counters.kind !== "ready") return null;
  const { epoch, tasks, validators } = counters.value;
  return (
    <div class="card">
      <h3>Epoch {epoch}, so far</h3>
      <Parts utility={explainUtility(tasks, validators, policy.value.policy, "committed")} />
    </div>
  );
}

function Parts({ utility }: { readonly utility: ExplainedUtility }) {
  return (
    <>
      <p class="big">{percentOfWad(utility.utilityWad)}</p>
      <ul class="parts">
        {utility.parts.map(({ name, weightBps, valueWad, because }) => (
          <li key={name}>
            <span>
              {name} <span class="muted">× {percentOfBps(weightBps)}</span>
            </span>
            <span class="number">{percentOfWad(valueWad)}</span>
            <progress max={10_000} value={Number(valueWad / 10n ** 14n)} aria-label={name} />
            <span class="muted">{because}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the running epoch's utility will be made of, as far as it has come. */
interface RunningCounters {
  readonly epoch: number;
  readonly tasks: TaskCounters;
  /** `revealed`: who has committed so far, and so can reveal. */
  readonly validators: ValidatorCounters;
}

/** @throws where the network's first epoch has not begun. */
async function readRunningCounters({ taskRegistry, staking, scoreBoard }: Contracts): Promise<RunningCounters> {
  const epoch = await taskRegistry.read.currentEpoch();
  const [[completed, difficultySumBps], [active]] = await Promise.all([
    taskRegistry.read.epochTasks([epoch]),
    staking.read.activeStakes([epoch]),
  ]);
  const commits = await scoreBoard.read.commitsOf([epoch, active]);
  const committed = commits.filter(({ commitment }) => BigInt(commitment) !== 0n).length;
  return {
    epoch: Number(epoch),
    tasks: { completed: Number(completed), difficultySumBps: Number(difficultySumBps) },
    validators: { active: active.length, revealed: committed },
  };
}
