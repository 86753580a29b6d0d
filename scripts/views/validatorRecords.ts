import { type Address } from "viem";
import { type Connection, withEventsAsOfNow } from "../chain/connection";
import { earningsOf, type Earnings } from "../core/distribution/earnings";
import { delegatedTo, yearlyReturnWad } from "../core/stakeReturn";
import { lowerCase } from "../core/strictJson";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { readSettledEpochs } from "../keeper/facts/settledEpochs";
import { type ValidatorSummary } from "./validatorList";

/** So many settled epochs a record looks back on: as many as lie between two rises of a commission. */
export const recordedEpochs = 30;

/** How a validator did of late. */
export interface ValidatorRecord {
  /** In how many of the last settled epochs it was active, and in how many of these it revealed scores. */
  readonly activeEpochs: number;
  readonly revealedEpochs: number;
  /** What a delegation to it earned, see `yearlyReturnWad`; null where no epoch's report is here. */
  readonly yearlyReturnWad: bigint | null;
  /** Every commission that it announced, and from which epoch on, oldest first. */
  readonly commissions: readonly { readonly epoch: number; readonly commissionBps: number }[];
}

/** Records of validators over the last settled epochs; what was earned is known of those that the archive has. */
export async function readRecords(
  connection: Connection,
  archive: EpochArchive,
  validators: readonly Address[],
): Promise<ReadonlyMap<Address, ValidatorRecord>> {
  const view = await withEventsAsOfNow(connection);
  const settled = await readSettledEpochs(view);
  const epochs = [...settled.keys()].slice(-recordedEpochs);
  const inputs = await Promise.all(epochs.map((epoch) => archive.inputs(epoch, settled[epoch]!.settlement.inputsHash)));
  const earned = inputs.filter((one) => one !== undefined).map((one) => earningsOf(one));
  const { slotSeconds, slotsPerEpoch } = view.deployment.config.clock;
  const records = validators.map(async (validator) => {
    const [duties, commissions] = await Promise.all([
      dutiesOf(view, validator, epochs),
      commissionsOf(view, validator),
    ]);
    const returns = earned.map((earnings) => returnOf(earnings, validator));
    return [
      validator,
      { ...duties, commissions, yearlyReturnWad: yearlyReturnWad(returns, slotSeconds * slotsPerEpoch) },
    ] as const;
  });
  return new Map(await Promise.all(records));
}

function returnOf(earnings: ReadonlyMap<Address, Earnings>, validator: Address) {
  const own = earnings.get(lowerCase(validator))?.stakes.find((stake) => stake.as === "validator");
  return own === undefined ? null : delegatedTo(own);
}

async function dutiesOf({ contracts, events }: Connection, validator: Address, epochs: readonly number[]) {
  const [reveals, active] = await Promise.all([
    events.select(["ScoresRevealed"], { subject: lowerCase(validator), newest: recordedEpochs + 2 }),
    Promise.all(epochs.map((epoch) => contracts.staking.read.isActive([validator, BigInt(epoch)]))),
  ]);
  const revealed = new Set(reveals.map(({ args }) => Number(args.epoch)));
  const activeIn = epochs.filter((_, index) => active[index]);
  return { activeEpochs: activeIn.length, revealedEpochs: activeIn.filter((epoch) => revealed.has(epoch)).length };
}

async function commissionsOf({ events }: Connection, validator: Address) {
  const changes = await events.select(["CommissionChanged"], { subject: lowerCase(validator) });
  return changes.map(({ args }) => ({ epoch: Number(args.epoch), commissionBps: args.commissionBps }));
}

/** By what validators can be sorted. */
export const validatorOrders = ["stake", "return", "reveals", "commission"] as const;

export type ValidatorOrder = (typeof validatorOrders)[number];

type Recorded = Pick<ValidatorSummary, "totalWei" | "commissionBps"> & { readonly record: ValidatorRecord };

const comparisons: Readonly<Record<ValidatorOrder, (a: Recorded, b: Recorded) => bigint>> = {
  stake: (a, b) => b.totalWei - a.totalWei,
  return: (a, b) => (b.record.yearlyReturnWad ?? -1n) - (a.record.yearlyReturnWad ?? -1n),
  reveals: (a, b) =>
    BigInt(
      b.record.revealedEpochs * (a.record.activeEpochs || 1) - a.record.revealedEpochs * (b.record.activeEpochs || 1),
    ),
  commission: (a, b) => BigInt(a.commissionBps - b.commissionBps),
};

/** The best first: the highest return, the most of its epochs revealed, the lowest commission; ties by stake. */
export function sortValidators<V extends Recorded>(validators: readonly V[], order: ValidatorOrder): readonly V[] {
  return validators.toSorted((a, b) => Number(comparisons[order](a, b) || comparisons.stake(a, b)));
}
