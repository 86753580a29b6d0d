/**
 * The tables of a deployment's event store, one migration after the other; docs/events.md explains them for people's own SQL.
 * The file is a cache: it can be deleted at any time, and nothing in it is believed over the chain.
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
