import { type HistoryAnswer } from "../../api/answers";
import { percentOfBps, percentOfWad } from "../../../show/shares";
import { Account } from "../../ui/account";
import { Amount } from "../../ui/amount";

export type KnownEpoch = Extract<HistoryAnswer["epochs"][number], { readonly kind: "known" }>;

/** Why an account earned what it earned in one epoch: its work as a miner, and its stake. */
export function EarnedEpoch({ earned: { epoch, miner, stakes } }: { readonly earned: KnownEpoch }) {
  return (
    <ul class="lines">
      {miner === null && stakes.length === 0 ? (
        <li>Nothing: no work that validators agreed on, and no stake that counted.</li>
      ) : null}
      {miner === null ? null : (
        <li>
          <Amount wei={miner.amountWei} /> as a miner: an agreed score of {percentOfWad(BigInt(miner.agreedScoreWad))},
          and {percentOfWad(BigInt(miner.shareWad))} of all miners' performance
          {miner.penaltyWei === "0" ? null : (
            <>
              ; <Amount wei={miner.penaltyWei} /> was burned because the agreed score was too low
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
        <a href={`#/network/${epoch}`}>The whole of epoch {epoch}</a>
      </li>
    </ul>
  );
}
