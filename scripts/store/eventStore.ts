import { inTransaction, StoreFile } from "./storeFile";

/**
 * The tables of a deployment's event store, one migration after the other; docs/events.md explains them for anyone's
 * own SQL. The file is a cache: it can be deleted at any time, and the chain always overrides it.
 */
export const eventMigrations: readonly string[] = [
  `
  CREATE TABLE deployment (
    id TEXT NOT NULL,
    -- Up to this block, what was computed from the events agreed with the contracts' views; NULL where nothing was.
    trusted_block INTEGER
  );
  -- Up to which blocks the events were read while final, the newest only; those of later blocks are read again and replaced.
  CREATE TABLE blocks (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL
  );
  -- One row each time that the events after \`block\` were forgotten, because they proved wrong or a reorganisation dropped their blocks.
  CREATE TABLE rewinds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    block INTEGER NOT NULL
  );
  CREATE TABLE events (
    block INTEGER NOT NULL,
    log INTEGER NOT NULL,
    transaction_index INTEGER NOT NULL,
    transaction_hash TEXT NOT NULL,
    block_hash TEXT NOT NULL,
    contract TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The argument \`epoch\`, where the event has one.
    epoch INTEGER,
    -- The first address among its arguments, in lower case: a validator, an account, a client.
    subject TEXT,
    -- All arguments by name, as JSON: amounts as decimal strings.
    args TEXT NOT NULL,
    PRIMARY KEY (block, log)
  ) WITHOUT ROWID;
  CREATE INDEX events_in_order ON events (name, block, log);
  CREATE INDEX events_of_epoch ON events (name, epoch);
  CREATE INDEX events_of_subject ON events (name, subject, block, log);
  `,
  `
  CREATE INDEX events_of_task ON events (name, args ->> '$.taskId') WHERE args ->> '$.taskId' IS NOT NULL;
  CREATE INDEX events_of_miner ON events (name, args ->> '$.minerId', block, log) WHERE args ->> '$.minerId' IS NOT NULL;
  `,
];

/** An event as it is stored; the names are those of the columns (schema.ts). */
export interface EventRow {
  readonly block: number;
  readonly log: number;
  readonly transaction_index: number;
  readonly transaction_hash: string;
  readonly block_hash: string;
  readonly contract: string;
  readonly name: string;
  readonly epoch: number | null;
  readonly subject: string | null;
  readonly args: string;
}

/** A block that was final when the events up to it were read. */
export interface ReadBlock {
  readonly number: number;
  readonly hash: string;
}

/** The events read from a range of blocks. */
export interface ReadRange {
  /** The first and the last block. */
  readonly first: number;
  readonly end: number;
  readonly events: readonly EventRow[];
  /** The last of its blocks that is final; undefined if all of it may be replaced. */
  readonly forGood: ReadBlock | undefined;
}

/** Which events to select. */
export interface EventQuery {
  readonly names: readonly string[];
  /** Up to this block, inclusive. */
  readonly untilBlock: number;
  /** Only those after this place. */
  readonly after?: Place | undefined;
  /** Only those up to this place, inclusive. */
  readonly upTo?: Place | undefined;
  readonly epoch?: number | undefined;
  readonly subject?: string | undefined;
  /** Only those of these tasks. */
  readonly tasks?: readonly number[] | undefined;
  /** Only those of this miner. */
  readonly miner?: number | undefined;
  /** At most this many, from the first on. */
  readonly limit?: number | undefined;
  /** At most this many of the last ones, the last one first. */
  readonly newest?: number | undefined;
}

/** Where an event is in the chain. */
export interface Place {
  readonly block: number;
  readonly log: number;
}

/** Newest blocks that are kept, to trace back a chain that drops final blocks. */
const keptBlocks = 256;

/** Also keeps the block up to which the events have proven right, to begin there again. */
const pruneBlocks = `
  DELETE FROM blocks WHERE number < (SELECT number FROM blocks ORDER BY number DESC LIMIT 1 OFFSET ?)
  AND number IS NOT (SELECT MAX(number) FROM blocks WHERE number <= (SELECT trusted_block FROM deployment))`;

/** The events of a deployment that were read from the chain, in a file that several processes share. */
export class EventStore extends StoreFile {
  /** @param path, onProblem See StoreFile. */
  constructor(path: string, deploymentId: string, onProblem: (sentence: string) => void = () => undefined) {
    super(path, deploymentId, eventMigrations, onProblem);
  }

  /** The newest `ReadBlock` up to `until`, inclusive; undefined if there is none. */
  lastRead(until = Number.MAX_SAFE_INTEGER): ReadBlock | undefined {
    const newest = "SELECT number, hash FROM blocks WHERE number <= ? ORDER BY number DESC LIMIT 1";
    return this.use((database) => database.prepare(newest).get(until) as ReadBlock | undefined);
  }

