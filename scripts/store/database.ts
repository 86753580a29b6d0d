import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import Database from "libsql";

/** A path that stands for a database in memory, which is gone with its process. */
export const inMemory = ":memory:";

/** A process that finds the database locked waits so long: a writer holds it for one range of blocks. */
const busyTimeoutMilliseconds = 15_000;

/** The file belongs to another deployment, or to a later version of the program. */
export class ForeignStoreError extends Error {
  override readonly name = "ForeignStoreError";
}

/**
 * Opens the SQLite database of a deployment, and makes it where there is none. Several processes may have it open: one at a
 * time writes, and nobody waits for readers.
 * @param migrations What makes its tables, one migration after the other; `deployment` is one of them.
 * @throws ForeignStoreError; SqliteError where it is damaged; Error where it can't be opened.
 */
export function openDatabase(path: string, deploymentId: string, migrations: readonly string[]): Database.Database {
  if (path !== inMemory) mkdirSync(dirname(path), { recursive: true });
  const database = new Database(path);
  try {
    // First of all, since the next statement already waits for others.
    database.pragma(`busy_timeout = ${busyTimeoutMilliseconds}`);
    database.pragma("journal_mode = WAL");
    // A crash of the machine may lose the last transactions, never the file: what is lost is read from the chain again.
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

/** Runs `work` as one transaction that no other process writes beside; all of it is kept, or nothing. */
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
