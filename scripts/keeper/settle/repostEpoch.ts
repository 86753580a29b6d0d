import { encodeFunctionData, type Hex } from "viem";
import { nextTimestamp } from "../../chain/blocks";
import { type Connection } from "../../chain/connection";
import { addressOf, type Signer } from "../../chain/signer";
import { transact } from "../../chain/transact";
import { carriedInto } from "./carriedInto";
import { computeSettlement, standingEpoch } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { fundsBefore, readSettledEpochs, type Repost, rootOf } from "../facts/settledEpochs";
import { type Quorum } from "../quorum/chooseSigners";
import { type QuorumGap, seekLeave } from "../quorum/collectQuorum";
import { domainOf, repostStatement } from "../quorum/statement";
import { type RepostMessage } from "../quorum/typedData";

/** What `repostRoot` is called with. */
export type RepostTerms = Pick<Repost, "root" | "inputsHash" | "returnedWei">;

/** What came of looking for a vetoed root; none of these is a failure. */
export type RepostOutcome =
  | { readonly kind: "nothingToDo" }
  /** Computed, and not sent. */
  | { readonly kind: "ready"; readonly epoch: number; readonly terms: RepostTerms; readonly calldata: Hex }
  /** Too little stake has signed it, and the sender may not do without. */
  | { readonly kind: "quorumMissing"; readonly epoch: number; readonly terms: RepostTerms; readonly gap: QuorumGap }
  | { readonly kind: "reposted"; readonly epoch: number; readonly terms: RepostTerms; readonly transactionHash: Hex };

/**
 * The honest repost of a vetoed epoch: the posted rewards in the proportions that its facts call for, and what can't be
 * divided goes back to the pool. With a signer it is sent: alone where that may, else signed by validators, who are asked.
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
  const { root, inputsHash, returnedWei: returned } = terms;
  const alone = { ...settlementQuorum, functionName: "repostRoot" } as const;
  const call = { ...alone, args: [vetoedEpoch, root, inputsHash, returned] } as const;
  if (signer === undefined) return { kind: "ready", epoch, terms, calldata: encodeFunctionData(call) };
  const message = { epoch: vetoedEpoch, vetoedRoot: rootOf(own), root, inputsHash, returned };
  const about = { account: addressOf(signer), epoch, now: Number(await nextTimestamp(connection.reader)) };
  const statement = repostStatement(domainOf(connection), message);
  const leave = await seekLeave(connection, about, statement, { known: new Map() });
  if (leave.kind === "gap") return { kind: "quorumMissing", epoch, terms, gap: leave.gap };
  const { transactionHash } =
    leave.kind === "alone"
      ? await transact(connection, signer, call)
      : await transact(connection, signer, signedCall(connection, message, leave.quorum));
  await archive.save(standing.epoch);
  return { kind: "reposted", epoch, terms, transactionHash };
}

function signedCall(
  { contracts }: Connection,
  { epoch, vetoedRoot, root, inputsHash, returned }: RepostMessage,
  { validators, positions, signatures }: Quorum,
) {
  const args = [epoch, vetoedRoot, root, inputsHash, returned, validators, positions, signatures] as const;
  return { ...contracts.settlementQuorum, functionName: "repostRootSigned", args } as const;
}
