import { encodeFunctionData, type Hex, keccak256, maxUint256, toBytes } from "viem";
import { type Settlement } from "../../../core/settlement";
import { type RewardMultiProof } from "../../../core/rewardTree/proofs";
import { gasOf, type GasStage } from "./gasStage";
import { sum } from "../../../core/fixedPoint";

const TRANSACTION_FEES = 4;
const MDT = 10n ** 18n;

/** What a settlement burns, pays and returns in the steady state: everything is on but the burn. */
const STEADY = {
  burnedUnmetQuota: 0n,
  burnedQualityPenalty: 0n,
  minerRewards: 159_123_456_789_012_345_678n,
  validatorRewards: 158_987_654_321_098_765_432n,
  daoShare: 79_555_555_555_555_555_555n,
  returned: 1_234_567n,
};

/** How one settlement differs from the steady state. */
export interface SettlementPlan {
  readonly parts?: Partial<typeof STEADY>;
  readonly rewardsRoot?: Hex;
  /** What is in the pool before it. */
  readonly pooledWei?: bigint;
  /** Paid by the same transaction. */
  readonly payment?: RewardMultiProof;
}

/** So many settlements fill every place that roots are kept in. */
export const SETTLEMENTS_TO_STEADY = 3;

/** In the steady state a quarter of the emission is recycled. */
const STEADY_POOL_WEI = 100n * MDT;

/** Lets account 2 recycle what is to be in the pool. */
export async function prepareRecycling({ connection, accounts }: GasStage): Promise<void> {
  const { token, pool } = connection.contracts;
  const args = [pool.address, maxUint256] as const;
  await gasOf(connection, accounts[2]!, { ...token, functionName: "approve", args });
}

/** Settles the next epoch as soon as it is due; returns the gas of that one transaction. */
export async function settle({ connection, accounts, clock }: GasStage, plan: SettlementPlan = {}): Promise<number> {
  const { treasury, pool } = connection.contracts;
  const epoch = await treasury.read.nextEpochToSettle();
  const pooledWei = plan.pooledWei ?? STEADY_POOL_WEI;
  const missingWei = pooledWei - (await pool.read.available());
  if (missingWei > 0n) {
    const args = [TRANSACTION_FEES, missingWei] as const;
    await gasOf(connection, accounts[2]!, { ...pool, functionName: "deposit", args });
  }
  await clock.moveTo(Number(await treasury.read.revealEnd([epoch])));
  const settlement = settlementOf(epoch, plan);
  const keeper = accounts[0]!;
  if (plan.payment === undefined) {
    return gasOf(connection, keeper, { ...treasury, functionName: "settleEpoch", args: [settlement] });
  }
  const calls = [
    encodeFunctionData({ abi: treasury.abi, functionName: "settleEpoch", args: [settlement] }),
    encodeFunctionData({ abi: treasury.abi, functionName: "claimMany", args: claimArguments(plan.payment) }),
  ];
  return gasOf(connection, keeper, { ...treasury, functionName: "multicall", args: [calls] });
}

/** What `claimMany` takes. */
export function claimArguments({ accounts, cumulativesWei, proof, proofFlags }: RewardMultiProof) {
  return [accounts, cumulativesWei, proof, proofFlags] as const;
}

/** What settles an epoch by the plan. */
export function settlementOf(epoch: bigint, plan: SettlementPlan): Settlement {
  const parts = { ...STEADY, ...plan.parts };
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
