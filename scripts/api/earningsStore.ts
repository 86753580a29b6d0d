import type Database from "libsql";
import { join } from "node:path";
import { inTransaction } from "../store/database";
import { StoreFile, StoreReplacedError } from "../store/storeFile";
import { type Hex } from "viem";
import { dataDirectory, type Deployment } from "../chain/deployment";

/** What everybody earned in archived epochs, by account and epoch, in a SQLite file: a cache of the archive. */
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

  /** What an account earned in epochs that are here, as JSON by epoch; who has no entry had no part in the epoch. */
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

  /** Adds an epoch, in portions between which others have their turn: it is there once all of it is. */
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

  /** Asks the database, or writes to it; once more where its file had to be given up. */
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

/** How many rows take some milliseconds to write. */
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
    -- As the API tells them, as JSON: amounts as decimal strings.
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
