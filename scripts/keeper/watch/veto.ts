/** What wrong roots call for, and what the guardian does about them: one transaction, outbid until it is mined. */
import { encodeFunctionData } from "viem";
import { type Connection } from "../../chain/connection";
import { addressOf, type Signer } from "../../chain/signer";
import { RefusedError, rehearse } from "../../chain/transact";
import {
  offerInstead,
  replaceTransaction,
  Sender,
  type Sending,
  sendTransaction,
  type TransactionRequest,
} from "../run/transactions";
import { type EndpointQuorum } from "./endpointQuorum";
import { isRootWrong, type Judgement, type SentVeto, type Watcher } from "./memory";
import { type LiveRoot } from "../facts/rewardRoots";

/** The roots that are alive, and what has been judged. */
export interface Danger {
  readonly live: readonly LiveRoot[];
  readonly judgements: ReadonlyMap<number, Judgement>;
  readonly isPaused: boolean;
  /** The time of the next block, unix seconds. */
  readonly now: number;
  /** With less time than this until its root can be claimed against, a veto might come too late. */
  readonly marginSeconds: number;
}

/** What the guardian must do: the first two are one transaction each. */
export type Remedy =
  | { readonly kind: "veto"; readonly fromEpoch: number }
  /** A root that can be claimed against can be vetoed only during a pause, and during a pause nothing is claimed. */
  | { readonly kind: "pauseAndVeto"; readonly fromEpoch: number }
  | { readonly kind: "none" };

/**
 * The live roots that are proven to promise what nobody earned. A root that was not judged, or judged differently from
 * how it stands now, is not among them.
 */
export function wrongRoots({ live, judgements }: Pick<Danger, "live" | "judgements">): readonly LiveRoot[] {
  return live.filter(({ root, epoch }) => {
    const judgement = judgements.get(epoch);
    return judgement?.finding.root === root && isRootWrong(judgement);
  });
}

/** What to do about the wrong roots that are alive, decided only from what was seen. */
export function remedyFor(danger: Danger): Remedy {
  const wrong = wrongRoots(danger);
  if (wrong.length === 0) return { kind: "none" };
  const fromEpoch = Math.min(...wrong.map(({ epoch }) => epoch));
  const latest = danger.now + danger.marginSeconds;
  const isUrgent = wrong.some(({ claimableAt }) => claimableAt === null || claimableAt <= latest);
  return { kind: isUrgent && !danger.isPaused ? "pauseAndVeto" : "veto", fromEpoch };
}

type Veto = Exclude<Remedy, { kind: "none" }>;

interface Attempt {
  readonly request: TransactionRequest;
  readonly pauses: boolean;
}

/**
 * Sends the guardian's transaction. Replaces an earlier one, with a higher fee, if it is not mined in time or another
 * remedy is called for by now. Someone else's veto is as good as ours: then there is nothing to do. Each attempt uses
 * another endpoint, so that one that is down or lies can't keep a veto from being sent.
 */
export async function applyRemedy(
  watcher: Watcher,
  quorum: EndpointQuorum,
  guardian: Signer,
  remedy: Veto,
): Promise<void> {
  const { clock, memory, tell, singleEndpoints } = watcher;
  const { replaceAfterSeconds } = watcher.connection.deployment.config.keeper;
  const nonce = await quorum.agree("the guardian's nonce", ({ reader }) =>
    reader.getTransactionCount({ address: addressOf(guardian), blockTag: "latest" }),
  );
  const earlier = memory.sent?.request.nonce === nonce ? memory.sent : null;
  const [fromEpoch, pauses] = [remedy.fromEpoch, remedy.kind === "pauseAndVeto"];
  const isOnItsWay = earlier?.fromEpoch === fromEpoch && earlier.pauses === pauses;
  if (isOnItsWay && clock() - memory.sentAt < replaceAfterSeconds) return;
  const inUse = singleEndpoints();
  const connection = inUse[memory.remediesTried++ % inUse.length]?.connection ?? watcher.connection;
  const attempt = await rehearsed(connection, guardian, remedy, nonce);
  if (attempt === null) return;
  const sender = new Sender(connection, guardian);
  const sending = await send(sender, { request: attempt.request, fromEpoch, pauses }, earlier);
  if (sending.kind === "aboveCeiling") {
    tell({ kind: "feeAboveCeiling", askedWei: sending.askedWei, ceilingWei: sender.ceilingWei });
  } else if (sending.kind === "sent") {
    const { sent } = sending;
    [memory.sent, memory.sentAt] = [sent, clock()];
    if (sent.hash !== null)
      tell({ kind: "vetoSent", fromEpoch, pauses: attempt.pauses, transactionHash: sent.hash, nonce, ...sent.fees });
  }
}

/**
 * Rehearses pause and veto as one transaction; null if there is nothing to veto any more. Our own pending transactions
 * are not part of this state.
 * @throws RefusedError if the guardian may not pause again so soon after its last pause, and no wrong root is still
 * pending.
 */
async function rehearsed(
  connection: Connection,
  guardian: Signer,
  remedy: Veto,
  nonce: number,
): Promise<Attempt | null> {
  try {
    return await rehearsedCall(connection, guardian, remedy, nonce);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.errorName === "NothingToVeto") return null;
    if (error.errorName !== "GuardianMustRest") throw error;
    // A pending root can be vetoed anyway.
    return rehearsedCall(connection, guardian, { ...remedy, kind: "veto" }, nonce).catch(() => {
      throw error;
    });
  }
}

async function rehearsedCall(
  connection: Connection,
  guardian: Signer,
  { kind, fromEpoch }: Veto,
  nonce: number,
): Promise<Attempt> {
  const { address, abi } = connection.contracts.treasury;
  const pause = kind === "pauseAndVeto" ? [encodeFunctionData({ abi, functionName: "pause" })] : [];
  const veto = encodeFunctionData({ abi, functionName: "vetoRoot", args: [BigInt(fromEpoch)] });
  const call = { address, abi, functionName: "multicall", args: [[...pause, veto]] } as const;
  const gas = await rehearse(connection, addressOf(guardian), call, "latest", kind);
  // By the time it is mined, it may remove another root, which takes more gas.
  const request = { to: address, data: encodeFunctionData(call), gas: (gas * 5n) / 4n, nonce };
  return { request, pauses: kind === "pauseAndVeto" };
}

async function send(
  sender: Sender,
  veto: Omit<SentVeto, "fees" | "hash">,
  earlier: SentVeto | null,
): Promise<Sending<SentVeto>> {
  const { baseFeePerGas } = await sender.connection.reader.getBlock();
  if (earlier !== null) return replaceTransaction(sender, { ...earlier, ...veto }, baseFeePerGas ?? 0n);
  const offer = await offerInstead(sender, baseFeePerGas ?? 0n, undefined);
  return offer.kind === "fees" ? sendTransaction(sender, veto, offer.fees) : offer;
}