  /**
   * Replaces what is stored of a range of blocks: all of it or nothing.
   * @param known What `lastRead` returned when the range was read.
   * @returns False if it has changed since, because another process wrote: nothing is replaced then.
   */
  replace(known: ReadBlock | undefined, { first, end, events, forGood }: ReadRange): boolean {
    return this.use((database) =>
      inTransaction(database, () => {
        const found = this.lastRead();
        if (found?.number !== known?.number || found?.hash !== known?.hash) return false;
        database.prepare("DELETE FROM events WHERE block BETWEEN ? AND ?").run(first, end);
        const insert = database.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const event of events) insert.run(...valuesOf(event));
        if (forGood === undefined) return true;
        database.prepare("INSERT OR IGNORE INTO blocks VALUES (?, ?)").run(forGood.number, forGood.hash);
        database.prepare(pruneBlocks).run(keptBlocks - 1);
        return true;
      }),
    );
  }

  /** Forgets everything after a block; everything if it is undefined. */
  rewind(block = -1): void {
    this.use((database) => {
      inTransaction(database, () => {
        database.prepare("DELETE FROM events WHERE block > ?").run(block);
        database.prepare("DELETE FROM blocks WHERE number > ?").run(block);
        database.prepare("UPDATE deployment SET trusted_block = ? WHERE trusted_block > ?").run(block, block);
        database.prepare("INSERT INTO rewinds (block) VALUES (?)").run(block);
      });
    });
  }

  /**
   * How often the store was rewound so far, by any process, and the lowest block of the rewinds after number `since`.
   */
  rewinds(since: number): { readonly count: number; readonly lowestBlock: number | null } {
    return this.use((database) => {
      const row = database
        .prepare("SELECT MAX(id) AS count, MIN(CASE WHEN id > ? THEN block END) AS lowest FROM rewinds")
        .get(since);
      const { count, lowest } = row as { count: number | null; lowest: number | null };
      return { count: count ?? 0, lowestBlock: lowest };
    });
  }

  /** The block up to which the events have proven right; null if there is none. */
  trustedBlock(): number | null {
    return this.use((database) => {
      const row = database.prepare("SELECT trusted_block FROM deployment").get() as { trusted_block: number | null };
      return row.trusted_block;
    });
  }

  trust(block: number): void {
    this.use((database) =>
      database.prepare("UPDATE deployment SET trusted_block = ? WHERE IFNULL(trusted_block, -1) < ?").run(block, block),
    );
  }

  /** The events in the order of the chain; from the last one back if `newest` is given. */
  select({ names, limit, newest, ...asked }: EventQuery): readonly EventRow[] {
    const { conditions, values } = conditionsOf(asked);
    const direction = newest === undefined ? "ASC" : "DESC";
    const few = newest ?? limit;
    const order = `ORDER BY block ${direction}, log ${direction} LIMIT ${few ?? -1}`;
    // Without the hint SQLite reads all events in their order instead of sorting the few of some tasks.
    const source = asked.tasks === undefined ? "events" : "events INDEXED BY events_of_task";
    const ofName = `SELECT * FROM ${source} WHERE name = ? AND ${conditions.join(" AND ")}`;
    // Takes the first few of each name by its index: for all names at once SQLite would sort all that comes after.
    const parts = names.map(() => (few === undefined ? ofName : `SELECT * FROM (${ofName} ${order})`));
    const query = `${parts.join(" UNION ALL ")} ${order}`;
    return this.use(
      (database) => database.prepare(query).all(...names.flatMap((name) => [name, ...values])) as EventRow[],
    );
  }
}

/** The conditions of a query, and the values in them. */
function conditionsOf({ untilBlock, after, upTo, epoch, subject, tasks, miner }: Omit<EventQuery, "names">) {
  const asked: readonly (readonly [condition: string, ...values: (string | number)[]] | undefined)[] = [
    ["block <= ?", untilBlock],
    after && ["(block, log) > (?, ?)", after.block, after.log],
    upTo && ["(block, log) <= (?, ?)", upTo.block, upTo.log],
    epoch === undefined ? undefined : ["epoch = ?", epoch],
    subject === undefined ? undefined : ["subject = ?", subject],
    tasks && ["args ->> '$.taskId' IN (SELECT value FROM json_each(?))", JSON.stringify(tasks.map(String))],
    miner === undefined ? undefined : ["args ->> '$.minerId' = ?", miner],
  ];
  const given = asked.filter((one) => one !== undefined);
  return { conditions: given.map(([condition]) => condition), values: given.flatMap(([, ...values]) => values) };
}

function valuesOf(event: EventRow): (string | number | null)[] {
  const { block, log, transaction_index, transaction_hash, block_hash, contract, name, epoch, subject, args } = event;
  return [block, log, transaction_index, transaction_hash, block_hash, contract, name, epoch, subject, args];
}
