import { encodeFunctionData } from "viem";
import { multiProofOf, proofOf } from "../../core/rewardTree/proofs";
import { type Filling } from "./fillBlock";
import { LARGE, posted } from "./gas/claimGas";
import { gasOf, type GasStage } from "./gas/gasStage";
import { claimArguments, prepareRecycling, settle, settlementOf } from "./gas/settle";
import { manyAccounts } from "./measure";

/** Accounts in one `claimMany`. */
export const BATCH = 250;

/** More than a block of 60 million gas holds of each; everybody in the batches was paid before. */
const BATCHES = 11;
const CLAIMS = 1_100;
const SETTLEMENTS = 650;

/** Limits that leave little: while a node fills a block it counts the limits of its transactions. */
const CLAIM_GAS = 60_500n;
const BATCH_GAS = 6_600_000n;
const SETTLEMENT_GAS = 112_000n;

/** What blocks are filled with. */
export interface Fillings {
  /** Of accounts that were paid before, out of a tree of 2^14 leaves. */
  readonly claims: readonly Filling[];
  readonly batches: readonly Filling[];
  /** Of one epoch after the other, which are all due. */
  readonly settlements: readonly Filling[];
}

/** Pays everybody once, posts a newer root, and waits until many epochs are due. */
export async function prepareFillings(stage: GasStage): Promise<Fillings> {
  const { connection, accounts, clock } = stage;
  const { treasury } = connection.contracts;
  const accountAt = manyAccounts(LARGE);
  const batchOf = (batch: number) => Array.from({ length: BATCH }, (_, i) => accountAt(BATCH * batch + i));
  const batches = Array.from({ length: BATCHES }, (_, batch) => batchOf(batch));
  await prepareRecycling(stage);
  await settle(stage);
  const previous = await posted(stage, 1, LARGE);
  for (const batch of batches) {
    const args = claimArguments(multiProofOf(previous, batch));
    await gasOf(connection, accounts[3]!, { ...treasury, functionName: "claimMany", args });
  }
  const tree = await posted(stage, 2, LARGE);
  const next = await treasury.read.nextEpochToSettle();
  await clock.moveTo(Number(await treasury.read.revealEnd([next + BigInt(SETTLEMENTS)])));
  const { address: to, abi } = treasury;
  return {
    claims: Array.from({ length: CLAIMS }, (_, i) => {
      const { cumulativeWei, proof } = proofOf(tree, accountAt(i));
      const args = [accountAt(i), cumulativeWei, proof] as const;
      return { to, data: encodeFunctionData({ abi, functionName: "claim", args }), gas: CLAIM_GAS };
    }),
    batches: batches.map((batch) => {
      const args = claimArguments(multiProofOf(tree, batch));
      return { to, data: encodeFunctionData({ abi, functionName: "claimMany", args }), gas: BATCH_GAS };
    }),
    settlements: Array.from({ length: SETTLEMENTS }, (_, i) => {
      const args = [settlementOf(next + BigInt(i), {})] as const;
      return { to, data: encodeFunctionData({ abi, functionName: "settleEpoch", args }), gas: SETTLEMENT_GAS };
    }),
  };
}
