import { existsSync, renameSync, rmSync } from "node:fs";
import type Database from "libsql";
import { ForeignStoreError, inMemory, openDatabase } from "./database";

/** A store was replaced by an empty one: what was read of it before is void. */
export class StoreReplacedError extends Error {
  override readonly name = "StoreReplacedError";
}

const damage = new Set(["SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT"]);

/**
 * The file of a cache that several processes share. Whatever is wrong with it never stops anybody: a damaged file, or another
 * deployment's, is set aside, and where none can be written, memory takes its place.
 */
export class StoreFile {
  #path: string;
  #database: Database.Database | undefined;

  /**
   * @param path A file, or `inMemory`. It is opened when it is needed.
   * @param migrations As openDatabase.
   * @param onProblem Told, in one sentence, when the file was given up.
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
   * Asks the database, or writes to it.
   * @throws StoreReplacedError where it can't be used: from then on there is an empty one in its place.
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

/** Renames a database; what SQLite keeps beside it would not fit the next one. @returns Whether that could be done. */
function setAside(path: string): boolean {
  try {
    for (const end of ["-wal", "-shm"]) rmSync(`${path}${end}`, { force: true });
    if (existsSync(path)) renameSync(path, `${path}.set-aside`);
    return true;
  } catch {
    return false;
  }
}
