import { type Address, encodeFunctionData, type Hex, keccak256, maxUint256, toBytes } from "viem";
import { multiProofOf, type RewardMultiProof } from "../../../core/rewardTree/proofs";
import { manyAccounts } from "../measure";
import { privateKeyToAddress, serializeSignature, sign } from "viem/accounts";
import { registerValidator } from "./peopleGas";
import { gasOf, type GasStage, note, treeAfter, undone } from "./gasNetwork";
import { type Settlement } from "../../../core/settlement";
import { sum } from "../../../core/fixedPoint";

const MDT = 10n ** 18n;

type Variant = readonly [name: string, plan: SettlementPlan, target?: number];

/** Pool drawn, rest minted, dust returned, DAO paid, sources booked, events; and the same with both burns. */
const STEADY: readonly Variant[] = [
  ["steady state", {}, 106_500],
  ["steady state, both burns", { parts: { burnedUnmetQuota: 50n * MDT, burnedQualityPenalty: MDT / 7n } }, 110_000],
];

const OTHERS: readonly Variant[] = [
  ["pool covers the whole emission", { pooledWei: 500n * MDT }],
  ["nothing in the pool but dust", { pooledWei: 0n }],
  ["more returned than recycled", { parts: { minerRewards: 0n, returned: 159_123_456_789_012_345_678n } }],
];

/** Settlements without a claim delay: the first, the steady state, variants of it, and ones that also pay everyone. */
export async function measureSettlements(stage: GasStage): Promise<void> {
  await reachSteadyState(stage, "settle");
  await measureEach(stage, "settle", STEADY);
  await measureEach(stage, "settle", OTHERS);
  note(stage, "settle alone, no wait for a quorum", await undone(stage, () => settleAlone(stage)));
  for (const size of [10, 100, 250]) await undone(stage, () => measurePaying(stage, size));
}

/** Settlements with a claim delay. */
export async function measureDelayedSettlements(stage: GasStage): Promise<void> {
  await reachSteadyState(stage, "settle, claim delay");
  await measureEach(stage, "settle, claim delay", STEADY);
}

/** Measures each variant as if it were the only one. */
async function measureEach(stage: GasStage, prefix: string, variants: readonly Variant[]): Promise<void> {
  for (const [name, plan, target] of variants) {
    const gas = await undone(stage, () => settle(stage, plan));
    note(stage, `${prefix}: ${name}`, gas, { target });
  }
}

/** Settles until every slot that a settlement writes has been written before. */
async function reachSteadyState(stage: GasStage, prefix: string): Promise<void> {
  await prepareSettling(stage);
  note(stage, `${prefix}: first`, await settle(stage));
  for (let settled = 1; settled < SETTLEMENTS_TO_STEADY; settled++) await settle(stage);
}

/** One transaction that settles and pays everyone, for the first time and again. */
async function measurePaying(stage: GasStage, size: number): Promise<void> {
  const accountAt = manyAccounts(size);
  const accounts = Array.from({ length: size }, (_, i) => accountAt(i));
  for (const [epochs, when] of [
    [1, "first time"],
    [2, "repeated"],
  ] as const) {
    const tree = await treeAfter(stage, epochs, size);
    const gas = await settle(stage, { rewardsRoot: tree.root, payment: multiProofOf(tree, accounts) });
    note(stage, `settle and pay everyone, ${when}`, gas, { size });
  }
}

const TRANSACTION_FEES = 4;
/** What a settlement burns, pays and returns in the steady state: all parts except burns. */
const STEADY_PARTS = {
  burnedUnmetQuota: 0n,
  burnedQualityPenalty: 0n,
  minerRewards: 159_123_456_789_012_345_678n,
  validatorRewards: 158_987_654_321_098_765_432n,
  daoShare: 79_444_444_444_444_444_444n,
  returned: 1_234_567n,
};

/** How one settlement differs from the steady state. */
interface SettlementPlan {
  readonly parts?: Partial<typeof STEADY_PARTS>;
  readonly rewardsRoot?: Hex;
  /** What the pool holds before the settlement. */
  readonly pooledWei?: bigint;
  /** Rewards that the same transaction pays. */
  readonly payment?: RewardMultiProof;
}

