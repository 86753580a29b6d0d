import { expect } from "chai";
import { join } from "node:path";
import { type Address, type Hex, toEventSelector } from "viem";
import {
  type Connection,
  connectionOf,
  transportOf,
  type EventKeeping,
  eventsInMemory,
  type SingleEndpoint,
  singleEndpointsOf,
} from "../../scripts/chain/connection";
import { openPool } from "../../scripts/chain/rpc/pool";
import { defaultPoolSettings } from "../../scripts/chain/rpc/settings";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { collectFacts } from "../../scripts/keeper/facts/collectFacts";
import { listValidators } from "../../scripts/views/validators";
import { MissingEventsError } from "../../scripts/chain/badAnswers";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { OlderViewError, requireNoOlderView } from "../../scripts/keeper/run/look";
import {
  EndpointsDisagreeError,
  EndpointQuorum,
  quorumOf,
  openEndpointQuorum,
} from "../../scripts/keeper/watch/endpointQuorum";
import { type WatchEvent } from "../../scripts/keeper/watch/watchEvents";
import { WatchMemory } from "../../scripts/keeper/watch/memory";
import { type RunningWatcher, startTestWatcher, testWatcher } from "../keeper/watch/runningWatcher";
import { type Fault } from "../shared/faults";
import { type FaultyLink, noFaults, openFaultyLink } from "../shared/faultyLink";
import { startNode } from "../shared/node";
import { rejection } from "../shared/rejection";
import {
  commit,
  createWorld,
  doTask,
  goTo,
  goToDue,
  liveThrough,
  payloadOf,
  reveal,
  type Sealed,
  type World,
} from "../integration/world";

/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

const topicOf = (signature: string): Hex => toEventSelector(signature);

