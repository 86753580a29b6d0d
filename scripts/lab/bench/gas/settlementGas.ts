import { type Address } from "viem";
import { type RewardTree } from "../../../core/rewardTree/buildRewardTree";
import { multiProofOf } from "../../../core/rewardTree/proofs";
import { manyAccounts } from "../measure";
import { type GasStage, note, undone } from "./gasStage";
import { prepareRecycling, settle, type SettlementPlan, SETTLEMENTS_TO_STEADY } from "./settle";
import { treeAfter } from "./trees";

const MDT = 10n ** 18n;
const STEADY_TARGET = 110_000;
const DELAYED_TARGET = 120_000;

type Variant = readonly [name: string, plan: SettlementPlan];

/** Pool drawn, rest minted, dust returned, DAO paid, sources booked, events; and the same with both burns. */
const STEADY: readonly Variant[] = [
  ["steady state", {}],
  ["steady state, both burns", { parts: { burnedUnmetQuota: 50n * MDT, burnedQualityPenalty: MDT / 7n } }],
];

const OTHERS: readonly Variant[] = [
  ["pool covers the whole emission", { pooledWei: 500n * MDT }],
  ["nothing in the pool but dust", { pooledWei: 0n }],
  ["more returned than recycled", { parts: { minerRewards: 0n, returned: 159_123_456_789_012_345_678n } }],
];

/** Settlements without a claim delay: the first one, the steady state and what differs from it, paying at once. */
export async function measureSettlements(stage: GasStage): Promise<void> {
  await reachSteadyState(stage, "settle");
  await measureEach(stage, "settle", STEADY, STEADY_TARGET);
  await measureEach(stage, "settle", OTHERS);
  for (const size of [10, 100, 250]) await undone(stage, () => measurePaying(stage, size));
}

/** Settlements with a claim delay. */
export async function measureDelayedSettlements(stage: GasStage): Promise<void> {
  await reachSteadyState(stage, "settle, claim delay");
  await measureEach(stage, "settle, claim delay", STEADY, DELAYED_TARGET);
}

/** Settlements with a claim delay longer than an epoch: none finds the root before it matured, and takes its place. */
export async function measureOverlappingSettlements(stage: GasStage): Promise<void> {
  await reachSteadyState(stage, "settle, claim delay longer than an epoch");
  await measureEach(stage, "settle, claim delay longer than an epoch", STEADY, DELAYED_TARGET);
}

/** Each as if it were the only one. */
async function measureEach(
  stage: GasStage,
  prefix: string,
  variants: readonly Variant[],
  target?: number,
): Promise<void> {
  for (const [name, plan] of variants) {
    const gas = await undone(stage, () => settle(stage, plan));
    note(stage, { name: `${prefix}: ${name}`, size: 1, target }, gas);
  }
}

/** Settles until every slot that a settlement writes has been written before. */
async function reachSteadyState(stage: GasStage, prefix: string): Promise<void> {
  await prepareRecycling(stage);
  note(stage, { name: `${prefix}: first`, size: 1 }, await settle(stage));
  for (let settled = 1; settled < SETTLEMENTS_TO_STEADY; settled++) await settle(stage);
}

/** One transaction that settles and pays everybody, for the first time and again. */
async function measurePaying(stage: GasStage, size: number): Promise<void> {
  const accountAt = manyAccounts(size);
  const accounts = Array.from({ length: size }, (_, i) => accountAt(i));
  const first = await settle(stage, payingPlan(await treeAfter(stage, 1, size), accounts));
  note(stage, { name: "settle and pay everybody, first time", size }, first);
  const repeat = await settle(stage, payingPlan(await treeAfter(stage, 2, size), accounts));
  note(stage, { name: "settle and pay everybody, repeated", size }, repeat);
}

function payingPlan(tree: RewardTree, accounts: readonly Address[]): SettlementPlan {
  return { rewardsRoot: tree.root, payment: multiProofOf(tree, accounts) };
}
