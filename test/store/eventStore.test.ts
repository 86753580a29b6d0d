import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { inMemory, openDatabase } from "../../scripts/store/database";
import { EventStore } from "../../scripts/store/eventStore";
import { eventMigrations } from "../../scripts/store/schema";
import { StoreReplacedError } from "../../scripts/store/storeFile";
import { endAt, eventsOf, eventsPerBlock } from "./events";

const isFinal = (): boolean => true;
const everything = { names: ["Slashed", "StakeChanged"], untilBlock: 1_000_000 };

describe("The event store", () => {
  let directory: string;
  let path: string;
  const problems: string[] = [];
  const open = (): EventStore => new EventStore(path, "the deployment", (sentence) => problems.push(sentence));
  const filled = (): EventStore => {
    const store = open();
    store.append(undefined, eventsOf(0, 9), endAt(9), isFinal);
    store.append(endAt(9), eventsOf(10, 19), endAt(19), isFinal);
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

  it("gives back what was added, in the order of the chain, to every process that opens it", () => {
    filled().close();
    const store = open();
    expect(store.readBlocks()).to.deep.equal([endAt(19), endAt(9)]);
    expect(store.select(everything)).to.deep.equal(eventsOf(0, 19));
  });

  it("finds events by name, epoch and subject, after a place, up to a block, the first few or the last one", () => {
    const store = filled();
    const all = eventsOf(0, 19);
    const slashed = all.filter(({ name }) => name === "Slashed");
    const of = (query: object) => store.select({ names: ["Slashed"], untilBlock: 1_000, ...query });
    expect(of({})).to.deep.equal(slashed);
    expect(of({ epoch: 1 })).to.deep.equal(slashed.slice(10));
    expect(of({ subject: "0x3" })).to.deep.equal(slashed.filter(({ block }) => block % 4 === 3));
    expect(of({ untilBlock: 7 })).to.deep.equal(slashed.slice(0, 8));
    expect(of({ latest: true })).to.deep.equal(slashed.slice(-1));
    expect(store.select({ ...everything, after: { block: 4, log: 1 }, limit: 4 })).to.deep.equal(all.slice(14, 18));
    expect(store.select({ ...everything, untilBlock: 7, latest: true })).to.deep.equal(all.slice(23, 24));
  });

  it("takes a range only after the one that its reader saw last, and then all of it", () => {
    const store = filled();
    expect(store.append(endAt(9), eventsOf(10, 12), endAt(12), isFinal)).to.equal(false);
    expect(store.append(undefined, eventsOf(0, 3), endAt(3), isFinal)).to.equal(false);
    const [twice] = eventsOf(30, 30);
    expect(() => store.append(endAt(19), [twice!, twice!], endAt(30), isFinal)).to.throw(/UNIQUE constraint failed/);
    expect(open().select(everything)).to.have.lengthOf(20 * eventsPerBlock);
  });

  it("forgets what comes after a block, and tells every process so", () => {
    const [first, second] = [filled(), open()];
    first.trust(15);
    expect(second.rewinds(0)).to.deep.equal({ count: 0, lowestBlock: null });
    second.rewind(9);
    expect(first.readBlocks()).to.deep.equal([endAt(9)]);
    expect(first.select(everything)).to.deep.equal(eventsOf(0, 9));
    expect(first.trustedBlock()).to.equal(9);
    first.rewind();
    expect(second.rewinds(0)).to.deep.equal({ count: 2, lowestBlock: -1 });
    expect(second.rewinds(1)).to.deep.equal({ count: 2, lowestBlock: -1 });
    expect(second.rewinds(2)).to.deep.equal({ count: 2, lowestBlock: null });
    expect(second.select(everything)).to.deep.equal([]);
  });

  it("keeps the ends of ranges back to the newest final one, so that the file does not grow with looks", () => {
    const store = open();
    let newest = undefined;
    for (let block = 0; block < 700; block++) {
      store.append(newest, [], endAt(block), (number) => number < 300);
      newest = endAt(block);
    }
    expect(store.readBlocks().map(({ number }) => number)).to.deep.equal(
      Array.from({ length: 401 }, (_, i) => 699 - i),
    );
  });

  describe("sets the file aside, with one sentence, and begins anew where it", () => {
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
          /events\.sqlite can't be used \(.+\): it is set aside as .+events\.sqlite\.set-aside, and made anew\.$/,
        );
        expect(existsSync(`${path}.set-aside`)).to.equal(true);
        expect(store.readBlocks()).to.deep.equal([]);
        expect(store.append(undefined, eventsOf(0, 1), endAt(1), isFinal)).to.equal(true);
        expect(open().select(everything)).to.deep.equal(eventsOf(0, 1));
      });
    }

    it("belongs to another deployment", () => {
      filled().close();
      const store = new EventStore(path, "another deployment", (sentence) => problems.push(sentence));
      expect(() => store.readBlocks()).to.throw(StoreReplacedError);
      expect(problems[0]).to.contain("(it belongs to another deployment): it is set aside");
      expect(store.readBlocks()).to.deep.equal([]);
    });

    it("was written by a later version of the program", () => {
      const database = openDatabase(path, "the deployment", eventMigrations);
      database.exec("PRAGMA user_version = 1000");
      database.close();
      const store = open();
      expect(() => store.readBlocks()).to.throw(StoreReplacedError);
      expect(problems[0]).to.contain("(it was written by a later version of this program): it is set aside");
    });
  });

  it("is opened where the file is empty, as a process leaves it that was killed at once", () => {
    mkdirSync(join(directory, "chain"));
    writeFileSync(path, "");
    expect(open().readBlocks()).to.deep.equal([]);
    expect(problems).to.deep.equal([]);
  });

  it("goes on in memory where there can be no file, and says so", () => {
    mkdirSync(path, { recursive: true });
    const store = open();
    expect(() => store.readBlocks()).to.throw(StoreReplacedError);
    expect(problems[0]).to.match(/can't be used \(.+\): memory takes its place until the next start\.$/);
    expect(store.append(undefined, eventsOf(0, 1), endAt(1), isFinal)).to.equal(true);
    expect(store.select(everything)).to.deep.equal(eventsOf(0, 1));
  });

  it("lives in memory alone where it is told to", () => {
    const store = new EventStore(inMemory, "the deployment");
    store.append(undefined, eventsOf(0, 1), endAt(1), isFinal);
    expect(store.select(everything)).to.have.lengthOf(2 * eventsPerBlock);
    expect(new EventStore(inMemory, "the deployment").readBlocks()).to.deep.equal([]);
  });
});
