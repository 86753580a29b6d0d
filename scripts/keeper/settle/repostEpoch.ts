import { encodeFunctionData, type Hex } from "viem";
import { type Connection } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { transact } from "../../chain/transact";
import { carriedInto } from "./carriedInto";
import { computeSettlement, standingEpoch } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { fundsBefore, readSettledEpochs, type Repost } from "../facts/settledEpochs";

/** What `repostRoot` is called with. */
export type RepostTerms = Pick<Repost, "root" | "inputsHash" | "returnedWei">;

/** What came of looking for a vetoed root; none of these is a failure. */
export type RepostOutcome =
  | { readonly kind: "nothingToDo" }
  /** Computed, and not sent. */
  | { readonly kind: "ready"; readonly epoch: number; readonly terms: RepostTerms; readonly calldata: Hex }
  | { readonly kind: "reposted"; readonly epoch: number; readonly terms: RepostTerms; readonly transactionHash: Hex };

/**
 * The honest repost of a vetoed epoch: the posted rewards in the proportions that its facts call for, and what can't be
 * divided goes back to the pool. With a signer it is sent.
 * @throws SettlementDiffersError where an earlier epoch's wrong root can still be claimed against.
 */
export async function repostVetoedEpoch(
  connection: Connection,
  archive: EpochArchive,
  signer?: Signer,
): Promise<RepostOutcome> {
  const { treasury, settlementQuorum } = connection.contracts;
  const [isVetoed, vetoedEpoch] = await treasury.read.vetoedSettlement();
  if (!isVetoed) return { kind: "nothingToDo" };
  const epoch = Number(vetoedEpoch);
  const settled = await readSettledEpochs(connection);
  const before = await carriedInto(connection, archive, epoch, settled);
  const own = settled[epoch]!;
  const computed = await computeSettlement(connection, epoch, before, await fundsBefore(connection, own));
  const standing = await standingEpoch(connection, computed, before, own);
  const terms = {
    root: standing.epoch.tree.root,
    inputsHash: computed.settlement.inputsHash,
    returnedWei: standing.toReturnWei,
  };
  const args = [vetoedEpoch, terms.root, terms.inputsHash, terms.returnedWei] as const;
  const call = { ...settlementQuorum, functionName: "repostRoot", args } as const;
  if (signer === undefined) return { kind: "ready", epoch, terms, calldata: encodeFunctionData(call) };
  const { transactionHash } = await transact(connection, signer, call);
  await archive.save(standing.epoch);
  return { kind: "reposted", epoch, terms, transactionHash };
}
