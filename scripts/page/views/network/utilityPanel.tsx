import { type PolicyAnswer, type ReportAnswer } from "../../api";
import { useApp } from "../../context";
import { type ExplainedUtility, explainUtility } from "../../../show/epochStory";
import { useApi, useChain } from "../../state/reading";
import { percentOfBps, percentOfWad } from "../../../show/amounts";
import { Loading, Shown } from "../../ui/blocks";
import { type Contracts } from "../../../chain/contracts";
import { sum } from "../../../core/fixedPoint";
import { type Participation, type UtilityPolicy } from "../../../core/utility";

/** How useful the last settled epoch was, and the running one as far as it is known. */
export function UtilityPanel({ settledEpochs }: { readonly settledEpochs: number | null }) {
  return (
    <div class="grid">
      {settledEpochs === null ? (
        <Loading what="the last settled epoch" rows={6} />
      ) : settledEpochs === 0 ? null : (
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
      <Shown reading={report} what={`epoch ${epoch}`} rows={5}>
        {({ inputs }) => (
          <Parts utility={explainUtility(inputs.tasks, weiOf(inputs.validators), policyOf(inputs.policy))} />
        )}
      </Shown>
    </div>
  );
}

function RunningUtility() {
  const { chain } = useApp();
  const policy = useApi<PolicyAnswer>("/v1/policy");
  const counters = useChain("running", ({ contracts }) => readRunningCounters(contracts));
  if (policy.kind === "failed" || counters.kind === "failed" || chain === null) return null;
  if (policy.kind === "loading" || counters.kind === "loading") return <Loading what="the running epoch" rows={6} />;
  const { epoch, tasks, validators } = counters.value;
  return (
    <div class="card">
      <h3>Epoch {epoch}, so far</h3>
      <Parts utility={explainUtility(tasks, validators, policyOf(policy.value.policy), "committed")} />
    </div>
  );
}

type AnsweredInputs = ReportAnswer["inputs"];

function weiOf({ activeStakeWei, revealedStakeWei }: AnsweredInputs["validators"]): Participation {
  return { activeStakeWei: BigInt(activeStakeWei), revealedStakeWei: BigInt(revealedStakeWei) };
}

function policyOf(policy: AnsweredInputs["policy"]): UtilityPolicy {
  return { ...policy, participationFloorWei: BigInt(policy.participationFloorWei) };
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

/**
 * The inputs of the running epoch's utility so far; `revealedStakeWei` is the stake of validators that have committed,
 * and so can reveal.
 * @throws if the network's first epoch has not begun.
 */
async function readRunningCounters({ taskRegistry, stakingLens, scoreBoard }: Contracts) {
  const epoch = await taskRegistry.read.currentEpoch();
  const [[completed, difficultySumBps], seated] = await Promise.all([
    taskRegistry.read.epochTasks([epoch]),
    stakingLens.read.seatedValidators([epoch]),
  ]);
  const commits = await scoreBoard.read.commitsOf([epoch, seated.map(({ validator }) => validator)]);
  const committed = seated.filter((_, index) => BigInt(commits[index]!.commitment) !== 0n);
  return {
    epoch: Number(epoch),
    tasks: { completed: Number(completed), difficultySumBps: Number(difficultySumBps) },
    validators: {
      activeStakeWei: sum(seated.map(({ totalWei }) => totalWei)),
      revealedStakeWei: sum(committed.map(({ totalWei }) => totalWei)),
    },
  };
}
