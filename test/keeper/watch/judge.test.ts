import { expect } from "chai";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, numberToHex, pad, zeroHash } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { type Settlement } from "../../../scripts/core/settlement";
import { computeSettlement, nothingCarried } from "../../../scripts/keeper/compute/computeSettlement";
import { readSettledEpochs, type SettledEpoch } from "../../../scripts/keeper/facts/settledEpochs";
import { writeCheckpoint } from "../../../scripts/keeper/verify/checkpoint";
import { EndpointQuorum, EndpointsDisagreeError } from "../../../scripts/keeper/watch/endpointQuorum";
import { judgeSettlements, saveCheckpoint } from "../../../scripts/keeper/watch/judge";
import { type Watcher, WatchMemory } from "../../../scripts/keeper/watch/memory";
import { type WatchEvent } from "../../../scripts/keeper/watch/watchEvents";
import { answeringChain, blockAt, logOf, logsAmong } from "../../shared/answeringChain";
import { quietViews } from "../../shared/quietNetwork";
import { rejection } from "../../shared/rejection";

const bytes = (number: number): Hex => pad(numberToHex(number));
const wrong = bytes(99);

/** A network without any activity: no epoch gives any rewards, and its root is that of no rewards. */
describe("A watcher that judges settled epochs", () => {
  let directory: string;
  let events: WatchEvent[];
  let memory: WatchMemory;
  /** The roots that the epochs posted, and those that were posted instead of vetoed ones. */
  let roots: readonly Hex[];
  let reposts: { readonly epoch: number; readonly root: Hex }[];
  let vetoes: { readonly epoch: number; readonly root: Hex }[];
  /** The calls that the endpoint received. */
  let questions: string[];
  /** The only endpoint, which has read no events yet. */
  let chain: Connection;
  /** The settlements that the facts call for. */
  let settlements: readonly Settlement[];
  let onFactsRead: () => void;
  let checkpointFile: string;

  before(async () => {
    [questions, roots, reposts, vetoes] = [[], [], [], []];
    onFactsRead = () => undefined;
    const computed = [0, 1, 2].map((epoch) => computeSettlement(endpoint(), epoch, nothingCarried));
    settlements = (await Promise.all(computed)).map(({ settlement }) => settlement);
  });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    checkpointFile = join(directory, "checkpoint.json");
    [events, roots, reposts, vetoes, questions] = [[], [], [], [], []];
    memory = new WatchMemory(0);
    onFactsRead = () => undefined;
    chain = endpoint();
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  function logs() {
    const settled = roots.map((rewardsRoot, epoch) => ({
      epoch: BigInt(epoch),
      settlement: { ...settlements[epoch]!, rewardsRoot },
      ...{ minted: 0n, recycled: 0n, totalSupply: 1_000n },
    }));
    const vetoed = vetoes.map(({ epoch, root }) => ({ epoch: BigInt(epoch), root, wasClaimable: false }));
    const reposted = reposts.map(({ epoch, root }) => {
      return { epoch: BigInt(epoch), root, inputsHash: settlements[epoch]!.inputsHash, returned: 0n };
    });
    return [
      ...settled.map((args, i) => logOf("treasury", "EpochSettled", args, { block: 10 + i })),
      ...vetoed.map((args, i) => logOf("treasury", "RootVetoed", args, { block: 30 + i })),
      ...reposted.map((args, i) => logOf("treasury", "RootReposted", args, { block: 40 + i })),
    ];
  }

  function endpoint(): Connection {
    return answeringChain(
      {
        views: {
          "treasury.nextEpochToSettle": () => BigInt(roots.length),
          ...quietViews,
          "stakingLens.seatedValidators": () => {
            onFactsRead();
            return [];
          },
        },
        methods: {
          eth_blockNumber: () => "0x32",
          eth_getLogs: (filter: Record<string, unknown>) => logsAmong(logs())(filter),
          eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : 50, 0),
        },
      },
      {},
      (question) => questions.push(question),
    );
  }

  function watcher(): Watcher {
    return {
      connection: chain,
      memory,
      tell: (event: WatchEvent) => events.push(event),
      clock: () => 5,
      stopping: new AbortController().signal,
      singleEndpoints: () => [],
      checkpointFile,
    } as unknown as Watcher;
  }

  async function judge(): Promise<void> {
    const members = [{ endpoint: "its node", connection: chain }];
    await judgeSettlements(watcher(), new EndpointQuorum(50n, 1, members, new Set(), () => undefined));
  }

  /** The reported events, by kind and epoch. */
  const news = () =>
    events.map((event) => [
      event.kind,
      "finding" in event ? event.finding.epoch : "epoch" in event ? event.epoch : null,
    ]);

  /** Judges again, with an endpoint that shows the chain as it is now. */
  async function judgeAgain(): Promise<void> {
    events.length = 0;
    questions.length = 0;
    chain = endpoint();
    await judge();
  }

  /** How often the facts of an epoch were read. */
  const inspections = () => questions.filter((question) => question === "stakingLens.seatedValidators").length;

  it("reports once for each epoch whether its settlement is the one that the facts call for", async () => {
    roots = [zeroHash, zeroHash, zeroHash];
    await judge();
    expect(news()).to.deep.equal([
      ["verified", 0],
      ["verified", 1],
      ["verified", 2],
    ]);
    expect(inspections(), "each was read once").to.equal(3);
    expect(memory.points.map(({ nextEpoch, root }) => [nextEpoch, root])).to.deep.equal([
      [2, zeroHash],
      [3, zeroHash],
    ]);
    expect([memory.settled.length, memory.progressAt]).to.deep.equal([3, 5]);
    await judgeAgain();
    expect([events, inspections()]).to.deep.equal([[], 0]);
  });

  it("reports a root that the facts don't call for, once the only endpoint has shown it twice", async () => {
    roots = [zeroHash, wrong, zeroHash];
    await judge();
    expect(news()).to.deep.equal([
      ["verified", 0],
      ["different", 1],
      ["verified", 2],
    ]);
    expect(inspections()).to.equal(4);
    expect(events[1]).to.deep.include({ isRootWrong: true });
    expect(memory.judgements.get(1)!.finding).to.include({ root: wrong, rightRoot: zeroHash });
  });

  it("concludes nothing if the only endpoint shows another settlement, or none, the second time", async () => {
    for (const next of [[zeroHash], []]) {
      roots = [wrong];
      chain = endpoint();
      onFactsRead = () => {
        roots = next;
      };
      memory = new WatchMemory(0);
      const members = [{ endpoint: "its node", connection: chain }];
      const quorum = new EndpointQuorum(50n, 1, members, new Set(), () => undefined);
      const failure = await rejection(judgeSettlements(watcher(), quorum), EndpointsDisagreeError);
      expect(failure.message).to.match(/^The only endpoint gave two different answers for epoch 0,/);
      expect(events).to.deep.equal([]);
    }
  });

  it("judges a reposted root, and reports whether it is right", async () => {
    roots = [zeroHash, wrong];
    await judge();
    vetoes = [{ epoch: 1, root: wrong }];
    reposts = [{ epoch: 1, root: zeroHash }];
    await judgeAgain();
    expect(events).to.deep.equal([{ kind: "repostVerified", epoch: 1, root: zeroHash }]);
    reposts = [...reposts, { epoch: 1, root: bytes(98) }];
    await judgeAgain();
    expect(news()).to.deep.equal([["different", 1]]);
  });

  it("reports the settlements that a reorganisation dropped, and judges the new ones", async () => {
    roots = [zeroHash, zeroHash, zeroHash];
    await judge();
    roots = [zeroHash];
    await judgeAgain();
    expect(news()).to.deep.equal([
      ["reorganised", 1],
      ["reorganised", 2],
    ]);
    expect([memory.settled.length, memory.points.length]).to.deep.equal([1, 0]);
    roots = [zeroHash, zeroHash];
    await judgeAgain();
    expect(news()).to.deep.equal([
      ["verified", 0],
      ["verified", 1],
    ]);
  });

  describe("with a checkpoint", () => {
    const write = (epoch: number) => writeCheckpoint(checkpointFile, chain, epoch, zeroHash, nothingCarried);

    it("begins after the checkpoint's epoch, and takes its root as the previous one", async () => {
      roots = [wrong, zeroHash, zeroHash];
      await write(1);
      await judge();
      expect(news()).to.deep.equal([["verified", 2]]);
      expect(memory.judgements.get(2)).to.include({ rightRootBefore: zeroHash });
    });

    it("begins with the first epoch if the chain doesn't have the checkpoint's root, and reports that", async () => {
      roots = [zeroHash, wrong];
      await write(1);
      await judge();
      expect(news()).to.deep.equal([
        ["checkpointRefused", null],
        ["verified", 0],
        ["different", 1],
      ]);
      expect(existsSync(checkpointFile)).to.equal(false);
    });

    it("leaves the file alone if nothing is new", async () => {
      writeFileSync(checkpointFile, "no checkpoint");
      await judge();
      expect(readFileSync(checkpointFile, "utf8")).to.equal("no checkpoint");
    });
  });

  describe("saves as its checkpoint", () => {
    /** The epoch of the checkpoint that is saved; undefined if none is. */
    async function saved(): Promise<number | undefined> {
      rmSync(checkpointFile, { force: true });
      await saveCheckpoint(watcher());
      if (!existsSync(checkpointFile)) return undefined;
      return (JSON.parse(readFileSync(checkpointFile, "utf8")) as { content: { epoch: number } }).content.epoch;
    }

    it("the epoch before the newest, once there are two", async () => {
      expect(await saved()).to.equal(undefined);
      roots = [zeroHash];
      await judgeAgain();
      expect(await saved()).to.equal(undefined);
      roots = [zeroHash, zeroHash, zeroHash];
      await judgeAgain();
      expect(await saved()).to.equal(1);
    });

    it("no epoch whose root is wrong or vetoed, and none while a wrong root is live", async () => {
      roots = [zeroHash, zeroHash];
      await judge();
      const { settled } = memory;
      const [first, second] = settled as [SettledEpoch, SettledEpoch];
      memory.settled = [{ ...first, settlement: { ...first.settlement, rewardsRoot: wrong } }, second];
      expect(await saved()).to.equal(undefined);
      memory.settled = [{ ...first, isVetoed: true }, second];
      expect(await saved()).to.equal(undefined);
      memory.settled = settled;
      memory.wrongRoots = new Map([[wrong, 0]]);
      expect(await saved()).to.equal(undefined);
      memory.wrongRoots = new Map();
      expect(await saved()).to.equal(0);
    });

    it("nothing before the newest epoch is judged", async () => {
      roots = [zeroHash, zeroHash];
      await judge();
      roots = [zeroHash, zeroHash, zeroHash];
      memory.settled = await readSettledEpochs(endpoint());
      expect(await saved()).to.equal(undefined);
    });

    it("nothing if the disk refuses, and reports that", async () => {
      roots = [zeroHash, zeroHash];
      await judge();
      events.length = 0;
      rmSync(directory, { recursive: true });
      writeFileSync(directory, "in the way");
      await saveCheckpoint(watcher());
      expect(events).to.have.lengthOf(1);
      expect(events[0]).to.include({ kind: "failed", during: "writing the checkpoint", retryInSeconds: 0 });
    });
  });
});
