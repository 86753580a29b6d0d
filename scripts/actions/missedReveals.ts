import { type Address, parseEventLogs } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { epochStatus } from "../keeper/facts/epochStatus";
import { openRevealWindow } from "../views/revealWindow";

/** What came of `validator report`; only the first sends anything. */
export type ReportOutcome =
  | {
      readonly kind: "reported";
      readonly validator: Address;
      /** The last of the epochs in a row that were reported. */
      readonly lastEpoch: number;
      readonly slashedWei: bigint;
    }
  /** `misses` in a row up to the newest epoch whose reveals are over, which are too few, or were reported before. */
  | { readonly kind: "tooFewMisses"; readonly validator: Address; readonly misses: number; readonly needed: number };

/**
 * Reports a validator that was active in as many epochs in a row as the score board asks for, and revealed in none.
 * Anybody may; the chain itself is the proof.
 */
export async function reportMissedReveals(
  connection: Connection,
  signer: Signer,
  validator: Address,
): Promise<ReportOutcome> {
  const { scoreBoard } = connection.contracts;
  const needed = Number(await scoreBoard.read.MISSES_UNTIL_SLASH());
  const epochs = await reportableEpochs(connection);
  const misses = await Promise.all(
    epochs.map(async (epoch) => Number(await scoreBoard.read.missesInARow([validator, BigInt(epoch)]))),
  );
  const lastEpoch = epochs[misses.indexOf(needed)];
  if (lastEpoch === undefined) return { kind: "tooFewMisses", validator, misses: misses.at(-1) ?? 0, needed };
  const args = [validator, BigInt(lastEpoch)] as const;
  const { logs } = await transact(connection, signer, { ...scoreBoard, functionName: "reportMissedReveals", args });
  const [event] = parseEventLogs({ abi: scoreBoard.abi, eventName: "MissedRevealsReported", logs });
  return { kind: "reported", validator, lastEpoch, slashedWei: event!.args.slashedWei };
}

/** The epochs that a report may end with now, the one whose time is over first at the front. */
async function reportableEpochs(connection: Connection): Promise<readonly number[]> {
  const status = await epochStatus(connection);
  const running = status.epoch ?? 0;
  const newestOver = openRevealWindow(connection, status) === undefined ? running - 1 : running - 2;
  return [running - 2, running - 1].filter((epoch) => epoch >= 0 && epoch <= newestOver);
}
