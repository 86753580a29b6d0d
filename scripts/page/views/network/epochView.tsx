import { type ComponentChildren } from "preact";
import { type EpochAnswer, type ReportAnswer } from "../../api";
import { useApp } from "../../context";
import { useApi } from "../../state/reading";
import { type Fact, FactList, Heading, Section, Shown } from "../../ui/blocks";
import { EpochRewards } from "./epochRewards";
import { hasQuality, percentOfWad, shareWad } from "../../../show/amounts";
import { Account, Amount, Moment, TransactionLink } from "../../ui/values";

/** Maximum paid accounts shown, those with the largest rewards first. */
const peopleShown = 50;

/** One settled epoch: its story, its amounts to the wei, and who was paid. */
export function EpochView({ epoch }: { readonly epoch: number }) {
  const settledEpochs = useApp().status?.nextEpochToSettle ?? null;
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
      <Heading title={`Epoch ${epoch}`} />
      {isThere ? <SettledEpoch epoch={epoch} /> : <NotSettled settledEpochs={settledEpochs} />}
    </>
  );
}

function NotSettled({ settledEpochs }: { readonly settledEpochs: number }) {
  return (
    <p class="card">
      This epoch is not settled yet. The page shows it as soon as it is.{" "}
      {settledEpochs === 0 ? (
        "No epoch is settled yet."
      ) : (
        <>
          The newest settled epoch is <a href={`#/network/${settledEpochs - 1}`}>epoch {settledEpochs - 1}</a>.
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
          <Section title="Where the emission went">
            <Division settlement={answer.settlement} />
          </Section>
          <Section title="What happened">
            <Shown reading={report} what="its report">
              {({ story }) => (
                <FactList
                  facts={story.map(({ question, answer: words }) => [question, linked(words)])}
                  look="card story"
                />
              )}
            </Shown>
          </Section>
          <Section title="Settlement">
            <FactList look="card settlement" facts={factsOf(answer)} />
          </Section>
          {report.kind === "ready" ? <EpochRewards report={report.value} /> : null}
        </>
      )}
    </Shown>
  );
}

/** The words, with each address as a short link. */
function linked(words: string): ComponentChildren {
  const parts = words.split(/(0x[0-9a-fA-F]{40})/);
  return parts.map((part, index) => (index % 2 === 0 ? part : <Account key={index} address={part} />));
}

/** The emission part by part, each with a bar. */
function Division({ settlement }: Pick<EpochAnswer, "settlement">) {
  const emissionWei = BigInt(settlement.emission);
  if (emissionWei === 0n) return <p class="card muted">Nothing was emitted.</p>;
  const parts: readonly (readonly [name: string, wei: string])[] = [
    ["Miners", settlement.minerRewards],
    ["Validators and delegators", settlement.validatorRewards],
    ["DAO", settlement.daoShare],
    ["Burned", String(BigInt(settlement.burnedUnmetQuota) + BigInt(settlement.burnedQualityPenalty))],
    ["Back to the pool", settlement.returned],
  ];
  return (
    <div class="card">
      <ul class="parts">
        {parts.map(([name, wei]) => {
          const share = shareWad(BigInt(wei), emissionWei);
          return (
            <li key={name}>
              <span>
                {name} <span class="muted">{percentOfWad(share)}</span>
              </span>
              <Amount wei={wei} isAligned />
              <progress max={10_000} value={Number(share / 10n ** 14n)} aria-label={name} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** The settlement, field by field: the parts add up to the emission. */
function factsOf(answer: EpochAnswer): readonly Fact[] {
  const { settlement, signed, figures, ceilingWei, transaction, isFinal, root } = answer;
  return [
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
    ["Quality", hasQuality(figures) ? percentOfWad(BigInt(settlement.qualityWad)) : "–"],
    ["Settled", <Moment at={transaction.timestamp} />],
    ["Signed by", signed === null ? "the keeper alone" : signers(signed)],
    ["Transaction", <TransactionLink hash={transaction.hash} />],
    ["Final", isFinal ? "yes" : "not yet: a reorganisation could still drop it"],
    ["Rewards", stateOfRoot(root)],
    ["Root of all rewards", <code>{settlement.rewardsRoot}</code>],
    ["Hash of the inputs", <code>{settlement.inputsHash}</code>],
    ["Hash of the policy", <code>{settlement.policyHash}</code>],
  ];
}

function signers({ validators, signedWei, neededWei }: NonNullable<EpochAnswer["signed"]>): ComponentChildren {
  return (
    <>
      {validators.length} validators with <Amount wei={signedWei} />, of <Amount wei={neededWei} /> that were needed
    </>
  );
}

function stateOfRoot(root: EpochAnswer["root"]): ComponentChildren {
  switch (root.status) {
    case "none":
      return "no rewards yet";
    case "claimable":
      return "claimable";
    case "pending":
      return (
        <>
          claimable from <Moment at={root.claimableAt} />
        </>
      );
    case "superseded":
      return "included in a later epoch's root";
    case "vetoed":
      return (
        <>
          vetoed by the guardian: <TransactionLink hash={root.vetoTransaction} />
        </>
      );
  }
}
