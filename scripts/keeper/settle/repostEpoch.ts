import { encodeFunctionData, type Hex } from "viem";
import { type settlementQuorumAbi } from "../../../typechain-types/abi/SettlementQuorum";
import { nextTimestamp } from "../../chain/blocks";
import { type Connection } from "../../chain/connection";
import { addressOf, type Signer } from "../../chain/signer";
import { type ContractCall, transact } from "../../chain/transact";
import { carriedInto } from "./epochInputs";
import { type ComputedEpoch, computeSettlement, standingEpoch } from "../compute/computeSettlement";
import { type EpochArchive } from "../archive/epochArchive";
import { fundsBefore, readSettledEpochs, type Repost, rootOf } from "../facts/settledEpochs";
import { type Quorum } from "../quorum/chooseSigners";
import { readElectorate } from "../quorum/electorate";
import { collectQuorum, type QuorumGap, seekLeave, type KnownAnswers } from "../quorum/gather";
import { domainOf, repostForm, statementOf, type RepostMessage } from "../quorum/statements";

/** What `repostRoot` is called with. */
export type RepostTerms = Pick<Repost, "root" | "inputsHash" | "returnedWei">;

/** The outcome of looking for a vetoed root; none of these is a failure. */
export type RepostOutcome =
  | { readonly kind: "nothingToDo" }
  /** Computed, but not sent. */
  | { readonly kind: "ready"; readonly epoch: number; readonly terms: RepostTerms; readonly calldata: Hex }
  /** Too little stake has signed it, and the sender needs signatures. */
  | { readonly kind: "quorumMissing"; readonly epoch: number; readonly terms: RepostTerms; readonly gap: QuorumGap }
  | { readonly kind: "reposted"; readonly epoch: number; readonly terms: RepostTerms; readonly transactionHash: Hex };

/** A repost, and the epoch as it stands with this repost. */
interface PreparedRepost {
  readonly message: RepostMessage;
  readonly standing: ComputedEpoch;
}

/**
 * The honest repost of the vetoed epoch: it divides the posted rewards in the proportions that the facts call for, and
 * returns what can't be divided to the pool.
 * @returns Undefined if no root is vetoed.
 * @throws SettlementDiffersError if an earlier epoch's wrong root can still be claimed against.
 */
export async function prepareRepost(
  connection: Connection,
  archive: EpochArchive,
): Promise<PreparedRepost | undefined> {
  const [isVetoed, vetoedEpoch] = await connection.contracts.treasury.read.vetoedSettlement();
  if (!isVetoed) return undefined;
  const epoch = Number(vetoedEpoch);
  const settled = await readSettledEpochs(connection);
  const before = await carriedInto(connection, archive, epoch, settled);
  const own = settled[epoch]!;
  const computed = await computeSettlement(connection, epoch, before, await fundsBefore(connection, own));
  const standing = await standingEpoch(connection, computed, before, own);
  const { root } = standing.epoch.tree;
  const { inputsHash } = computed.settlement;
  const returned = standing.toReturnWei;
  return {
    message: { epoch: vetoedEpoch, vetoedRoot: rootOf(own), root, inputsHash, returned },
    standing: standing.epoch,
  };
}

/**
 * Computes the repost of the vetoed epoch, and sends it if there is a signer: alone if it may, else with signatures
 * that it asks validators for.
 * @param signatures Validators' answers so far; with these the repost is never sent alone.
 * @throws SettlementDiffersError if an earlier epoch's wrong root can still be claimed against.
 */
export async function repostVetoedEpoch(
  connection: Connection,
  archive: EpochArchive,
  signer?: Signer,
  signatures?: KnownAnswers,
): Promise<RepostOutcome> {
  const prepared = await prepareRepost(connection, archive);
  if (prepared === undefined) return { kind: "nothingToDo" };
  const { message, standing } = prepared;
  const { root, inputsHash, returned: returnedWei } = message;
  const epoch = Number(message.epoch);
  const terms = { root, inputsHash, returnedWei };
  const leave = await leaveToPost(connection, message, signer, signatures);
  if (leave?.kind === "gap") return { kind: "quorumMissing", epoch, terms, gap: leave.gap };
  const { call, calldata } = postingCall(connection, message, leave?.kind === "quorum" ? leave.quorum : null);
  if (signer === undefined) return { kind: "ready", epoch, terms, calldata };
  const statements = [`This reposts epoch ${epoch} with the root ${root}, and the claim delay starts again.`];
  const { transactionHash } = await transact(connection, signer, call, statements);
  await archive.save(standing);
  return { kind: "reposted", epoch, terms, transactionHash };
}

/**
 * Whether a repost may be sent, and with whose signatures; undefined if there is no signer, and no signatures are
 * given.
 */
async function leaveToPost(
  connection: Connection,
  message: RepostMessage,
  signer: Signer | undefined,
  known: KnownAnswers | undefined,
) {
  const epoch = Number(message.epoch);
  const statement = statementOf(repostForm, domainOf(connection), message);
  if (known !== undefined) {
    return collectQuorum(connection, await readElectorate(connection, epoch), statement, { known });
  }
  if (signer === undefined) return undefined;
  const about = { account: addressOf(signer), epoch, now: Number(await nextTimestamp(connection.reader)) };
  return seekLeave(connection, about, statement);
}

type QuorumAbi = typeof settlementQuorumAbi;

/** The call that reposts a root, and the same as bytes. @param quorum Who signed; null if a keeper reposts alone. */
function postingCall(
  { contracts }: Connection,
  { epoch, vetoedRoot, root, inputsHash, returned }: RepostMessage,
  quorum: Quorum | null,
): {
  readonly call: ContractCall<QuorumAbi, "repostRoot"> | ContractCall<QuorumAbi, "repostRootSigned">;
  readonly calldata: Hex;
} {
  const { address, abi } = contracts.settlementQuorum;
  if (quorum === null) {
    const args = [epoch, root, inputsHash, returned] as const;
    const alone = { address, abi, functionName: "repostRoot", args } as const;
    return { call: alone, calldata: encodeFunctionData(alone) };
  }
  const { validators, positions, signatures } = quorum;
  const args = [epoch, vetoedRoot, root, inputsHash, returned, validators, positions, signatures] as const;
  const signed = { address, abi, functionName: "repostRootSigned", args } as const;
  return { call: signed, calldata: encodeFunctionData(signed) };
}