/** Settlements until every storage place for roots is filled. */
export const SETTLEMENTS_TO_STEADY = 3;

/** In the steady state a quarter of the emission is recycled. */
const STEADY_POOL_WEI = 100n * MDT;

const settlerRole = keccak256(toBytes("KEEPER_ROLE"));

/** Lets account 2 deposit into the pool, and account 0 settle without the SettlementQuorum. */
export async function prepareSettling({ connection, accounts }: GasStage): Promise<void> {
  const { token, pool, treasury } = connection.contracts;
  const args = [pool.address, maxUint256] as const;
  await gasOf(connection, accounts[2]!, { ...token, functionName: "approve", args });
  const granted = [settlerRole, accounts[0]!] as const;
  await gasOf(connection, accounts[0]!, { ...treasury, functionName: "grantRole", args: granted });
}

/**
 * Settles the next epoch as soon as it is due; returns the gas of that one transaction. It goes straight to the
 * Treasury unless it also pays.
 */
export async function settle(stage: GasStage, plan: SettlementPlan = {}): Promise<number> {
  const { connection, accounts } = stage;
  const { treasury, settlementQuorum } = connection.contracts;
  const settlement = await nextSettlement(stage, plan);
  const keeper = accounts[0]!;
  if (plan.payment === undefined) {
    return gasOf(connection, keeper, { ...treasury, functionName: "settleEpoch", args: [settlement] });
  }
  const calls = [
    encodeFunctionData({ ...settlementQuorum, functionName: "settleEpoch", args: [settlement] }),
    encodeFunctionData({ ...settlementQuorum, functionName: "claimMany", args: claimArguments(plan.payment) }),
  ];
  return gasOf(connection, keeper, { ...settlementQuorum, functionName: "multicall", args: [calls] });
}

/** Settles the next epoch without a quorum, as soon as that is allowed; returns the gas of that one transaction. */
async function settleAlone(stage: GasStage): Promise<number> {
  const { connection, accounts, clock } = stage;
  const { settlementQuorum } = connection.contracts;
  const settlement = await nextSettlement(stage);
  await clock.moveTo(Number(await settlementQuorum.read.soloAllowedFrom([settlement.epoch])));
  return gasOf(connection, accounts[0]!, { ...settlementQuorum, functionName: "settleEpoch", args: [settlement] });
}

/** Fills the pool as planned, moves time to when the next epoch is due, and returns its settlement. */
async function nextSettlement(stage: GasStage, plan: SettlementPlan = {}): Promise<Settlement> {
  const { connection, accounts, clock } = stage;
  const { treasury, pool } = connection.contracts;
  const epoch = await treasury.read.nextEpochToSettle();
  const pooledWei = plan.pooledWei ?? STEADY_POOL_WEI;
  const missingWei = pooledWei - (await pool.read.available());
  if (missingWei > 0n) {
    const args = [TRANSACTION_FEES, missingWei] as const;
    await gasOf(connection, accounts[2]!, { ...pool, functionName: "deposit", args });
  }
  await clock.moveTo(Number(await treasury.read.revealEnd([epoch])));
  return settlementOf(epoch, plan);
}

/** The arguments of `claimMany`. */
export function claimArguments({ accounts, cumulativesWei, proof, proofFlags }: RewardMultiProof) {
  return [accounts, cumulativesWei, proof, proofFlags] as const;
}

/** An epoch's settlement according to the plan. */
function settlementOf(epoch: bigint, plan: SettlementPlan): Settlement {
  const parts = { ...STEADY_PARTS, ...plan.parts };
  return {
    epoch,
    emission: sum(Object.values(parts)),
    ...parts,
    utilityWad: 670_000_000_000_000_000n,
    qualityWad: 912_345_678_901_234_567n,
    rewardsRoot: plan.rewardsRoot ?? keccak256(toBytes(`root of epoch ${epoch}`)),
    policyHash: keccak256(toBytes("policy")),
    inputsHash: keccak256(toBytes(`inputs of epoch ${epoch}`)),
  };
}

