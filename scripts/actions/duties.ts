/** Producing a validator's slots, and reporting one that missed three reveals within eight epochs, as anyone may. */
import { type Address, isAddressEqual, parseEventLogs, zeroAddress, zeroHash } from "viem";
import { formatMdt } from "../show/amounts";
import { epochStatus } from "../keeper/facts/epochStatus";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { RefusedError, transact } from "../chain/transact";
import { validatorOf } from "./validators";
import { openRevealWindow } from "../views/epochTimes";

/** The outcome of `validator produce`; only the kind `produced` means that a slot was produced. */
export type ProduceOutcome = {
  readonly validator: Address;
  /** The signer's reward for drawing the epoch's leaders, from the network's allowance; 0 if others drew them. */
  readonly drawingWei: bigint;
} & (
  | { readonly kind: "produced"; readonly slot: number; readonly rewardWei: bigint }
  | { readonly kind: "alreadyProduced"; readonly slot: number }
  | { readonly kind: "notLeader"; readonly slot: number; readonly leader: Address }
  /** Before genesis, or the epoch has no leaders yet and the validator is not active in it. */
  | { readonly kind: "noLeaders" }
);

/** Produces the running slot if the signer's validator leads it; draws the epoch's leaders first if nobody has. */
export async function produceSlot(connection: Connection, signer: Signer): Promise<ProduceOutcome> {
  const { staking, blockRewards } = connection.contracts;
  const validator = await validatorOf(connection, signer);
  const { epoch } = await epochStatus(connection);
  if (epoch === null) return { kind: "noLeaders", validator, drawingWei: 0n };
  const { seed } = await blockRewards.read.rotationOf([BigInt(epoch)]);
  const isDrawn = seed !== zeroHash;
  if (!isDrawn && !(await staking.read.isActive([validator, BigInt(epoch)]))) {
    return { kind: "noLeaders", validator, drawingWei: 0n };
  }
  const common = { validator, drawingWei: isDrawn ? 0n : await drawLeaders(connection, signer, epoch) };
  const slot = (await epochStatus(connection)).slot!;
  const leader = await blockRewards.read.leaderOf([BigInt(slot)]);
  if (leader === zeroAddress) return { kind: "noLeaders", ...common };
  if (!isAddressEqual(leader, validator)) return { kind: "notLeader", ...common, slot, leader };
  if (await blockRewards.read.hasProduced([BigInt(slot)])) return { kind: "alreadyProduced", ...common, slot };
  const { logs } = await transact(connection, signer, { ...blockRewards, functionName: "produce", args: [] }, [
    `${validator} produces slot ${slot} and receives the block reward.`,
  ]);
  const [event] = parseEventLogs({ abi: blockRewards.abi, eventName: "BlockProduced", logs });
  return { kind: "produced", ...common, slot: Number(event!.args.slot), rewardWei: event!.args.rewardWei };
}

/**
 * Opens the epoch and seals it in a later block, unless others do.
 * @returns The signer's reward for that, wei.
 */
async function drawLeaders(connection: Connection, signer: Signer, epoch: number): Promise<bigint> {
  const { blockRewards } = connection.contracts;
  const { openedInBlock } = await blockRewards.read.rotationOf([BigInt(epoch)]);
  const openedWei = openedInBlock === 0n ? await paidFor("openEpoch", "EpochAlreadyOpen") : 0n;
  return openedWei + (await paidFor("sealEpoch", "EpochAlreadySealed"));

  /** The reward for the call, wei; 0 if the contract's refusal says that someone else was first. */
  async function paidFor(functionName: "openEpoch" | "sealEpoch", doneByOthers: string): Promise<bigint> {
    try {
      const { logs } = await transact(connection, signer, { ...blockRewards, functionName, args: [] }, [
        `This draws the leaders of epoch ${epoch}, which must happen before anyone can produce.`,
      ]);
      const [event] = parseEventLogs({ abi: blockRewards.abi, eventName: ["EpochOpened", "EpochSealed"], logs });
      return event!.args.rewardWei;
    } catch (error) {
      if (error instanceof RefusedError && error.errorName === doneByOthers) return 0n;
      throw error;
    }
  }
}

/** The outcome of `validator produce`, in one line for people. */
export function describeProduce(outcome: ProduceOutcome): string {
  const { drawingWei } = outcome;
  return `${describeSlot(outcome)}${drawingWei === 0n ? "" : ` Drawing the epoch's leaders paid ${formatMdt(drawingWei)} MDT.`}`;
}

function describeSlot(outcome: ProduceOutcome): string {
  const { validator } = outcome;
  switch (outcome.kind) {
    case "produced":
      return `${validator} produced slot ${outcome.slot} and was paid ${formatMdt(outcome.rewardWei)} MDT.`;
    case "alreadyProduced":
      return `Nothing to do: ${validator} has already produced slot ${outcome.slot}.`;
    case "notLeader":
      return `Nothing to do: the leader of slot ${outcome.slot} is ${outcome.leader}, not ${validator}.`;
    case "noLeaders":
      return `Nothing to do: there are no leaders yet, and ${validator} is not active in this epoch.`;
  }
}

/**
 * Finds the first report of a validator's misses that the score board accepts now: the three epochs that it names. If
 * there are too few misses, `misses` are the unreported ones of the last eight epochs whose reveals are over.
 */
export async function findReport(connection: Connection, validator: Address) {
  const { scoreBoard } = connection.contracts;
  const needed = Number(await scoreBoard.read.MISSES_UNTIL_SLASH());
  const lastEpochs = await reportableEpochs(connection);
  const misses = await Promise.all(lastEpochs.map((epoch) => scoreBoard.read.openMisses([validator, BigInt(epoch)])));
  const reportable = misses.find((open, i) => open.length >= needed && open.at(-1) === BigInt(lastEpochs[i]!));
  if (reportable === undefined) {
    return { kind: "tooFewMisses" as const, validator, misses: (misses.at(-1) ?? []).map(Number), needed };
  }
  // The two earliest, which no later report can use, and the last, for which the report is in time.
  const epochs = [reportable[0]!, reportable[1]!, reportable.at(-1)!] as const;
  return { kind: "found" as const, epochs };
}

/** Reports a validator if it can be reported. */
export async function reportMissedReveals(connection: Connection, signer: Signer, validator: Address) {
  const found = await findReport(connection, validator);
  if (found.kind !== "found") return found;
  const { epochs } = found;
  const { scoreBoard } = connection.contracts;
  const call = { ...scoreBoard, functionName: "reportMissedReveals", args: [validator, epochs] } as const;
  const { logs } = await transact(connection, signer, call, [
    `${validator} revealed nothing for epochs ${epochs.join(", ")}: it is slashed now and jailed from the next epoch.`,
  ]);
  const [event] = parseEventLogs({ abi: scoreBoard.abi, eventName: "MissedRevealsReported", logs });
  return { kind: "reported" as const, validator, epochs: epochs.map(Number), slashedWei: event!.args.slashedWei };
}

/** The epochs with which a report may end now; the one that expires first comes first. */
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