describe("Endpoints", () => {
  let world: World;
  let links: readonly FaultyLink[];
  let root: Hex;
  let watchers = 0;

  before(async () => {
    world = await createWorld(await startNode());
    const { node, connection } = world;
    await goToDue(world, 1);
    await settleUpTo(1);
    await liveThrough(world, epoch);
    await settleUpTo(epoch);
    root = (await readSettledEpochs(connection))[epoch]!.settlement.rewardsRoot;
    links = [await openFaultyLink(node.url), await openFaultyLink(node.url), await openFaultyLink(node.url)];
  });

  afterEach(() => {
    for (const link of links) link.follow(noFaults);
  });

  after(() => {
    for (const link of links) link.close();
    world.node.stop();
  });

  /** Settles every epoch up to `last`, which is due, as the keeper does. */
  async function settleUpTo(last: number): Promise<void> {
    const { node, people, connection } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    while (Number(await connection.contracts.treasury.read.nextEpochToSettle()) <= last) {
      await settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
    }
  }

  const through = (link: FaultyLink): Connection => connectionOf(transportOf(link.url), world.connection.deployment);

  const single = (link: FaultyLink): SingleEndpoint => ({ endpoint: link.url, connection: through(link) });

  const singleEndpoints = (count: number): readonly SingleEndpoint[] => links.slice(0, count).map(single);

  /** A watcher that may ask these endpoints, and vetoes with `guardian`'s key. */
  function watch(asked: readonly number[], guardian: Address | null = world.people.keeper): RunningWatcher {
    const checkpointFile = join(world.node.dataDirectory, `watch-${++watchers}.json`);
    const asking = asked.map((index) => single(links[index]!));
    const connection = through(links[asked[0]!]!);
    return startTestWatcher(connection, { checkpointFile, guardian, singleEndpoints: () => asking });
  }

  const does = (index: number, fault: Fault) => {
    links[index]!.follow(() => fault);
  };

  describe("that omit events", () => {
    const transfer = topicOf("Transfer(address,address,uint256)");
    for (const [what, text, sentence] of [
      [
        "a delegation",
        (): string => world.people.delegators[1]!.slice(2),
        /^The total stake of 0x\w{40} in wei is \d+ according to an endpoint's events, but \d+ according to the contract: the endpoint omits events\.$/,
      ],
      [
        "a reveal of scores",
        (): string => topicOf("ScoresRevealed(uint64,address,bytes)"),
        /^Whether 0x\w{40} revealed scores for epoch 2 is false according to an endpoint's events, but true according to the contract/,
      ],
      [
        "a policy",
        (): string => topicOf("PolicyPublished(uint64,bytes32,string)"),
        /^The number of policies is 0 according to an endpoint's events, but 1 according to the contract/,
      ],
      [
        "a miner",
        (): string => topicOf("MinerRegistered(uint32,address,uint64,uint256)"),
        /^The number of miners is 0 according to an endpoint's events, but 3 according to the contract/,
      ],
      [
        "a transfer into the pool",
        (): string => transfer,
        /^The pool's balance in wei is 0 according to an endpoint's events, but \d+ according to the contract/,
      ],
      [
        "the newest settlement",
        (): string => root.slice(2),
        /^The next epoch to settle is 2 according to an endpoint's events, but 3 according to the contract/,
      ],
    ] as const) {
      it(`lead to an error, not to a result, if ${what} is missing`, async () => {
        await verifyEpochs(through(links[0]!), epoch);
        does(0, { kind: "leaveOut", text: text() });
        const connection = through(links[0]!);
        const computing = async () => {
          await readSettledEpochs(connection);
          await collectFacts(connection, epoch);
        };
        expect((await rejection(computing(), MissingEventsError)).message).to.match(sentence);
      });
    }
  });

  it("that omit registrations never show a network without validators", async () => {
    does(0, { kind: "leaveOut", text: topicOf("ValidatorRegistered(address,uint64,uint256,uint256)") });
    const { message } = await rejection(listValidators(through(links[0]!)), MissingEventsError);
    expect(message).to.match(
      /^Whether 0x\w{40} ever registered is false according to an endpoint's events, but true according to/,
    );
  });

  describe("that forge events", () => {
    const forged: Hex = `0x${"ab".repeat(32)}`;
    const lie = (): Fault => ({ kind: "forge", text: root.slice(2), instead: forged.slice(2) });

    it("lead to an error, not to a result, if they attribute a delegation to the validator itself", async () => {
      const { validators, delegators } = world.people;
      does(0, { kind: "forge", text: delegators[1]!.slice(2), instead: validators[0]!.slice(2) });
      const { message } = await rejection(collectFacts(through(links[0]!), epoch), MissingEventsError);
      expect(message).to.match(
        /^The own stake of 0x\w{40} in wei is \d+ according to an endpoint's events, but \d+ according to/,
      );
    });

    it("can't have a correct root vetoed while another endpoint contradicts: the watcher names both", async () => {
      does(0, lie());
      const watcher = watch([0, 1]);
      await watcher.until("failed", 2);
      await watcher.stop();
      expect(watcher.told("failed")[0]).to.include({
        during: "checking settlements",
        reason: `Fewer than two endpoints agree on which epochs are settled, so the watcher can't judge it: ${links[0]!.url} gives a different answer; ${links[1]!.url} gives a different answer.`,
      });
      expect(watcher.told("different")).to.deep.equal([]);
      expect(watcher.told("vetoSent")).to.deep.equal([]);
      expect(await world.connection.contracts.treasury.read.paused()).to.equal(false);
    });

    it("are named by the watcher, once per subject, if two others agree, and it keeps checking", async () => {
      does(0, lie());
      const watcher = watch([0, 1, 2]);
      await watcher.untilLooked();
      await watcher.stop();
      expect(watcher.told("verified").map((event) => event.epoch)).to.deep.equal([0, 1, epoch]);
      expect(watcher.told("different")).to.deep.equal([]);
      expect(watcher.told("failed")).to.deep.equal([]);
      const dissenting = watcher.told("endpointDisagrees");
      expect(dissenting.map(({ endpoint, subject }) => [endpoint, subject])).to.deep.equal([
        [links[0]!.url, "which epochs are settled"],
        [links[0]!.url, "which roots can be claimed against"],
      ]);
    });

    it("are no longer named once they are honest: their earlier answers aren't kept", async () => {
      const [told, asked]: [WatchEvent[], readonly SingleEndpoint[]] = [[], singleEndpoints(3)];
      const head = await world.connection.reader.getBlockNumber();
      for (const fault of [lie(), { kind: "pass" } as const]) {
        does(0, fault);
        const quorum = new EndpointQuorum(head, 2, asked, new Set(), (event) => told.push(event));
        await quorum.agree("which epochs are settled", readSettledEpochs);
      }
      expect(told).to.have.lengthOf(1);
      const alone = new EndpointQuorum(head, 1, singleEndpoints(1), new Set(), (event) => told.push(event));
      const settled = (): Promise<unknown> => alone.agree("which epochs are settled", readSettledEpochs);
      does(0, { kind: "leaveOut", text: root.slice(2) });
      await rejection(settled(), MissingEventsError);
      does(0, { kind: "pass" });
      await settled();
    });

    it("are believed if two of three tell the same lie", async () => {
      does(0, lie());
      does(1, lie());
      const watcher = watch([0, 1, 2], null);
      await watcher.until("different");
      await watcher.stop();
      expect(watcher.told("different")[0]).to.include({ isRootWrong: true });
    });

    it("can't raise an alert with a single wrong answer, even if no other endpoint is in use", async () => {
      let settlementsRead = 0;
      links[0]!.follow((methods) =>
        methods.includes("eth_getLogs") && settlementsRead++ === 0 ? lie() : { kind: "pass" },
      );
      const watcher = watch([0]);
      await watcher.untilLooked();
      await watcher.stop();
      expect(watcher.told("failed").map(({ reason }) => reason)).to.deep.equal([
        "The only endpoint gave two different answers for epoch 2, so the watcher can't judge it.",
      ]);
      expect(watcher.told("different")).to.deep.equal([]);
      expect(watcher.told("verified").map((event) => event.epoch)).to.deep.equal([0, 1, epoch]);
    });
  });

  describe("that disagree", () => {
    /** Asks endpoints that answer with one letter each, in order. */
    function ask(
      says: string,
      dissenting: Set<string>,
      told: WatchEvent[],
      quorum = quorumOf(says.length),
    ): Promise<string> {
      const members = Array.from(says, (_, index) => ({ ...single(links[0]!), endpoint: `https://${index}` }));
      const answers = Array.from(says);
      const asked = new EndpointQuorum(0n, quorum, members, dissenting, (event) => told.push(event));
      return asked.agree("it", () => Promise.resolve(answers.shift()!));
    }

    for (const [says, finding, dissenting] of [
      ["aab", "a", []],
      ["baa", "a", [0]],
      ["aba", "a", [1]],
      ["abcc", null, []],
      ["abaa", "a", [1]],
      ["abacaa", "a", [1, 3]],
      ["ab", null, []],
      ["abc", null, []],
      ["a", "a", []],
    ] as const) {
      it(`and answer "${says}" one after the other lead a watcher to ${finding ?? "nothing"}`, async () => {
        const told: WatchEvent[] = [];
        const agreed = ask(says, new Set(), told);
        if (finding !== null) expect(await agreed).to.equal(finding);
        else
          expect((await rejection(agreed, EndpointsDisagreeError)).message).to.match(
            /^Fewer than (two|three) endpoints agree on it, /,
          );
        const named = told.map((event) => event.kind === "endpointDisagrees" && event.endpoint);
        expect(named).to.deep.equal(dissenting.map((index) => `https://${index}`));
      });
    }

    it("lead to nothing if fewer than must agree can be asked, even if those agree", async () => {
      const { message } = await rejection(ask("aa", new Set(), [], quorumOf(4)), EndpointsDisagreeError);
      expect(message).to.match(
        /^Fewer than three endpoints agree on it, so the watcher can't judge it: https:\/\/0 gives a different answer; /,
      );
    });

    it("are named once, and again only after they agreed in between", async () => {
      const told: WatchEvent[] = [];
      const dissenting = new Set<string>();
      for (const says of ["baa", "baa", "aab", "baa"]) await ask(says, dissenting, told);
      expect(told).to.have.lengthOf(2);
    });
  });

  describe("that lag", () => {
    it("can't make a settlement seem dropped while another endpoint still shows its block", async () => {
      const settled = await readSettledEpochs(world.connection);
      const { blockNumber } = settled.at(-1)!;
      does(0, { kind: "stale", blocks: 3n });
      const { message } = await rejection(
        requireNoOlderView(blockNumber - 2n, settled, () => singleEndpoints(2)),
        OlderViewError,
      );
      expect(message).to.equal(
        `An endpoint shows the chain only up to block ${blockNumber - 2n}, but block ${blockNumber}, which settled epoch 2, still exists.`,
      );
    });

    it("are believed if no endpoint shows that block, because the chain is then shorter", async () => {
      const settled = await readSettledEpochs(world.connection);
      const { blockNumber } = settled.at(-1)!;
      does(0, { kind: "stale", blocks: 3n });
      await requireNoOlderView(blockNumber - 2n, settled, () => singleEndpoints(1));
      const replaced = [...settled.slice(0, -1), { ...settled.at(-1)!, blockHash: root }];
      await requireNoOlderView(blockNumber - 2n, replaced, () => singleEndpoints(2));
    });

    it("aren't compared if the chain is shown as far as the settlement", async () => {
      const settled = await readSettledEpochs(world.connection);
      await requireNoOlderView(settled.at(-1)!.blockNumber, settled, () => expect.fail("nobody is asked"));
    });

    for (const [shifts, seen] of [
      [[0n, 0n, -3n], 0n],
      [[-3n, 0n, 5n], 0n],
      [[5n, -3n], -3n],
      [[-3n], -3n],
    ] as const) {
      it(`let the watcher see as far as a quorum of them does: heads shifted by ${shifts.join(", ")}`, async () => {
        shifts.forEach((blocks, index) => {
          does(index, { kind: "shiftHead", blocks });
        });
        const { connection } = world;
        const watcher = testWatcher(
          connection,
          { checkpointFile: "unused.json", singleEndpoints: () => singleEndpoints(shifts.length) },
          () => undefined,
          new AbortController().signal,
        );
        const { headBlock } = await openEndpointQuorum({ ...watcher, memory: new WatchMemory(0) });
        expect(headBlock).to.equal((await connection.reader.getBlockNumber()) + seen);
      });
    }
  });

  describe("that can't be asked", () => {
    /** Opens a quorum of endpoints with this many in use, of this many that were given. */
    function summon(inUse: number, endpointCount: number) {
      const { connection } = world;
      const changes = { checkpointFile: "unused.json", singleEndpoints: () => singleEndpoints(inUse), endpointCount };
      const watcher = testWatcher(connection, changes, () => undefined, new AbortController().signal);
      return openEndpointQuorum({ ...watcher, memory: new WatchMemory(0) });
    }

    it("still count for the quorum, which is more than half of all endpoints given", async () => {
      expect([1, 2, 3, 4, 5].map(quorumOf)).to.deep.equal([1, 2, 2, 3, 3]);
      for (const [inUse, given] of [
        [1, 2],
        [1, 3],
        [2, 4],
      ] as const) {
        expect((await rejection(summon(inUse, given), EndpointsDisagreeError)).message).to.equal(
          `Only ${inUse} of ${given} endpoints are in use, and ${quorumOf(given)} must agree, so the watcher can't judge anything.`,
        );
      }
      await summon(2, 3);
    });

    it("keep a watcher from any conclusion while two of three are disabled", async () => {
      const checkpointFile = join(world.node.dataDirectory, `watch-${++watchers}.json`);
      const alone = { singleEndpoints: () => singleEndpoints(1), endpointCount: 3 };
      const watcher = startTestWatcher(through(links[0]!), { checkpointFile, ...alone });
      await watcher.until("failed", 2);
      await watcher.stop();
      expect(watcher.told("verified")).to.deep.equal([]);
      expect(watcher.told("failed")[0]!.reason).to.match(/^Only 1 of 3 endpoints are in use/);
    });
  });

  describe("that are honest", () => {
    it("have one connection each, with its own store, however often they are looked up", () => {
      const stores: string[] = [];
      const storeOf: EventKeeping["storeOf"] = (deployment, name) => {
        stores.push(name);
        return eventsInMemory.storeOf(deployment, name);
      };
      const urls = links.map(({ url }) => url);
      const pool = openPool(urls, defaultPoolSettings, () => undefined);
      const lookUp = singleEndpointsOf(pool, world.connection.deployment, { storeOf });
      expect([lookUp(), lookUp()].flat().map(({ endpoint }) => endpoint)).to.deep.equal([...urls, ...urls]);
      pool.close();
      expect([stores.length, new Set(stores).size]).to.deep.equal([3, 3]);
    });

    /** How often logs are read while this runs. */
    async function readsOfLogs(doing: () => Promise<unknown>): Promise<number> {
      const reads = () => links.reduce((sum, { calls }) => sum + (calls.get("eth_getLogs") ?? 0), 0);
      const before = reads();
      await doing();
      return reads() - before;
    }

    /** A watcher without a checkpoint checks every epoch. */
    async function catchUp(): Promise<void> {
      const watcher = watch([0, 1]);
      await watcher.until("looked");
      await watcher.stop();
      expect(watcher.told("failed")).to.deep.equal([]);
      expect(watcher.told("different")).to.deep.equal([]);
    }

    it("are asked for each event once each by a watcher that catches up, however many epochs there are", async () => {
      const ofOneReading = await readsOfLogs(() => readSettledEpochs(through(links[0]!)));
      const ofThreeEpochs = await readsOfLogs(catchUp);
      await goToDue(world, 5);
      await settleUpTo(5);
      const ofSixEpochs = await readsOfLogs(catchUp);
      expect([ofThreeEpochs, ofSixEpochs]).to.deep.equal([2 * ofOneReading, 2 * ofOneReading]);
    });
  });

  describe("that hide a theft by forging scores that would justify it", () => {
    /** What validators say in epoch 6, and what the forger shows: the miner who has the keeper's key is the best. */
    const [told, shown] = [payloadOf([20_000, 40_000, 60_000]), payloadOf([60_000, 40_000, 20_000])];
    const stolenEpoch = 6;
    const lie = (): Fault => ({ kind: "forge", text: told.slice(2), instead: shown.slice(2) });

    before(async () => {
      const { connection, people, node } = world;
      await doTask(world, 0, 0);
      const sealed: Sealed[] = [];
      for (const validator of people.validators) sealed.push(await commit(world, validator, stolenEpoch, told));
      await goTo(world, stolenEpoch + 1);
      for (const one of sealed) await reveal(world, one);
      await goToDue(world, stolenEpoch);
      does(0, lie());
      const forged = through(links[0]!);
      const outcome = await settleNextEpoch(forged, await openArchive(forged, node.dataDirectory), {
        payRecipientsUpTo: 0,
      });
      if (outcome.kind !== "ready") return expect.fail(outcome.kind);
      const args = [outcome.computed.settlement] as const;
      const { settlementQuorum } = connection.contracts;
      await transact(connection, people.keeper, { ...settlementQuorum, functionName: "settleEpoch", args });
    });

    beforeEach(() => {
      does(0, lie());
    });

    it("deceive a watcher that asks no other endpoint", async () => {
      const watcher = watch([0]);
      await watcher.until("verified", stolenEpoch + 1);
      await watcher.stop();
      expect(watcher.told("different")).to.deep.equal([]);
    });

    it("can't have the epoch verified while another endpoint contradicts: the watcher names both", async () => {
      const watcher = watch([0, 1]);
      await watcher.until("failed", 2);
      await watcher.stop();
      expect(watcher.told("verified").map((event) => event.epoch)).to.deep.equal([0, 1, 2, 3, 4, 5]);
      expect(watcher.told("different")).to.deep.equal([]);
      expect(watcher.told("failed")[0]!.reason).to.equal(
        `Fewer than two endpoints agree on epoch 6, so the watcher can't judge it: ${links[0]!.url} gives a different answer; ${links[1]!.url} gives a different answer.`,
      );
    });

    it("can't prevent a veto if two others show the theft, even by dropping transactions, and are named", async () => {
      links[0]!.follow((methods) => (methods.includes("eth_sendTransaction") ? { kind: "dropCall" } : lie()));
      const watcher = watch([0, 1, 2]);
      await watcher.until("wrongRootGone");
      await watcher.stop();
      expect(watcher.told("different").map(({ finding }) => finding.epoch)).to.deep.equal([stolenEpoch]);
      expect(watcher.told("endpointDisagrees").map(({ endpoint, subject }) => [endpoint, subject])).to.deep.equal([
        [links[0]!.url, "epoch 6"],
      ]);
      expect((await world.connection.contracts.treasury.read.vetoedSettlement())[0]).to.equal(true);
    });
  });
});
