import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keccak256, numberToHex } from "viem";
import { EarningsIndex, EarningsStore } from "../../scripts/api/earnings";
import { computeSettlement, nothingCarried } from "../../scripts/keeper/compute/computeSettlement";
import { type SettledEpoch } from "../../scripts/keeper/facts/settledEpochs";
import { DueStage } from "../keeper/run/dueStage";

const rootOf = (epoch: number) => keccak256(numberToHex(epoch));
const json = (epoch: number) => JSON.stringify({ earnedWei: String(epoch), miner: null, stakes: [] });

describe("The file with everyone's earnings", () => {
  let folder: string;
  let problems: string[];
  const opened: EarningsStore[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "moderntensor-earnings-"));
    problems = [];
  });

  afterEach(() => {
    for (const store of opened.splice(0)) store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(deployment = "chain-1-00000000"): EarningsStore {
    const store = new EarningsStore(join(folder, "earnings.sqlite"), deployment, (said) => problems.push(said));
    opened.push(store);
    return store;
  }

  /** What an account earned in the first epochs, by epoch; undefined if that is not known. */
  function earned(store: EarningsStore, account: string, epochs: number, root = rootOf) {
    const known = store.known([...new Array(epochs).keys()], root);
    const of = store.of(account, known);
    return Array.from({ length: epochs }, (_, epoch) => (known.has(epoch) ? (of.get(epoch) ?? "nothing") : undefined));
  }

  it("gives every process that opens it each epoch's earnings, only under the root that they were added with", async () => {
    const store = open();
    await store.add(0, rootOf(0), [["0xa", json(0)]]);
    await store.add(2, rootOf(2), [
      ["0xa", json(2)],
      ["0xb", json(3)],
    ]);
    const other = open();
    expect(earned(other, "0xa", 4)).to.deep.equal([json(0), undefined, json(2), undefined]);
    expect(earned(other, "0xb", 4)).to.deep.equal(["nothing", undefined, json(3), undefined]);
    expect(earned(other, "0xa", 4, (epoch) => rootOf(epoch + 1))).to.deep.equal(new Array(4).fill(undefined));
    expect(problems).to.deep.equal([]);
  });

  it("replaces an epoch's earnings if it was settled again: nothing of the earlier ones remains", async () => {
    const store = open();
    await store.add(0, rootOf(0), [
      ["0xa", json(1)],
      ["0xb", json(2)],
    ]);
    await store.add(0, rootOf(9), [["0xa", json(3)]]);
    const again = () => rootOf(9);
    expect([earned(store, "0xa", 1, again), earned(store, "0xb", 1, again)]).to.deep.equal([[json(3)], ["nothing"]]);
    expect(earned(store, "0xa", 1)).to.deep.equal([undefined]);
  });

  it("shows an epoch's earnings only once all of them are written", async () => {
    const store = open();
    const rows = Array.from({ length: 1_200 }, (_, i) => [`0x${i}`, json(i)] as const);
    const adding = store.add(0, rootOf(0), rows);
    expect(earned(store, "0x0", 1)).to.deep.equal([undefined]);
    await adding;
    expect(earned(store, "0x1199", 1)).to.deep.equal([json(1_199)]);
  });

  it("lets other work run while it writes the earnings of 10,000 accounts", async () => {
    const store = open();
    let turns = 0;
    const turn = () => {
      turns++;
      next = setImmediate(turn);
    };
    let next = setImmediate(turn);
    await store.add(
      0,
      rootOf(0),
      Array.from({ length: 10_000 }, (_, i) => [`0x${i}`, json(i)] as const),
    );
    clearImmediate(next);
    expect(turns).to.be.greaterThan(15);
  });

  it("is set aside and created again if it is damaged or belongs to another deployment", async () => {
    writeFileSync(join(folder, "earnings.sqlite"), "this is no database".repeat(1_000));
    const store = open();
    expect(earned(store, "0xa", 1)).to.deep.equal([undefined]);
    await store.add(0, rootOf(0), [["0xa", json(0)]]);
    expect(earned(store, "0xa", 1)).to.deep.equal([json(0)]);
    const foreign = open("chain-2-00000000");
    expect(earned(foreign, "0xa", 1)).to.deep.equal([undefined]);
    expect(problems).to.have.length(2);
    for (const said of problems) {
      expect(said).to.match(
        /^Can't use .+earnings\.sqlite \(.*\): set aside as .+earnings\.sqlite\.set-aside and created again\.$/,
      );
    }
    expect(readdirSync(folder)).to.include("earnings.sqlite.set-aside");
  });

  it("is replaced with memory if it can't be written", async () => {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "a file in a folder's place");
    const store = open();
    await store.add(0, rootOf(0), [["0xa", json(0)]]);
    expect(earned(store, "0xa", 1)).to.deep.equal([json(0)]);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.match(/^Can't use .+ \(.*\): using memory instead until the next start\.$/);
  });

  describe("is filled from the archive", () => {
    let stage: DueStage;
    const settled = (...roots: readonly `0x${string}`[]) =>
      roots.map((rewardsRoot) => ({ settlement: { rewardsRoot }, reposts: [] })) as unknown as readonly SettledEpoch[];

    beforeEach(() => {
      stage = new DueStage();
    });

    afterEach(() => {
      stage.close();
    });

    it("with every archived epoch under its root on chain, unless it is stopped", async () => {
      const { archive } = await stage.keeper();
      const store = open();
      const index = new EarningsIndex(archive, store);
      const computed = await computeSettlement(stage.chain(), 0, nothingCarried);
      await archive.save(computed);
      const chain = settled(computed.tree.root, rootOf(1));
      const told: unknown[] = [];
      await index.fill(chain, (...progress) => told.push(progress), AbortSignal.abort());
      expect([earned(store, "0xa", 1, () => computed.tree.root), told]).to.deep.equal([[undefined], []]);

      await index.fill(settled(rootOf(9)), () => undefined, new AbortController().signal);
      expect(store.known([0], () => rootOf(9)).size).to.equal(0);

      await index.fill(chain, (...progress) => told.push(progress), new AbortController().signal);
      expect(earned(store, "0xa", 1, () => computed.tree.root)).to.deep.equal(["nothing"]);
      expect(told).to.deep.equal([
        ["epochs indexed", 1, 2],
        ["epochs indexed", 2, 2],
      ]);
    });
  });
});
