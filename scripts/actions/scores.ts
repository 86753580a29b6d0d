import { type Address, type Hex, parseEventLogs, zeroHash } from "viem";
import { durationText } from "../show/moments";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type Score } from "../core/scores";
import { type Connection } from "../chain/connection";
import { type RevealWindow, openRevealWindow, revealWindowOf } from "../views/epochTimes";
import { readSealedScores, saveSealedScores, ScoresError, seal, type SealedScores } from "./scoreFiles";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { validatorOf } from "./validators";

/** The outcome of `score commit`, and when the scores can be revealed. */
export interface CommitOutcome extends RevealWindow {
  /** `alreadyCommitted`: to these very scores, so nothing was sent. */
  readonly kind: "committed" | "alreadyCommitted";
  readonly validator: Address;
  readonly commitment: Hex;
  /** The file that holds what the reveal needs. */
  readonly savedTo: string;
}

/** The outcome of `score reveal`; only `revealed` sends anything, and none is a failure. */
export type RevealOutcome =
  | { readonly kind: "revealed"; readonly validator: Address; readonly epoch: number; readonly payload: Hex }
  | { readonly kind: "alreadyRevealed" | "nothingCommitted"; readonly validator: Address; readonly epoch: number }
  /** No window is open; `next` is the window of the committed scores, null if none are committed. */
  | { readonly kind: "noWindow"; readonly validator: Address; readonly next: NextWindow | null };

/** A window that opens later. */
export interface NextWindow extends RevealWindow {
  readonly secondsToOpen: number;
}

/** It is too early to commit or reveal scores. */
export class NotYetError extends ScoresError {
  /** @param possibleAt Unix seconds. */
  constructor(
    sentence: string,
    readonly possibleAt: number,
  ) {
    super(sentence);
  }
}

/**
 * Commits to scores for the running epoch. Saves what the reveal needs first; if that file is lost, the same scores and
 * the same key restore it.
 * @param directory The deployment's data directory.
 * @throws NotYetError before genesis and in an epoch's last slot: a commitment mined an epoch late can't be revealed.
 */
export async function commitScores(
  connection: Connection,
  signer: Signer,
  scores: readonly Score[],
  directory: string,
): Promise<CommitOutcome> {
  const { scoreBoard } = connection.contracts;
  const { epoch, timestamp, epochEndsAt } = await epochStatus(connection);
  const secondsLeft = epochEndsAt - timestamp;
  if (epoch === null) {
    const sentence = `Scores are committed during an epoch, and epoch 0 begins in ${durationText(secondsLeft)}.`;
    throw new NotYetError(sentence, epochEndsAt);
  }
  const validator = await validatorOf(connection, signer);
  const sealed = await seal(connection, signer, { validator, epoch }, scores);
  const committed = await commitOf(connection, epoch, validator);
  if (committed.commitment === zeroHash && secondsLeft <= connection.deployment.config.clock.slotSeconds) {
    const sentence = `Epoch ${epoch} ends in ${durationText(secondsLeft)}, too late for a commitment: wait for the next epoch.`;
    throw new NotYetError(sentence, epochEndsAt);
  }
  const savedTo = await saveSealedScores(directory, sealed);
  const outcome = { validator, commitment: sealed.commitment, savedTo, ...revealWindowOf(connection, epoch) };
  if (committed.commitment === sealed.commitment) return { kind: "alreadyCommitted", ...outcome };
  const call = { ...scoreBoard, functionName: "commitScores", args: [sealed.commitment] } as const;
  const { logs } = await transact(connection, signer, call, [
    `${validator} commits to its scores for epoch ${epoch}. Nobody can read them before the reveal.`,
    `The scores and salt for the reveal are saved in ${savedTo}.`,
  ]);
  const [event] = parseEventLogs({ abi: scoreBoard.abi, eventName: "ScoresCommitted", logs });
  if (event?.args.epoch !== BigInt(epoch)) {
    throw new ScoresError(`The commitment for epoch ${epoch} was mined after its end, so it can't be revealed.`);
  }
  return { kind: "committed", ...outcome };
}

/** Which epoch to reveal, and where its scores come from. */
export interface RevealRequest {
  /** By default, the epoch whose window is open. */
  readonly epoch?: number | undefined;
  /** Used instead of the file saved at the commit; the signer must be the key that committed. */
  readonly scores?: readonly Score[] | undefined;
  /** The deployment's data directory. */
  readonly directory: string;
}

