import { useMemo, useState } from "preact/hooks";
import { type HistoryAnswer, mostAtOnce } from "../../api";
import { useApp } from "../../context";
import { earnedChart } from "../../models/charts";
import { useApi } from "../../state/reading";
import { Account, Amount } from "../../ui/values";
import { Chart, Section, Shown } from "../../ui/blocks";
import { percentOfBps, percentOfWad } from "../../../show/amounts";

/** Epochs shown at first, and added whenever a reader asks for more. */
const epochsAtOnce = 20;

/** What an account earned in each epoch, and why; the newest first. */
export function AccountHistory({ account }: { readonly account: string }) {
  const { version } = useApp();
  const [wanted, setWanted] = useState(epochsAtOnce);
  const history = useApi<HistoryAnswer>(`/v1/accounts/${account}/history?limit=${wanted}`, version);
  return (
    <Section title="Rewards by epoch">
      <Shown reading={history} what="the history">
        {({ epochs }) => (
          <>
            <EarnedChart epochs={epochs} />
            <EarnedEpochs epochs={epochs} />
            {epochs.length === 0 ? null : (
              <p>
                <a href={`/v1/accounts/${account}/income.csv`} download>
                  Download all rewards (CSV)
                </a>
              </p>
            )}
            {epochs.length < wanted || wanted >= mostAtOnce ? null : (
              <button
                type="button"
                onClick={() => {
                  setWanted(Math.min(mostAtOnce, wanted + epochsAtOnce));
                }}
              >
                Show earlier epochs
              </button>
            )}
          </>
        )}
      </Shown>
    </Section>
  );
}

/** What was earned epoch by epoch, once there is something to compare. */
function EarnedChart({ epochs }: { readonly epochs: HistoryAnswer["epochs"] }) {
  const chart = useMemo(() => earnedChart(epochs), [epochs]);
  return chart === null ? null : <Chart chart={chart} />;
}

function hadNoPart(one: HistoryAnswer["epochs"][number]): boolean {
  return one.kind === "known" && one.miner === null && one.stakes.length === 0;
}

function EarnedEpochs({ epochs }: { readonly epochs: HistoryAnswer["epochs"] }) {
  if (epochs.length === 0) return <p class="card muted">No epoch is settled yet.</p>;
  if (epochs.every(hadNoPart)) {
    return (
      <p class="card muted">
        Nothing in the last {epochs.length === 1 ? "epoch" : `${epochs.length} epochs`}: no work with an agreed score,
        and no active stake.
      </p>
    );
  }
  return (
    <ol class="card earned">
      {epochs.map((one) => (
        <li key={one.epoch}>
          {one.kind === "missing" ? (
            <p class="muted">
              The server has not computed epoch {one.epoch} yet: <a href={`#/network/${one.epoch}`}>open it</a> to start
              the computation.
            </p>
          ) : (
            <details>
              <summary>
                Epoch {one.epoch} <span class="muted">{reasonOf(one)}</span> <Amount wei={one.earnedWei} isAligned />
              </summary>
              <EarnedEpoch earned={one} />
            </details>
          )}
        </li>
      ))}
    </ol>
  );
}

/** In a few words what the rewards were for, or why there were none. */
function reasonOf({ miner, stakes }: KnownEpoch): string {
  const delegated = stakes.filter(({ as }) => as === "delegator").length;
  const parts = [
    ...(miner === null ? [] : ["as a miner"]),
    ...(stakes.some(({ as }) => as === "validator") ? ["as a validator"] : []),
    ...(delegated === 0 ? [] : [`with ${delegated === 1 ? "a validator" : `${delegated} validators`}`]),
  ];
  return parts.length === 0 ? "no work with an agreed score, and no stake whose validator revealed" : parts.join(", ");
}

type KnownEpoch = Extract<HistoryAnswer["epochs"][number], { readonly kind: "known" }>;

/** Why an account earned what it earned in one epoch: its work as a miner, and its stake. */
function EarnedEpoch({ earned: { epoch, miner, stakes } }: { readonly earned: KnownEpoch }) {
  return (
    <ul class="lines">
      {miner === null && stakes.length === 0 ? (
        <li>Nothing: no work with an agreed score, and no active stake.</li>
      ) : null}
      {miner === null ? null : (
        <li>
          <Amount wei={miner.amountWei} /> as a miner: tasks for <Amount wei={miner.feesWei} /> in fees, an agreed score
          of {percentOfWad(BigInt(miner.agreedScoreWad))}, and {percentOfWad(BigInt(miner.shareWad))} of the miners'
          pool
          {miner.cutWei === "0" ? null : (
            <>
              , of which the fee limit cut off <Amount wei={miner.cutWei} />
            </>
          )}
          {miner.penaltyWei === "0" ? null : (
            <>
              ; <Amount wei={miner.penaltyWei} /> was burned because the work was scored too low
            </>
          )}
          .
        </li>
      )}
      {stakes.map((stake) => (
        <li key={stake.validator}>
          <Amount wei={stake.amountWei} />{" "}
          {stake.as === "validator" ? (
            "as a validator"
          ) : (
            <>
              as a delegator of <Account address={stake.validator} />
            </>
          )}
          : <Amount wei={stake.stakeWei} /> of its <Amount wei={stake.validatorStakeWei} /> in stake, a commission of{" "}
          {percentOfBps(stake.commissionBps)}, and {percentOfWad(BigInt(stake.shareWad))} of the validators' pool.
        </li>
      ))}
      <li>
        <a href={`#/network/${epoch}`}>All about epoch {epoch}</a>
      </li>
    </ul>
  );
}
