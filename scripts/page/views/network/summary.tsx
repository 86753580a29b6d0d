import { type EpochsAnswer, type StatusAnswer, type SupplyAnswer, type ValidatorsAnswer } from "../../api";
import { useApp } from "../../context";
import { epochSeconds, healthOf } from "../../models/networkNow";
import { bestReturn, returnText } from "../../models/tables";
import { type Reading, useApi, useChainNow } from "../../state/reading";
import { durationText } from "../../../show/moments";
import { percentOfWad, shareWad } from "../../../show/amounts";
import { Badge, Shown, Tiles, type Figure } from "../../ui/blocks";
import { Amount, Moment } from "../../ui/values";

/** What this network is, whether it is healthy, and the figures that say so. */
export function Summary({ status }: { readonly status: StatusAnswer | null }) {
  const { deployment, trouble } = useApp();
  const { clock, schedule } = deployment;
  return (
    <>
      <p class="lead">
        Miners do tasks, validators score their work, and MDT holders stake with validators. Every{" "}
        {durationText(epochSeconds(clock))} an epoch ends and pays all of them rewards: at first at most{" "}
        <Amount wei={schedule.baseRewardWei} />, half as much after every{" "}
        {schedule.halvingIntervalEpochs.toLocaleString("en")} epochs.
      </p>
      <p>{status === null || trouble !== null ? <Badge tone="plain">unknown</Badge> : <Healthy status={status} />}</p>
      <KeyFigures settledEpochs={status?.nextEpochToSettle ?? 0} />
    </>
  );
}

function Healthy({ status }: { readonly status: StatusAnswer }) {
  const { clock } = useApp().deployment;
  const now = useChainNow() ?? status.timestamp;
  const { tone, word, sentence } = healthOf(status, now, epochSeconds(clock));
  return (
    <>
      <Badge tone={tone}>{word}</Badge> {sentence}
    </>
  );
}

function KeyFigures({ settledEpochs }: { readonly settledEpochs: number }) {
  const last = useApi<EpochsAnswer>("/v1/epochs?limit=1", settledEpochs);
  const supply = known(useApi<SupplyAnswer>("/v1/supply"));
  const validators = known(useApi<ValidatorsAnswer>("/v1/validators"))?.validators;
  const epoch = known(last)?.epochs[0];
  const active = validators?.filter(({ status }) => status === "active");
  const figures: readonly Figure[] = [
    [
      "Last emission",
      epoch === undefined ? "–" : <Amount wei={epoch.emissionWei} />,
      last.kind !== "ready"
        ? "…"
        : epoch === undefined
          ? "no epoch is settled yet"
          : `epoch ${epoch.epoch}, utility ${percentOfWad(BigInt(epoch.utilityWad))}`,
    ],
    [
      "At stake",
      supply === null ? "–" : <Amount wei={supply.stakedWei} />,
      supply === null || active === undefined
        ? "…"
        : `${percentOfWad(shareWad(BigInt(supply.stakedWei), BigInt(supply.totalSupplyWei)))} of all MDT, with ${active.length} active validators`,
    ],
    [
      "Best yearly return",
      returnText(bestReturn(active ?? [])?.record),
      "for delegators of an active validator, measured recently",
    ],
  ];
  return <Tiles figures={figures} look="key-figures" />;
}

function known<T>(reading: Reading<T>): T | null {
  return reading.kind === "ready" ? reading.value : null;
}

/** Where every token is, and where the schedule stands. */
export function Figures({ status }: { readonly status: StatusAnswer | null }) {
  const supply = useApi<SupplyAnswer>("/v1/supply");
  const now = useChainNow() ?? status?.timestamp ?? 0;
  return (
    <Shown reading={supply} what="the supply" rows={5}>
      {(tokens) => (
        <Tiles figures={[...supplyFigures(tokens), ...(status === null ? [] : [halvingFigure(status, now)])]} />
      )}
    </Shown>
  );
}

function supplyFigures(tokens: SupplyAnswer): readonly Figure[] {
  return [
    [
      "Total supply",
      <Amount wei={tokens.totalSupplyWei} />,
      <>
        of at most <Amount wei={tokens.maxSupplyWei} />
      </>,
    ],
    ["Circulating", <Amount wei={tokens.circulatingWei} />, "not staked, unclaimed, in the pool or in escrow"],
    [
      "Minted",
      <Amount wei={tokens.totalMintedWei} />,
      <>
        the Treasury may mint <Amount wei={tokens.treasuryMintableWei} /> more
      </>,
    ],
    ["Burned", <Amount wei={tokens.totalBurnedWei} />, "removed from the supply"],
    ["Recycling pool", <Amount wei={tokens.poolWei} />, "used before minting"],
    ["Staked", <Amount wei={tokens.stakedWei} />, "including stake being withdrawn"],
    ["Unclaimed rewards", <Amount wei={tokens.unclaimedWei} />, "they never expire"],
  ];
}

function halvingFigure({ nextHalvingAt, nextHalvingEpoch, ceilingWei }: StatusAnswer, now: number): Figure {
  return [
    "Next halving",
    `in ${durationText(nextHalvingAt - now)}`,
    <>
      epoch {nextHalvingEpoch}, <Moment at={nextHalvingAt} />; until then at most <Amount wei={ceilingWei} /> per epoch
    </>,
  ];
}
