import { type Address, type Hex } from "viem";
import { type OnProgress } from "../core/progress";
import { type Earnings, noEarnings, type StakeEarning } from "../core/distribution/earnings";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { type StakesIn } from "../views/validatorRecords";
import { type EarningsStore } from "./earningsStore";
import { type EpochStore } from "./epochStore";
import { UnavailableError } from "./http";
import { endsWithin } from "./patience";
import { toWire, type Wire } from "./answers";
import { askReport } from "./reportThread";

/** What everybody earned in archived epochs: each report is read once, on its thread, and then asked for by account. */
export class EarningsIndex {
  /** Reports that are being read, by epoch and root. */
  readonly #reading = new Map<string, Promise<void>>();

  constructor(
    private readonly archive: EpochArchive,
    private readonly store: EarningsStore,
  ) {}

  /**
   * What an account earned in settled epochs, as far as the archive has them; who had no part in one earned nothing.
   * @param patienceMilliseconds Reports that were not read before are waited for so long.
   */
  async of(
    account: Address,
    epochs: readonly number[],
    settled: readonly SettledEpoch[],
    patienceMilliseconds: number,
  ): Promise<ReadonlyMap<number, Wire<Earnings>>> {
    const rootOfEpoch = (epoch: number): Hex => rootOf(settled[epoch]!);
    const before = this.store.known(epochs, rootOfEpoch);
    const lacking = epochs.filter((epoch) => !before.has(epoch) && this.archive.holds(epoch, rootOfEpoch(epoch)));
    const read = Promise.allSettled(lacking.map((epoch) => this.#read(epoch, rootOfEpoch(epoch))));
    if (lacking.length > 0) await endsWithin(patienceMilliseconds, read);
    const known = lacking.length > 0 ? this.store.known(epochs, rootOfEpoch) : before;
    const earned = this.store.of(account.toLowerCase(), known);
    return new Map(
      Array.from(known.keys(), (epoch) => {
        const json = earned.get(epoch);
        return [epoch, json === undefined ? nothing : (JSON.parse(json) as Wire<Earnings>)];
      }),
    );
  }

  /** Asks the same of stakes alone, for returns. */
  stakesIn(patienceMilliseconds: number): StakesIn {
    return async (account, epochs, settled) => {
      const earned = await this.of(account, epochs, settled, patienceMilliseconds);
      return new Map(Array.from(earned, ([epoch, { stakes }]) => [epoch, stakes.map(stakeOf)]));
    };
  }

  /**
   * The same of every settled epoch.
   * @throws UnavailableError until each was read; those that the archive lacks are computed first.
   */
  async ofAll(
    account: Address,
    settled: readonly SettledEpoch[],
    store: EpochStore,
    patienceMilliseconds: number,
  ): Promise<ReadonlyMap<number, Wire<Earnings>>> {
    const epochs = [...settled.keys()];
    for (;;) {
      const earned = await this.of(account, epochs, settled, patienceMilliseconds);
      const missing = epochs.find((epoch) => !earned.has(epoch));
      if (missing === undefined) return earned;
      if (store.has(missing, settled)) throw new UnavailableError(notReadYet(missing), 5);
      await store.require(missing, settled);
    }
  }

  /** Reads whatever archived epoch was not read before, the newest first, one at a time. @param stopping Ends it. */
  async fill(settled: readonly SettledEpoch[], onProgress: OnProgress, stopping: AbortSignal): Promise<void> {
    const epochs = [...settled.keys()].reverse();
    const known = this.store.known(epochs, (epoch) => rootOf(settled[epoch]!));
    for (const epoch of epochs) {
      if (stopping.aborted) return;
      const root = rootOf(settled[epoch]!);
      // A report that can't be read is computed again when somebody asks for it.
      if (!known.has(epoch) && this.archive.holds(epoch, root)) await this.#read(epoch, root).catch(() => undefined);
      onProgress("epochs indexed", settled.length - epoch, settled.length);
    }
  }

  #read(epoch: number, root: Hex): Promise<void> {
    const key = `${epoch} ${root}`;
    const reading =
      this.#reading.get(key) ??
      askReport({ kind: "earnings", file: this.archive.reportFile(epoch) })
        .then((earnings) => this.store.add(epoch, root, earnings))
        .finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }
}

const nothing: Wire<Earnings> = toWire(noEarnings);

function stakeOf(stake: Wire<StakeEarning>): StakeEarning {
  return {
    ...stake,
    amountWei: BigInt(stake.amountWei),
    stakeWei: BigInt(stake.stakeWei),
    validatorStakeWei: BigInt(stake.validatorStakeWei),
    shareWad: BigInt(stake.shareWad),
  };
}

function notReadYet(epoch: number): string {
  return `This server has not read the report of epoch ${epoch} yet: ask again later.`;
}
