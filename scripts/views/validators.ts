import { type Address, isAddressEqual } from "viem";
import { type Connection, withEventsAsOfNow } from "../chain/connection";
import { lowerCase } from "../core/address";
import { type Profile } from "../core/profile";
import { epochStatus } from "../keeper/facts/epochStatus";
import { requireWholeEvents } from "../chain/badAnswers";
import { readProfile } from "./accounts";
import { type StakeEarning } from "../core/distribution/earnings";
import { sum } from "../core/fixedPoint";
import { type AnnouncedCommission, delegatedTo, yearlyReturnWad } from "../core/staking";
import { readSettledEpochs, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { lastEpochs, readPast } from "../keeper/facts/validatorPast";

/** A validator as `validator list` shows it: what holds now, including what does not count yet. */
export interface ValidatorSummary {
  readonly validator: Address;
  /** Who it says it is; null if it says nothing. */
  readonly profile: Profile | null;
  readonly operator: Address;
  /** `waiting`: it has a seat, but its stake does not count yet, or is below the minimum. */
  readonly status: "active" | "waiting" | "jailed" | "left";
  readonly ownWei: bigint;
  readonly totalWei: bigint;
  readonly commissionBps: number;
  /** The latest epoch for which it revealed scores; null if there is none. */
  readonly lastRevealedEpoch: number | null;
}

/** Everyone who ever registered as a validator, in the order of first registration. */
export async function listValidators(connection: Connection): Promise<readonly ValidatorSummary[]> {
  const { stakingLens } = connection.contracts;
  const epoch = (await epochStatus(connection)).epoch ?? 0;
  const view = await withEventsAsOfNow(connection);
  const validators = await registeredValidators(view, epoch);
  return Promise.all(
    Array.from(validators, async ([validator, isActive]) => {
      const [status, lastRevealedEpoch, profile] = await Promise.all([
        stakingLens.read.statusOf([validator]),
        lastRevealOf(view, validator),
        readProfile(view, validator),
      ]);
      return {
        validator,
        profile,
        operator: status.operator,
        status: !status.isSeated ? "left" : status.isJailed ? "jailed" : isActive ? "active" : "waiting",
        ownWei: status.ownWei,
        totalWei: status.totalWei,
        commissionBps: status.commissionBps,
        lastRevealedEpoch,
      };
    }),
  );
}

/**
 * Everyone who ever registered as a validator, in the order of first registration, and whether it is active in an
 * epoch.
 * @throws MissingEventsError if there is no event of the registration of a validator that holds a seat.
 */
async function registeredValidators(
  { contracts, events }: Connection,
  epoch: number,
): Promise<ReadonlyMap<Address, boolean>> {
  const [registered, seated] = await Promise.all([
    events.select(["ValidatorRegistered"]),
    contracts.stakingLens.read.seatedValidators([BigInt(epoch)]),
  ]);
  const validators = new Map(registered.map(({ args }) => [args.validator, false]));
  for (const { validator, isActive } of seated) {
    requireWholeEvents(`Whether ${validator} ever registered`, validators.has(validator), true);
    validators.set(validator, isActive);
  }
  return validators;
}

async function lastRevealOf({ events }: Connection, validator: Address): Promise<number | null> {
  const [latest] = await events.select(["ScoresRevealed"], { subject: lowerCase(validator), newest: 1 });
  return latest === undefined ? null : Number(latest.args.epoch);
}

/** Settled epochs that a record looks back on: the fewest between two rises of a commission. */
export const recordedEpochs = 30;

/**
 * What an account's stake earned in settled epochs, validator by validator; epochs whose reports are not here have no
 * entry.
 */
export type StakesIn = (
  account: Address,
  epochs: readonly number[],
  settled: readonly SettledEpoch[],
) => Promise<ReadonlyMap<number, readonly StakeEarning[]>>;

/** How a validator did recently. */
export interface ValidatorRecord {
  /** Number of the last settled epochs since its stake first counted, and of those in which it was active. */
  readonly epochs: number;
  readonly activeEpochs: number;
  /** Number of active epochs in which it revealed scores, and the ones in which it did not. */
  readonly revealedEpochs: number;
  readonly missedEpochs: readonly number[];
  /** What a delegation to it earned in these epochs, see `yearlyReturnWad`; null if none of their reports is here. */
  readonly yearlyReturnWad: bigint | null;
  /** Every commission that it announced, and from which epoch on, oldest first. */
  readonly commissions: readonly AnnouncedCommission[];
}

/** Records of validators over the last settled epochs; earnings are known for the epochs that `stakesIn` knows. */
export async function readRecords(
  connection: Connection,
  validators: readonly Address[],
  stakesIn: StakesIn,
): Promise<ReadonlyMap<Address, ValidatorRecord>> {
  const view = await withEventsAsOfNow(connection);
  const settled = await readSettledEpochs(view);
  const lately = lastEpochs(settled, recordedEpochs);
  const pasts = await readPast(view, validators, settled, recordedEpochs);
  const records = validators.map(async (validator) => {
    const { activeEpochs, missedEpochs, commissions } = pasts.get(validator)!;
    // The first commission holds from the epoch after the registration on, stake from the one after that.
    const epochs = lately.filter((epoch) => epoch > (commissions[0]?.epoch ?? 0));
    const stakes = await stakesIn(validator, epochs, settled);
    const returns = Array.from(stakes.values(), (ofEpoch) => {
      const own = ofEpoch.find(({ as }) => as === "validator");
      return own === undefined ? null : delegatedTo(own);
    });
    const record = {
      epochs: epochs.length,
      activeEpochs: activeEpochs.length,
      revealedEpochs: activeEpochs.length - missedEpochs.length,
      missedEpochs,
      yearlyReturnWad: yearlyReturnWad(returns, epochSeconds(view)),
      commissions,
    };
    return [validator, record] as const;
  });
  return new Map(await Promise.all(records));
}

/** What an account's own stake returned recently. */
export interface OwnReturn {
  /** Number of the last settled epochs whose reports are here and in which it had stake that counted. */
  readonly epochs: number;
  /** What a token of it earned, see `yearlyReturnWad`; null if its stake earned nothing in all of them. */
  readonly yearlyReturnWad: bigint | null;
}

/**
 * The yearly return of an account's own stake on all its validators, over those of the last settled epochs in which it
 * had stake that counted. Stake on a validator that revealed nothing, or was jailed, earned nothing but counts anyway.
 */
export async function readOwnReturn(connection: Connection, account: Address, stakesIn: StakesIn): Promise<OwnReturn> {
  const view = await withEventsAsOfNow(connection);
  const settled = await readSettledEpochs(view);
  const earned = await stakesIn(account, lastEpochs(settled, recordedEpochs), settled);
  const validators = new Set([...earned.values()].flat().map(({ validator }) => validator));
  const epochs = await Promise.all(
    Array.from(earned, async ([epoch, stakes]) => {
      const idle = [...validators].filter((one) => !stakes.some(({ validator }) => validator === one));
      const idleWei = await Promise.all(idle.map((validator) => stakeIn(view, validator, account, epoch)));
      return {
        amountWei: sum(stakes.map(({ amountWei }) => amountWei)),
        stakeWei: sum([...stakes.map(({ stakeWei }) => stakeWei), ...idleWei]),
      };
    }),
  );
  const staked = epochs.filter(({ stakeWei }) => stakeWei > 0n);
  return { epochs: staked.length, yearlyReturnWad: yearlyReturnWad(staked, epochSeconds(view)) };
}

function stakeIn({ contracts }: Connection, validator: Address, account: Address, epoch: number): Promise<bigint> {
  const { staking } = contracts;
  return isAddressEqual(validator, account)
    ? staking.read.stakeAt([validator, BigInt(epoch)])
    : staking.read.delegationAt([validator, account, BigInt(epoch)]);
}

function epochSeconds({ deployment }: Connection): number {
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  return slotSeconds * slotsPerEpoch;
}

/** What validators can be sorted by. */
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