/**
 * Reveals what the signer's validator committed to; the signer is its owner or its current operator.
 * @throws ScoresError if the commitment's scores are neither saved nor given.
 */
export async function revealScores(
  connection: Connection,
  signer: Signer,
  { epoch: wanted, scores, directory }: RevealRequest,
): Promise<RevealOutcome> {
  const { scoreBoard } = connection.contracts;
  const validator = await validatorOf(connection, signer);
  const status = await epochStatus(connection);
  const epoch = wanted ?? openRevealWindow(connection, status)?.epoch;
  if (epoch === undefined) {
    const running = status.epoch ?? 0;
    const { commitment } = await commitOf(connection, running, validator);
    const next = { ...revealWindowOf(connection, running), secondsToOpen: status.epochEndsAt - status.timestamp };
    return { kind: "noWindow", validator, next: commitment === zeroHash ? null : next };
  }
  const { commitment, isRevealed } = await commitOf(connection, epoch, validator);
  if (commitment === zeroHash) return { kind: "nothingCommitted", validator, epoch };
  if (isRevealed) return { kind: "alreadyRevealed", validator, epoch };
  const window = revealWindowOf(connection, epoch);
  if (status.timestamp < window.opensAt) {
    return { kind: "noWindow", validator, next: { ...window, secondsToOpen: window.opensAt - status.timestamp } };
  }
  const sealed =
    scores === undefined
      ? readSealedScores(directory, { epoch, commitment }, await boardOf(connection))
      : await seal(connection, signer, { validator, epoch }, scores);
  requireSealOf(commitment, sealed, epoch, directory);
  const args = [BigInt(epoch), sealed.payload, sealed.salt] as const;
  await transact(connection, signer, { ...scoreBoard, functionName: "revealScores", args }, [
    `${validator} reveals its scores for epoch ${epoch}, for everyone to read.`,
  ]);
  return { kind: "revealed", validator, epoch, payload: sealed.payload };
}

function requireSealOf(
  commitment: Hex,
  sealed: SealedScores | undefined,
  epoch: number,
  directory: string,
): asserts sealed is SealedScores {
  if (sealed === undefined) {
    throw new ScoresError(
      `${directory} does not hold the scores committed for epoch ${epoch}: name their file with --input, and sign with the key that committed.`,
    );
  }
  if (sealed.commitment !== commitment) {
    throw new ScoresError(
      `These scores with this key do not match the commitment for epoch ${epoch}: use the scores and the key of the commit.`,
    );
  }
}

async function boardOf({ reader, contracts }: Connection) {
  return { chainId: await reader.getChainId(), scoreBoard: contracts.scoreBoard.address };
}

async function commitOf({ contracts }: Connection, epoch: number, validator: Address) {
  const [commit] = await contracts.scoreBoard.read.commitsOf([BigInt(epoch), [validator]]);
  return commit!;
}

/** The outcome of a commit, and when to reveal, in two lines for people. */
export function describeCommit({ kind, validator, epoch, opensAt, closesAt, savedTo }: CommitOutcome): string {
  const done =
    kind === "committed"
      ? `${validator} committed to its scores for epoch ${epoch}. Scores and salt for the reveal are in ${savedTo}.`
      : `Nothing to do: ${validator} has already committed to these scores for epoch ${epoch}.`;
  return `${done}\nRun "npx mdt score reveal" between ${dateOf(opensAt)} and ${dateOf(closesAt)}.`;
}

/** The outcome of a reveal, in one line for people. */
export function describeReveal(outcome: RevealOutcome): string {
  const { validator } = outcome;
  switch (outcome.kind) {
    case "revealed":
      return `${validator} revealed its scores for epoch ${outcome.epoch}.`;
    case "alreadyRevealed":
      return `Nothing to do: ${validator} has already revealed its scores for epoch ${outcome.epoch}.`;
    case "nothingCommitted":
      return `Nothing to do: ${validator} did not commit scores for epoch ${outcome.epoch}.`;
    case "noWindow":
      return outcome.next === null
        ? `Nothing to do: no reveal window is open, and ${validator} has not committed scores in this epoch.`
        : `Nothing to do yet: ${validator} can reveal its scores for epoch ${outcome.next.epoch} in ${durationText(outcome.next.secondsToOpen)}, for ${durationText(outcome.next.closesAt - outcome.next.opensAt)}.`;
  }
}

function dateOf(timestamp: number): string {
  return new Date(timestamp * 1_000).toISOString();
}
