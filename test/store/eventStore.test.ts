import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { inMemory, openDatabase, StoreReplacedError } from "../../scripts/store/storeFile";
import { EventStore, eventMigrations } from "../../scripts/store/eventStore";
import { endAt, eventsOf, eventsPerBlock, rangeOf } from "./events";

const everything = { names: ["Slashed", "StakeChanged"], untilBlock: 1_000_000 };

/** The blocks up to which events were read as final, the newest first. */
function readBlocks(store: EventStore): unknown {
  return store.use((database) => database.prepare("SELECT number, hash FROM blocks ORDER BY number DESC").all());
}

describe("The event store", () => {
  let directory: string;
  let path: string;
  const problems: string[] = [];
  const open = (): EventStore => new EventStore(path, "the deployment", (sentence) => problems.push(sentence));
  const filled = (): EventStore => {
    const store = open();
    store.replace(undefined, rangeOf(0, 9));
    store.replace(endAt(9), rangeOf(10, 19));
    return store;
  };

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-store-"));
    path = join(directory, "chain", "events.sqlite");
    problems.length = 0;
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it("returns the added events, in chain order, to every process that opens it", () => {
    filled().close();
    const store = open();
    expect(readBlocks(store)).to.deep.equal([endAt(19), endAt(9)]);
    expect(store.select(everything)).to.deep.equal(eventsOf(0, 19));
  });

  it("finds events by name, epoch and subject, after a position, up to a block, the first few or the last one", () => {
    const store = filled();
    const all = eventsOf(0, 19);
    const slashed = all.filter(({ name }) => name === "Slashed");
    const of = (query: object) => store.select({ names: ["Slashed"], untilBlock: 1_000, ...query });
    expect(of({})).to.deep.equal(slashed);
    expect(of({ epoch: 1 })).to.deep.equal(slashed.slice(10));
    expect(of({ subject: "0x3" })).to.deep.equal(slashed.filter(({ block }) => block % 4 === 3));
    expect(of({ untilBlock: 7 })).to.deep.equal(slashed.slice(0, 8));
    expect(of({ newest: 1 })).to.deep.equal(slashed.slice(-1));
    expect(store.select({ ...everything, after: { block: 4, log: 1 }, limit: 4 })).to.deep.equal(all.slice(14, 18));
    expect(store.select({ ...everything, untilBlock: 7, newest: 1 })).to.deep.equal(all.slice(23, 24));
  });

  it("finds the events of tasks and of a miner by their arguments, and the newest first, up to a position", () => {
    const store = open();
    const events = eventsOf(0, 19).map((event, i) => ({
      ...event,
      args: JSON.stringify(event.name === "Slashed" ? { taskId: String(i / 3), minerId: i % 2 } : {}),
    }));
    store.replace(undefined, { ...rangeOf(0, 19), events });
    const tasks = events.filter(({ name }) => name === "Slashed");
    const of = (query: object) => store.select({ ...everything, ...query });
    expect(of({ tasks: [7, 3, 99] })).to.deep.equal([tasks[3], tasks[7]]);
    expect(of({ tasks: [7], untilBlock: 6 })).to.deep.equal([]);
    expect(of({ tasks: [] })).to.deep.equal([]);
    expect(of({ miner: 1, newest: 2, upTo: { block: 15, log: 0 } })).to.deep.equal([tasks[15], tasks[13]]);
    expect(of({ names: ["Slashed"], newest: 2, upTo: { block: 5, log: 2 } })).to.deep.equal([tasks[5], tasks[4]]);
  });

  it("accepts a range only if it follows the last one that its reader saw, and only as a whole", () => {
    const store = filled();
    expect(store.replace(endAt(9), rangeOf(10, 12))).to.equal(false);
    expect(store.replace(undefined, rangeOf(0, 3))).to.equal(false);
    expect(store.replace({ ...endAt(19), hash: "another" }, rangeOf(20, 21))).to.equal(false);
    const [twice] = eventsOf(30, 30);
    const broken = { ...rangeOf(20, 30), events: [twice!, twice!] };
    expect(() => store.replace(endAt(19), broken)).to.throw(/UNIQUE constraint failed/);
    expect(open().select(everything)).to.have.lengthOf(20 * eventsPerBlock);
    expect(readBlocks(store)).to.deep.equal([endAt(19), endAt(9)]);
  });

  it("replaces only events that weren't final, and only those of blocks that were read again", () => {
    const store = filled();
    const unsure = { ...rangeOf(20, 24), events: eventsOf(20, 23), forGood: undefined };
    expect(store.replace(endAt(19), unsure)).to.equal(true);
    expect(store.replace(endAt(19), { ...rangeOf(25, 29), forGood: undefined })).to.equal(true);
    expect(store.select(everything)).to.deep.equal([...eventsOf(0, 23), ...eventsOf(25, 29)]);
    expect(readBlocks(store)).to.deep.equal([endAt(19), endAt(9)]);
    expect(store.replace(endAt(19), { ...rangeOf(20, 27), forGood: endAt(22) })).to.equal(true);
    expect(store.select(everything)).to.deep.equal(eventsOf(0, 29));
    expect(readBlocks(store)).to.deep.equal([endAt(22), endAt(19), endAt(9)]);
    expect(store.rewinds(0).count).to.equal(0);
  });

  it("drops the events after a block, and lets every process know", () => {
    const [first, second] = [filled(), open()];
    first.trust(15);
    expect(second.rewinds(0)).to.deep.equal({ count: 0, lowestBlock: null });
    second.rewind(9);
    expect(readBlocks(first)).to.deep.equal([endAt(9)]);
    expect(first.select(everything)).to.deep.equal(eventsOf(0, 9));
    expect(first.trustedBlock()).to.equal(9);
    first.rewind();
    expect(second.rewinds(0)).to.deep.equal({ count: 2, lowestBlock: -1 });
    expect(second.rewinds(1)).to.deep.equal({ count: 2, lowestBlock: -1 });
    expect(second.rewinds(2)).to.deep.equal({ count: 2, lowestBlock: null });
    expect(second.select(everything)).to.deep.equal([]);
  });

  it("keeps only the 256 newest final blocks and the verified one, so that the file doesn't grow", () => {
    const store = open();
    for (let block = 0; block < 400; block++) {
      const newest = block === 0 ? undefined : endAt(block - 1);
      store.replace(newest, { ...rangeOf(block, block), events: [] });
      if (block === 9) store.trust(7);
    }
    const newest = Array.from({ length: 256 }, (_, i) => endAt(399 - i));
    expect(readBlocks(store)).to.deep.equal([...newest, endAt(7)]);
  });

  describe("sets the file aside, with one sentence, and starts again if it", () => {
    const damages: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
      "is no database": () => Buffer.from("x".repeat(10_000)),
      "breaks off": (bytes) => bytes.subarray(0, bytes.length / 2),
      "has overwritten pages": (bytes) => {
        for (let at = 4_096; at < bytes.length; at += 100) bytes[at]! ^= 0xff;
        return bytes;
      },
    };
    for (const [name, damage] of Object.entries(damages)) {
      it(name, () => {
        const whole = filled();
        whole.use((database) => database.pragma("wal_checkpoint(TRUNCATE)"));
        whole.close();
        writeFileSync(path, damage(readFileSync(path)));
        const store = open();
        expect(() => store.select(everything)).to.throw(StoreReplacedError);
        expect(problems).to.have.lengthOf(1);
        expect(problems[0]).to.match(
          /^Can't use .+events\.sqlite \(.+\): set aside as .+events\.sqlite\.set-aside and created again\.$/,
        );
        expect(existsSync(`${path}.set-aside`)).to.equal(true);
        expect(store.lastRead()).to.equal(undefined);
        expect(store.replace(undefined, rangeOf(0, 1))).to.equal(true);
        expect(open().select(everything)).to.deep.equal(eventsOf(0, 1));
      });
    }

    it("belongs to another deployment", () => {
      filled().close();
      const store = new EventStore(path, "another deployment", (sentence) => problems.push(sentence));
      expect(() => store.lastRead()).to.throw(StoreReplacedError);
      expect(problems[0]).to.contain("(it belongs to another deployment): set aside");
      expect(store.lastRead()).to.equal(undefined);
    });

    it("belongs to another deployment, and another process has it open: SQLite's extra files are removed, too", () => {
      const held = filled();
      const beside = () => ["-wal", "-shm"].map((end) => statSync(`${path}${end}`).ino);
      const before = beside();
      const store = new EventStore(path, "another deployment", (sentence) => problems.push(sentence));
      expect(() => store.lastRead()).to.throw(StoreReplacedError);
      expect(store.lastRead()).to.equal(undefined);
      expect(store.select(everything)).to.deep.equal([]);
      expect(problems).to.have.lengthOf(1);
      for (const inode of beside()) expect(before).not.to.include(inode);
      held.close();
    });

    it("was written by a later version of the program", () => {
      const database = openDatabase(path, "the deployment", eventMigrations);
      database.exec("PRAGMA user_version = 1000");
      database.close();
      const store = open();
      expect(() => store.lastRead()).to.throw(StoreReplacedError);
      expect(problems[0]).to.contain("(it was written by a later version of this program): set aside");
    });
  });

  it("is opened if the file is empty, as a process that was killed at once leaves it", () => {
    mkdirSync(join(directory, "chain"));
    writeFileSync(path, "");
    expect(open().lastRead()).to.equal(undefined);
    expect(problems).to.deep.equal([]);
  });

  it("continues in memory if it can't create its file, and reports that", () => {
    mkdirSync(path, { recursive: true });
    const store = open();
    expect(() => store.lastRead()).to.throw(StoreReplacedError);
    expect(problems[0]).to.match(/^Can't use .+ \(.+\): using memory instead until the next start\.$/);
    expect(store.replace(undefined, rangeOf(0, 1))).to.equal(true);
    expect(store.select(everything)).to.deep.equal(eventsOf(0, 1));
  });

  it("stays in memory if configured so", () => {
    const store = new EventStore(inMemory, "the deployment");
    store.replace(undefined, rangeOf(0, 1));
    expect(store.select(everything)).to.have.lengthOf(2 * eventsPerBlock);
    expect(new EventStore(inMemory, "the deployment").lastRead()).to.equal(undefined);
  });
});
