import { type EpochAnswer } from "../../api/answers";
import { percentOfWad } from "../../../show/shares";
import { Amount } from "../../ui/amount";
import { type Fact, FactList } from "../../ui/factList";
import { Moment } from "../../ui/moment";
import { TransactionLink } from "../../ui/transactionLink";

/** The settlement, field by field: the parts add up to the emission. */
export function EpochFacts({ answer }: { readonly answer: EpochAnswer }) {
  const { settlement, figures, ceilingWei, transaction, isConfirmed, root } = answer;
  const facts: readonly Fact[] = [
    ["Ceiling of the schedule", <Amount wei={ceilingWei} />],
    ["Emission", <Amount wei={settlement.emission} />],
    ["– to miners", <Amount wei={settlement.minerRewards} />],
    ["– to validators and delegators", <Amount wei={settlement.validatorRewards} />],
    ["– to the DAO", <Amount wei={settlement.daoShare} />],
    ["– burned, unmet quota", <Amount wei={settlement.burnedUnmetQuota} />],
    ["– burned, quality penalty", <Amount wei={settlement.burnedQualityPenalty} />],
    ["– returned to the pool", <Amount wei={settlement.returned} />],
    ["Recycled, from the pool", <Amount wei={figures.recycledWei} />],
    ["Minted", <Amount wei={figures.mintedWei} />],
    ["Supply afterwards", <Amount wei={figures.totalSupplyWei} />],
    ["Utility", percentOfWad(BigInt(settlement.utilityWad))],
    ["Quality", percentOfWad(BigInt(settlement.qualityWad))],
    ["Settled", <Moment at={transaction.timestamp} />],
    ["Transaction", <TransactionLink hash={transaction.hash} />],
    ["Confirmed", isConfirmed ? "yes" : "not yet: a reorganisation could still undo it"],
    ["Rewards", <RootLife root={root} />],
    ["Root of all rewards", <code>{settlement.rewardsRoot}</code>],
    ["Hash of the inputs", <code>{settlement.inputsHash}</code>],
    ["Hash of the policy", <code>{settlement.policyHash}</code>],
  ];
  return <FactList facts={facts} look="card settlement" />;
}

function RootLife({ root }: { readonly root: EpochAnswer["root"] }) {
  switch (root.status) {
    case "none":
      return <>nobody was ever rewarded</>;
    case "claimable":
      return <>claimable</>;
    case "pending":
      return (
        <>
          claimable from <Moment at={root.claimableAt} />
        </>
      );
    case "superseded":
      return <>included in a later epoch's root</>;
    case "vetoed":
      return (
        <>
          vetoed by the guardian: <TransactionLink hash={root.vetoTransaction} />
        </>
      );
  }
}
