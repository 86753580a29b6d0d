import { expect } from "chai";
import { join } from "node:path";
import { type Hex, toEventSelector } from "viem";
import { type Connection, connectionOf, transportOf, type Witness } from "../../scripts/chain/connection";
import { openArchive } from "../../scripts/client/openArchive";
import { collectFacts } from "../../scripts/keeper/collectFacts";
import { readFundsBefore } from "../../scripts/keeper/fundsBefore";
import { MissingEventsError } from "../../scripts/keeper/missingEvents";
import { readSettledEpochs } from "../../scripts/keeper/settledEpochs";
import { settleNextEpoch } from "../../scripts/keeper/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verifyEpochs";
import { OlderViewError, requireNoOlderView } from "../../scripts/service/olderView";
import { type RunningWatcher, startTestWatcher } from "../service/watch/runningWatcher";
import { type Fault } from "../shared/faults";
import { type FaultyLink, noFaults, openFaultyLink } from "../shared/faultyLink";
import { startNode } from "../shared/node";
import { rejection } from "../shared/rejection";
import { createWorld, goToDue, liveThrough, type World } from "./world";

/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

const topicOf = (signature: string): Hex => toEventSelector(signature);

describe("Endpoints that are not honest", () => {
  let world: World;
  let links: readonly FaultyLink[];
  let root: Hex;
  let watchers = 0;

  before(async () => {
    world = await createWorld(await startNode());
    const { node, people, connection } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    await goToDue(world, 1);
    for (const due of [0, 1, epoch]) {
      if (due === epoch) await liveThrough(world, epoch);
      await settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
    }
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

  const through = (link: FaultyLink): Connection => connectionOf(transportOf(link.url), world.connection.deployment);

  const witnesses = (count: number): readonly Witness[] =>
    links.slice(0, count).map((link) => ({ endpoint: link.url, connection: through(link) }));

  const does = (index: number, fault: Fault) => {
    links[index]!.follow(() => fault);
  };

  describe("that leave out events", () => {
    const transfer = topicOf("Transfer(address,address,uint256)");
    for (const [what, text, sentence] of [
      [
        "a delegation",
        (): string => world.people.delegators[1]!.slice(2),
        /^The whole stake of 0x\w{40} in wei is \d+ by the events that an endpoint gave, but \d+ by the contract: it leaves out events\.$/,
      ],
      [
        "a revelation of scores",
        (): string => topicOf("ScoresRevealed(uint64,address,bytes)"),
        /^Whether 0x\w{40} revealed scores for epoch 2 is false by the events that an endpoint gave, but true by the contract/,
      ],
      [
        "a policy",
        (): string => topicOf("PolicyPublished(uint64,bytes32,string)"),
        /^The number of policies is 0 by the events that an endpoint gave, but 1 by the contract/,
      ],
      [
        "a transfer into the pool",
        (): string => transfer,
        /^The pool's balance in wei is 0 by the events that an endpoint gave, but \d+ by the contract/,
      ],
      [
        "the newest settlement",
        (): string => root.slice(2),
        /^The next epoch to settle is 2 by the events that an endpoint gave, but 3 by the contract/,
      ],
    ] as const) {
      it(`lead to no result: ${what} is missed`, async () => {
        const settled = await readSettledEpochs(world.connection);
        const connection = through(links[0]!);
        await verifyEpochs(connection, epoch);
        does(0, { kind: "leaveOut", text: text() });
        const computing = async () => {
          await readSettledEpochs(connection);
          await readFundsBefore(connection, settled);
          await collectFacts(connection, epoch);
        };
        expect((await rejection(computing(), MissingEventsError)).message).to.match(sentence);
      });
    }
  });

  describe("that forge them", () => {
    const forged: Hex = `0x${"ab".repeat(32)}`;
    const lie = (): Fault => ({ kind: "forge", text: root.slice(2), instead: forged.slice(2) });

    /** A watcher that asks the first endpoint, and may ask the first `count` of them whether it is true. */
    function watch(count: number): RunningWatcher {
      const checkpointFile = join(world.node.dataDirectory, `watch-${++watchers}.json`);
      const guardian = world.people.keeper;
      return startTestWatcher(through(links[0]!), { checkpointFile, guardian, witnesses: () => witnesses(count) });
    }

    it("have no right root vetoed while another endpoint contradicts: the watcher says which", async () => {
      does(0, lie());
      const watcher = watch(2);
      await watcher.until("failed", 2);
      await watcher.stop();
      expect(watcher.told("failed")[0]).to.include({
        during: "judging settlements",
        reason: `Epoch 2 differs from its facts, but not as ${links[1]!.url} shows them: an endpoint is wrong, so nothing is vetoed.`,
      });
      expect(watcher.told("different")).to.deep.equal([]);
      expect(watcher.told("vetoSent")).to.deep.equal([]);
      expect(await world.connection.contracts.treasury.read.paused()).to.equal(false);
    });

    it("contradict in vain where two others show the difference", async () => {
      does(0, lie());
      does(1, lie());
      const watcher = watch(3);
      await watcher.until("different");
      await watcher.stop();
      expect(watcher.told("different")[0]).to.include({ isRootWrong: true });
    });
  });

  describe("that lag", () => {
    it("make nobody believe that a settlement was taken back, while another still shows its block", async () => {
      const settled = await readSettledEpochs(world.connection);
      const { blockNumber } = settled.at(-1)!;
      does(0, { kind: "stale", blocks: 3n });
      const { message } = await rejection(
        requireNoOlderView(blockNumber - 2n, settled, () => witnesses(2)),
        OlderViewError,
      );
      expect(message).to.equal(
        `The chain was shown up to block ${blockNumber - 2n} only, but block ${blockNumber}, in which epoch 2 was settled, is still there.`,
      );
    });

    it("are believed where nobody shows that block, for then the chain has become shorter", async () => {
      const settled = await readSettledEpochs(world.connection);
      const { blockNumber } = settled.at(-1)!;
      does(0, { kind: "stale", blocks: 3n });
      await requireNoOlderView(blockNumber - 2n, settled, () => witnesses(1));
    });

    it("are no question where the chain is shown as far as the settlement", async () => {
      const settled = await readSettledEpochs(world.connection);
      await requireNoOlderView(settled.at(-1)!.blockNumber, settled, () => expect.fail("nobody is asked"));
    });
  });
});
