import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../../chain/connection";
import { type AnnouncedCommission, concernedEpochs, concernsOf, type StakeConcern } from "../../core/staking";
import { lowerCase } from "../../core/address";
import { type SettledEpoch, readSettledEpochs } from "./settledEpochs";
import { epochStatus } from "./epochStatus";

/** What a validator did in settled epochs. */
interface ValidatorPast {
  /** The epochs in which it was active, and those of them in which it revealed no scores. */
  readonly activeEpochs: readonly number[];
  readonly missedEpochs: readonly number[];
  /** Every commission that it announced, oldest first. */
  readonly commissions: readonly AnnouncedCommission[];
}

/**
 * What validators did in the last `count` settled epochs.
 * @param view Shows events up to now.
 */
export async function readPast(
  view: Connection,
  validators: readonly Address[],
  settled: readonly SettledEpoch[],
  count: number,
): Promise<ReadonlyMap<Address, ValidatorPast>> {
  const epochs = lastEpochs(settled, count);
  const active = await Promise.all(epochs.map((epoch) => readActive(view, epoch, settled[epoch]!)));
  const pasts = validators.map(async (validator) => {
    const subject = lowerCase(validator);
    const [revealed, changes] = await Promise.all([
      revealedSince(view, subject, epochs[0] ?? 0),
      view.events.select(["CommissionChanged"], { subject }),
    ]);
    const activeEpochs = epochs.filter((_, index) => active[index]!.has(validator));
    const past = {
      activeEpochs,
      missedEpochs: activeEpochs.filter((epoch) => !revealed.has(epoch)),
      commissions: changes.map(({ args }) => ({ epoch: Number(args.epoch), commissionBps: args.commissionBps })),
    };
    return [validator, past] as const;
  });
  return new Map(await Promise.all(pasts));
}

/**
 * The epochs from `first` on for which a validator revealed scores, settled or not; it reveals at most once per epoch.
 */
async function revealedSince({ events }: Connection, subject: Address, first: number) {
  const [latest] = await events.select(["ScoresRevealed"], { subject, newest: 1 });
  const most = latest === undefined ? 0 : Math.max(0, Number(latest.args.epoch) + 1 - first);
  const reveals = await events.select(["ScoresRevealed"], { subject, newest: most });
  return new Set(reveals.map(({ args }) => Number(args.epoch)));
}

/** The last `count` settled epochs, or as many as there are. */
export function lastEpochs(settled: readonly SettledEpoch[], count: number): readonly number[] {
  return [...settled.keys()].slice(-count);
}

/** A final settled epoch stays the same object for ever, and its active validators stay the same too. */
const activeIn = new WeakMap<SettledEpoch, ReadonlySet<Address>>();

async function readActive({ contracts }: Connection, epoch: number, settled: SettledEpoch) {
  const known = activeIn.get(settled);
  if (known !== undefined) return known;
  const seated = await contracts.stakingLens.read.seatedValidators([BigInt(epoch)]);
  const active = new Set(seated.filter(({ isActive }) => isActive).map(({ validator }) => validator));
  activeIn.set(settled, active);
  return active;
}

/** What an account should know about the validators that it has stake with. */
export async function readStakeConcerns(view: Connection, account: Address): Promise<readonly StakeConcern[]> {
  const { staking, stakingLens } = view.contracts;
  const epoch = (await epochStatus(view)).epoch ?? 0;
  const [seated, settled] = await Promise.all([
    // A validator that is jailed now counts as jailed from the next epoch on.
    stakingLens.read.seatedValidators([BigInt(epoch + 1)]),
    readSettledEpochs(view),
  ]);
  const pasts = await readPast(
    view,
    seated.map(({ validator }) => validator),
    settled,
    concernedEpochs,
  );
  const concerns = await Promise.all(
    seated.map(async ({ validator, isJailed }) => {
      const found = concernsOf({ validator, isJailed, ...pasts.get(validator)! }, epoch);
      if (found.length === 0) return [];
      // Tokens staked now count from the epoch after the next.
      const counting = BigInt(epoch + 2);
      const stakeWei = isAddressEqual(validator, account)
        ? await staking.read.stakeAt([validator, counting])
        : await staking.read.delegationAt([validator, account, counting]);
      return stakeWei === 0n ? [] : found;
    }),
  );
  return concerns.flat();
}
