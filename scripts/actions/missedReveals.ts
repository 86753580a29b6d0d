/** Reporting validators that revealed nothing in three epochs within eight: anybody may; the chain itself is the proof. */
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
      /** The three missed epochs that were reported. */
      readonly epochs: readonly number[];
      readonly slashedWei: bigint;
    }
  /** `misses`: the epochs that nobody reported, of the last eight whose reveals are over; no `needed` make a report now. */
  | {
      readonly kind: "tooFewMisses";
      readonly validator: Address;
      readonly misses: readonly number[];
      readonly needed: number;
    };

/** The epochs of a report that the score board would take now, or why there is none. */
export type FoundReport =
  | { readonly kind: "found"; readonly epochs: readonly [bigint, bigint, bigint] }
  | Extract<ReportOutcome, { kind: "tooFewMisses" }>;

/** Looks for the first three misses of a validator that can be reported. */
export async function findReport(connection: Connection, validator: Address): Promise<FoundReport> {
  const { scoreBoard } = connection.contracts;
  const needed = Number(await scoreBoard.read.MISSES_UNTIL_SLASH());
  const lastEpochs = await reportableEpochs(connection);
  const misses = await Promise.all(lastEpochs.map((epoch) => scoreBoard.read.openMisses([validator, BigInt(epoch)])));
  const reportable = misses.find((open, i) => open.length >= needed && open.at(-1) === BigInt(lastEpochs[i]!));
  if (reportable === undefined) {
    return { kind: "tooFewMisses", validator, misses: (misses.at(-1) ?? []).map(Number), needed };
  }
  // The earliest, which no later report can use, and the one that the report is in time for.
  return { kind: "found", epochs: [reportable[0]!, reportable[1]!, reportable.at(-1)!] };
}

/** Reports a validator where that is possible. */
export async function reportMissedReveals(
  connection: Connection,
  signer: Signer,
  validator: Address,
): Promise<ReportOutcome> {
  const found = await findReport(connection, validator);
  if (found.kind !== "found") return found;
  const { epochs } = found;
  const { scoreBoard } = connection.contracts;
  const call = { ...scoreBoard, functionName: "reportMissedReveals", args: [validator, epochs] } as const;
  const { logs } = await transact(connection, signer, call, [
    `${validator} revealed nothing for epochs ${epochs.join(", ")}: it is slashed now, and in jail from the next epoch.`,
  ]);
  const [event] = parseEventLogs({ abi: scoreBoard.abi, eventName: "MissedRevealsReported", logs });
  return { kind: "reported", validator, epochs: epochs.map(Number), slashedWei: event!.args.slashedWei };
}

/** The epochs that a report may end with now, the one whose time is over first at the front. */
async function reportableEpochs(connection: Connection): Promise<readonly number[]> {
  const [status, count] = await Promise.all([
    epochStatus(connection),
    connection.contracts.staking.read.exitDelayEpochs(),
  ]);
  const running = status.epoch ?? 0;
  const newestOver = openRevealWindow(connection, status) === undefined ? running - 1 : running - 2;
  const earliest = Math.max(0, running - Number(count) + 1);
  return Array.from({ length: Math.max(0, newestOver - earliest + 1) }, (_, i) => earliest + i);
}
