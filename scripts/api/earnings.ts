import { type Address, type Hex } from "viem";
import { type OnProgress } from "../core/progress";
import { type Earnings, noEarnings, type StakeEarning } from "../core/distribution/earnings";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { type StakesIn } from "../views/validators";
import { type EpochStore, endsWithin } from "./epochStore";
import { UnavailableError } from "./http";
import { toWire, type Wire } from "./answers";
import { askReport } from "./reportThread";
import type Database from "libsql";
import { join } from "node:path";
import { inTransaction, StoreFile, StoreReplacedError } from "../store/storeFile";
import { dataDirectory, type Deployment } from "../chain/deployment";

/**
 * What everyone earned in archived epochs. Each report is read once, on the reports' thread, and then looked up by
 * account.
 */
export class EarningsIndex {
  /** Reports that are being read, by epoch and root. */
  readonly #reading = new Map<string, Promise<void>>();

  constructor(
    private readonly archive: EpochArchive,
    private readonly store: EarningsStore,
  ) {}

  /**
   * What an account earned in settled epochs, as far as the archive has them; nothing in epochs in which it had no
   * part.
   * @param patienceMilliseconds How long to wait for reports that were not read before.
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

  /** The same for stakes only, to compute returns. */
  stakesIn(patienceMilliseconds: number): StakesIn {
    return async (account, epochs, settled) => {
      const earned = await this.of(account, epochs, settled, patienceMilliseconds);
      return new Map(Array.from(earned, ([epoch, { stakes }]) => [epoch, stakes.map(stakeOf)]));
    };
  }

  /**
   * The same for every settled epoch.
   * @throws UnavailableError until all are read; epochs that the archive lacks are computed first.
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

  /** Reads the archived epochs that were not read before, the newest first, one at a time. @param stopping Ends it. */
  async fill(settled: readonly SettledEpoch[], onProgress: OnProgress, stopping: AbortSignal): Promise<void> {
    const epochs = [...settled.keys()].reverse();
    const known = this.store.known(epochs, (epoch) => rootOf(settled[epoch]!));
    for (const epoch of epochs) {
      if (stopping.aborted) return;
      const root = rootOf(settled[epoch]!);
      // A report that can't be read is computed again when someone asks for it.
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

/** What everyone earned in archived epochs, by account and epoch, in a SQLite file: a cache of the archive. */
export class EarningsStore {
  readonly #file: StoreFile;

  /** @param path, onProblem As StoreFile has them. */
  constructor(path: string, deploymentId: string, onProblem: (sentence: string) => void) {
    this.#file = new StoreFile(path, deploymentId, migrations, onProblem);
  }

  /** Which of these epochs are here with these roots, each with the number of its reading. */
  known(epochs: readonly number[], rootOf: (epoch: number) => Hex): ReadonlyMap<number, number> {
    if (epochs.length === 0) return new Map();
    const rows = this.#use((database) =>
      database
        .prepare("SELECT epoch, root, id FROM readings WHERE is_whole AND epoch BETWEEN ? AND ?")
        .all(...bounds(epochs)),
    ) as { epoch: number; root: string; id: number }[];
    return new Map(rows.filter(({ epoch, root }) => root === rootOf(epoch)).map(({ epoch, id }) => [epoch, id]));
  }

  /** What an account earned in epochs that are here, as JSON by epoch; no entry means no part in the epoch. */
  of(account: string, known: ReadonlyMap<number, number>): ReadonlyMap<number, string> {
    if (known.size === 0) return new Map();
    const query = "SELECT epoch, reading, earnings FROM earnings WHERE account = ? AND epoch BETWEEN ? AND ?";
    const rows = this.#use((database) => database.prepare(query).all(account, ...bounds([...known.keys()]))) as {
      epoch: number;
      reading: number;
      earnings: string;
    }[];
    const current = rows.filter(({ epoch, reading }) => known.get(epoch) === reading);
    return new Map(current.map(({ epoch, earnings }) => [epoch, earnings]));
  }

  /** Adds an epoch in portions, so that others get their turn in between. It counts once all of it is there. */
  async add(epoch: number, root: Hex, earnings: readonly (readonly [account: string, json: string])[]): Promise<void> {
    const { id } = this.#use((database) =>
      database
        .prepare("INSERT INTO readings (epoch, root, is_whole) VALUES (?, ?, FALSE) RETURNING id")
        .get(epoch, root),
    ) as { id: number };
    for (let from = 0; from < earnings.length; from += portion) {
      if (from > 0) await new Promise(setImmediate);
      this.#use((database) => {
        const insert = database.prepare("INSERT OR REPLACE INTO earnings VALUES (?, ?, ?, ?)");
        inTransaction(database, () => {
          for (const [account, json] of earnings.slice(from, from + portion)) insert.run(account, epoch, id, json);
        });
      });
    }
    this.#use((database) => database.prepare("UPDATE readings SET is_whole = (id = ?) WHERE epoch = ?").run(id, epoch));
  }

  close(): void {
    this.#file.close();
  }

  /** Reads or writes the database, and tries again if its file had to be given up. */
  #use<T>(work: (database: Database.Database) => T): T {
    try {
      return this.#file.use(work);
    } catch (error) {
      if (!(error instanceof StoreReplacedError)) throw error;
      return this.#use(work);
    }
  }
}

function bounds(epochs: readonly number[]): readonly [least: number, most: number] {
  return [Math.min(...epochs), Math.max(...epochs)];
}

/** Rows per portion; they take some milliseconds to write. */
const portion = 500;

const migrations: readonly string[] = [
  `
  CREATE TABLE deployment (id TEXT NOT NULL);
  -- One row for each time that an epoch's report was read; the last one counts, once it is whole.
  CREATE TABLE readings (
    id INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    -- The root that the epoch was settled with.
    root TEXT NOT NULL,
    is_whole INTEGER NOT NULL
  );
  CREATE INDEX readings_of_epoch ON readings (epoch);
  CREATE TABLE earnings (
    -- In lower case.
    account TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    reading INTEGER NOT NULL,
    -- JSON as the API writes it: amounts as decimal strings.
    earnings TEXT NOT NULL,
    PRIMARY KEY (account, epoch)
  ) WITHOUT ROWID;
  `,
];

/** The store of a deployment, in a file under `root`, as in MDT_DATA. */
export function earningsStoreIn(
  { id }: Deployment,
  root: string | undefined,
  onProblem: (sentence: string) => void,
): EarningsStore {
  return new EarningsStore(join(dataDirectory(id, root), "earnings.sqlite"), id, onProblem);
}
