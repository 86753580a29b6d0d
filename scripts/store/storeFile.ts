import { existsSync, renameSync, rmSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";

/** A store was replaced by an empty one: what was read from it before is void. */
export class StoreReplacedError extends Error {
  override readonly name = "StoreReplacedError";
}

const damage = new Set(["SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT"]);

/**
 * The file of a cache that several processes share. No problem with it stops a program: a damaged file, or another
 * deployment's, is set aside, and if no file can be written, memory is used instead.
 */
export class StoreFile {
  #path: string;
  #database: Database.Database | undefined;

  /**
   * @param path A file, or `inMemory`. It is opened on first use.
   * @param migrations See openDatabase.
   * @param onProblem Called with one sentence when the file was given up.
   */
  constructor(
    path: string,
    private readonly deploymentId: string,
    private readonly migrations: readonly string[],
    private readonly onProblem: (sentence: string) => void,
  ) {
    this.#path = path;
  }

  /**
   * Reads from the database, or writes to it.
   * @throws StoreReplacedError if it can't be used: an empty one has replaced it.
   */
  use<T>(work: (database: Database.Database) => T): T {
    try {
      this.#database ??= openDatabase(this.#path, this.deploymentId, this.migrations);
      return work(this.#database);
    } catch (error) {
      const { code = "", message } = error as Error & { readonly code?: string };
      if (this.#path === inMemory || code.startsWith("SQLITE_CONSTRAINT")) throw error;
      this.#replace(message, error instanceof ForeignStoreError || damage.has(code));
      throw new StoreReplacedError("The store was replaced by an empty one.");
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #replace(problem: string, isUseless: boolean): void {
    const path = this.#path;
    this.close();
    if (isUseless && setAside(path)) {
      this.onProblem(`Can't use ${path} (${problem}): set aside as ${path}.set-aside and created again.`);
      return;
    }
    this.#path = inMemory;
    this.onProblem(`Can't use ${path} (${problem}): using memory instead until the next start.`);
  }
}

/**
 * Renames a database, and removes SQLite's files beside it, which would not fit the next one.
 * @returns Whether it worked.
 */
function setAside(path: string): boolean {
  try {
    for (const end of ["-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    if (existsSync(path)) renameSync(path, `${path}.set-aside`);
    return true;
  } catch {
    return false;
  }
}

/** A path that stands for a database in memory, which is gone with its process. */
export const inMemory = ":memory:";

/** Longest wait for a locked database: a writer holds it for one range of blocks. */
const busyTimeoutMilliseconds = 15_000;

/** The file belongs to another deployment, or to a later version of the program. */
class ForeignStoreError extends Error {
  override readonly name = "ForeignStoreError";
}

/**
 * Opens the SQLite database of a deployment, and creates it if there is none. Several processes may have it open: one
 * at a time writes, and nobody waits for readers.
 * @param migrations The statements that create its tables, one migration after the other; one table is `deployment`.
 * @throws ForeignStoreError; SqliteError if it is damaged; Error if it can't be opened.
 */
export function openDatabase(path: string, deploymentId: string, migrations: readonly string[]): Database.Database {
  if (path !== inMemory) mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  try {
    // Must come first: the next statement already waits for others.
    database.pragma(`busy_timeout = ${busyTimeoutMilliseconds}`);
    database.pragma("journal_mode = WAL");
    // A crash of the machine may lose the last transactions, never the file: lost events are read from the chain again.
    database.pragma("synchronous = NORMAL");
    migrate(database, deploymentId, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function migrate(database: Database.Database, deploymentId: string, all: readonly string[]): void {
  inTransaction(database, () => {
    const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
    if (version > all.length) throw new ForeignStoreError("it was written by a later version of this program");
    for (const statements of all.slice(version)) database.exec(statements);
    if (version === 0) database.prepare("INSERT INTO deployment (id) VALUES (?)").run(deploymentId);
    const row = database.prepare("SELECT id FROM deployment").get() as { id: string } | undefined;
    if (row?.id !== deploymentId) throw new ForeignStoreError("it belongs to another deployment");
    database.exec(`PRAGMA user_version = ${all.length}`);
  });
}

/** Runs `work` as one transaction, during which no other process writes; all of it is kept, or nothing. */
export function inTransaction<T>(database: Database.Database, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
