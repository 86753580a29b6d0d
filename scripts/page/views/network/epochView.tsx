import { type EpochAnswer, type ReportAnswer, type StatusAnswer } from "../../api/answers";
import { useApi } from "../../state/useReading";
import { useDocumentTitle } from "../../state/hooks";
import { type Fact, FactList, Section, Shown } from "../../ui/blocks";
import { EpochRewards } from "./epochRewards";
import { percentOfWad } from "../../../show/shares";
import { Amount, Moment, TransactionLink } from "../../ui/values";

/** So many of those who were paid are shown, those with most first. */
const peopleShown = 50;

/** One settled epoch: its story, its amounts to the wei, and who was paid. */
export function EpochView({ epoch }: { readonly epoch: number }) {
  useDocumentTitle(`Epoch ${epoch}`);
  const status = useApi<StatusAnswer>("/v1/status");
  const settledEpochs = status.kind === "ready" ? status.value.nextEpochToSettle : null;
  const isThere = settledEpochs === null || epoch < settledEpochs;
  return (
    <>
      <nav aria-label="Epochs" class="steps">
        {epoch === 0 || !isThere ? null : <a href={`#/network/${epoch - 1}`}>← Epoch {epoch - 1}</a>}
        <a href="#/network">All epochs</a>
        {settledEpochs === null || epoch + 1 >= settledEpochs ? null : (
          <a href={`#/network/${epoch + 1}`}>Epoch {epoch + 1} →</a>
        )}
      </nav>
      <h1>Epoch {epoch}</h1>
      {isThere ? <SettledEpoch epoch={epoch} /> : <NotSettled settledEpochs={settledEpochs} />}
    </>
  );
}

function NotSettled({ settledEpochs }: { readonly settledEpochs: number }) {
  return (
    <p class="card">
      This epoch is not settled yet; the page shows it as soon as it is.{" "}
      {settledEpochs === 0 ? (
        "No epoch is."
      ) : (
        <>
          The newest that is settled is <a href={`#/network/${settledEpochs - 1}`}>epoch {settledEpochs - 1}</a>.
        </>
      )}
    </p>
  );
}

function SettledEpoch({ epoch }: { readonly epoch: number }) {
  const settled = useApi<EpochAnswer>(`/v1/epochs/${epoch}`);
  const report = useApi<ReportAnswer>(
    settled.kind === "ready" ? `/v1/epochs/${epoch}/report?limit=${peopleShown}` : null,
    epoch,
  );
  return (
    <Shown reading={settled} what={`epoch ${epoch}`}>
      {(answer) => (
        <>
          <Section title="What happened">
            <Shown reading={report} what="its report">
              {({ story }) => (
                <FactList facts={story.map(({ question, answer: words }) => [question, words])} look="card story" />
              )}
            </Shown>
          </Section>
          <Section title="Settlement">
            <EpochFacts answer={answer} />
          </Section>
          {report.kind === "ready" ? <EpochRewards report={report.value} /> : null}
        </>
      )}
    </Shown>
  );
}

/** The settlement, field by field: the parts add up to the emission. */
function EpochFacts({ answer }: { readonly answer: EpochAnswer }) {
  const { settlement, signed, figures, ceilingWei, transaction, isConfirmed, root } = answer;
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
    ["Signed by", signed === null ? "the keeper alone" : <SettledBy signed={signed} />],
    ["Transaction", <TransactionLink hash={transaction.hash} />],
    ["Confirmed", isConfirmed ? "yes" : "not yet: a reorganisation could still undo it"],
    ["Rewards", <RootLife root={root} />],
    ["Root of all rewards", <code>{settlement.rewardsRoot}</code>],
    ["Hash of the inputs", <code>{settlement.inputsHash}</code>],
    ["Hash of the policy", <code>{settlement.policyHash}</code>],
  ];
  return <FactList facts={facts} look="card settlement" />;
}

function SettledBy({ signed }: { readonly signed: NonNullable<EpochAnswer["signed"]> }) {
  const { validators, signedWei, neededWei } = signed;
  return (
    <>
      {validators.length} validators with <Amount wei={signedWei} />, of <Amount wei={neededWei} /> that were needed
    </>
  );
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
