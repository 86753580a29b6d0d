import { type Address } from "viem";
import { type Connection, withEventsAsOfNow } from "../chain/connection";
import { lowerCase } from "../core/strictJson";
import { type Profile } from "../core/profile";
import { epochStatus } from "../keeper/facts/epochStatus";
import { requireWholeEvents } from "../chain/contradiction";
import { readProfile } from "./profiles";

/** A validator as `validator list` shows it: what holds now, including what does not count yet. */
export interface ValidatorSummary {
  readonly validator: Address;
  /** Who it says it is; null where it says nothing. */
  readonly profile: Profile | null;
  readonly operator: Address;
  /** `waiting`: it has a seat, but its stake does not count yet, or is below the minimum. */
  readonly status: "active" | "waiting" | "jailed" | "left";
  readonly ownWei: bigint;
  readonly totalWei: bigint;
  readonly commissionBps: number;
  /** The latest epoch for which it revealed scores; null where there is none. */
  readonly lastRevealedEpoch: number | null;
}

/** Everybody who ever registered as a validator, in the order of first registration. */
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
 * Everybody who ever registered as a validator, in the order of first registration, and whether it is active in an epoch.
 * @throws MissingEventsError where a validator holds a seat of whom there is no event.
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