interface Validator {
  readonly key: Hex;
  readonly address: Address;
}

const validators: readonly Validator[] = Array.from({ length: 100 }, (_, i) => {
  const key = keccak256(toBytes(`validator ${i}`));
  return { key, address: privateKeyToAddress(key) };
});

/** Numbers of active validators, and how many of them sign: just two thirds. */
const SIZES = [
  [10, 7],
  [32, 22],
  [100, 67],
] as const;

const LARGEST_TARGET = 1_200_000;
const SIGNATURE_TARGET = 10_000;
const ACTIVE_TARGET = 4_000;

/** Steady-state settlements signed by active validators, and one by the keeper alone, after its wait for a quorum. */
export async function measureQuorum(stage: GasStage): Promise<void> {
  await prepareSettling(stage);
  for (let settled = 0; settled < SETTLEMENTS_TO_STEADY - 1; settled++) await settle(stage);
  const signed = (signing: number): Promise<number> => undone(stage, () => settleSigned(stage, signing));
  const gas = new Map<number, number>();
  for (const [active, signing] of SIZES) {
    await becomeActive(stage, active);
    const used = await signed(signing);
    gas.set(active, used);
    const target = active === 100 ? LARGEST_TARGET : undefined;
    note(stage, "settle signed: just two thirds, by active validators", used, { size: active, target });
  }
  const noteEach = (name: string, each: number, target: number): void => {
    note(stage, name, Math.ceil(each), { size: 100, unit: "gas each", target });
  };
  const ofSignature = ((await signed(100)) - gas.get(100)!) / (100 - 67);
  noteEach("settle signed: a further signature", ofSignature, SIGNATURE_TARGET);
  const ofActive = (gas.get(100)! - gas.get(32)! - (67 - 22) * ofSignature) / (100 - 32);
  noteEach("settle signed: an active validator", ofActive, ACTIVE_TARGET);
  const alone = await undone(stage, () => settleAlone(stage));
  note(stage, "settle alone, after the wait for a quorum", alone, { size: 100 });
  await settle(stage);
  note(stage, "settle signed: just two thirds, nobody opened the epoch", await signed(67), { size: 100 });
}

/** Makes this many validators active in the next epoch to settle, which has begun and is open. */
async function becomeActive(stage: GasStage, count: number): Promise<void> {
  const { connection, accounts } = stage;
  const { staking, blockRewards } = connection.contracts;
  const seated = await staking.read.seatedAt([await staking.read.nextEpoch()]);
  for (const [i, { address }] of validators.slice(seated.length, count).entries()) {
    await registerValidator(stage, address, accounts[10 + (i % 10)]!);
  }
  for (let epoch = 0; epoch < 2; epoch++) await settle(stage);
  await gasOf(connection, accounts[1]!, { ...blockRewards, functionName: "openEpoch", args: [] });
}

/** Settles the next epoch with the signatures of this many validators; anyone sends it. */
async function settleSigned(stage: GasStage, signing: number): Promise<number> {
  const { connection, accounts } = stage;
  const { settlementQuorum } = connection.contracts;
  const settlement = await nextSettlement(stage);
  const args = [settlement, ...(await signedBy(stage, settlement, validators.slice(0, signing)))] as const;
  return gasOf(connection, accounts[1]!, { ...settlementQuorum, functionName: "settleEpochSigned", args });
}

async function signedBy(
  { connection }: GasStage,
  settlement: Settlement,
  signing: readonly Validator[],
): Promise<readonly [validators: readonly Address[], positions: readonly bigint[], signatures: readonly Hex[]]> {
  const { settlementQuorum } = connection.contracts;
  const hash = await settlementQuorum.read.settlementDigest([settlement]);
  const [line] = await settlementQuorum.read.signersOf([settlement.epoch]);
  const ascending = [...signing].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
  const signatures = ascending.map(async ({ key: privateKey }) => serializeSignature(await sign({ hash, privateKey })));
  return [
    ascending.map(({ address }) => address),
    ascending.map(({ address }) => BigInt(line.indexOf(address))),
    await Promise.all(signatures),
  ];
}
