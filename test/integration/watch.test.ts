import { expect } from "chai";
import { join } from "node:path";
import { keccak256, toBytes } from "viem";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/client/openArchive";
import { type ComputedEpoch } from "../../scripts/keeper/computeSettlement";
import { proofOf } from "../../scripts/keeper/core/rewardTree/proofs";
import { accountAt } from "../../scripts/keeper/core/rewardTree/rewardList";
import { type RewardTree } from "../../scripts/keeper/core/rewardTree/buildRewardTree";
import { type Settlement } from "../../scripts/keeper/core/settlement";
import { settleNextEpoch } from "../../scripts/keeper/settleEpoch";
import { type Corruption, corrupted, corruptions } from "../shared/corruptions";
import { andForget, type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { refusal } from "../shared/rejection";
import { type RunningWatcher, startTestWatcher, type WatcherChanges } from "../service/watch/runningWatcher";
import { goToDue, liveThrough } from "./world";

const claimDelaySeconds = 20;
/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

/** All kinds of corruption take their time: here every sort of answer once, in the long tests all of them. */
const shown = process.env.MDT_LONG === "1" ? corruptions : [0, 5, 6, 8].map((index) => corruptions[index]!);

describe("keeper watch", () => {
  let world: DelayedWorld;
  let honest: ComputedEpoch;
  let running: RunningWatcher[] = [];
  let started = 0;

  before(async () => {
    world = await startDelayedWorld(claimDelaySeconds);
    const { connection, people, accounts } = world;
    const { treasury } = connection.contracts;
    const args = [keccak256(toBytes("GUARDIAN_ROLE")), accounts[13]!] as const;
    await transact(connection, people.keeper, { ...treasury, functionName: "grantRole", args });
    await goToDue(world, 1);
    await settle(true);
    await settle(true);
    await liveThrough(world, epoch);
    honest = await settle(false);
  });

  afterEach(async () => {
    await Promise.all(running.map((watcher) => watcher.stop()));
    running = [];
  });

  after(() => {
    world.node.stop();
  });

  async function settle(isSent: boolean): Promise<ComputedEpoch> {
    const { connection, people, node } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    const signer = isSent ? people.keeper : undefined;
    const outcome = await settleNextEpoch(connection, archive, { signer, payRecipientsUpTo: 0 });
    if (outcome.kind !== "settled" && outcome.kind !== "ready") return expect.fail(outcome.kind);
    return outcome.computed;
  }

  function watch(changes: Partial<WatcherChanges> = {}): RunningWatcher {
    const checkpointFile = join(world.node.dataDirectory, `watch-${++started}.json`);
    const watcher = startTestWatcher(world.connection, { checkpointFile, ...changes });
    running.push(watcher);
    return watcher;
  }

  const guardian = () => world.accounts[13]!;

  /** Settles with the keeper's key, as its owner or a thief does. */
  function post(settlement: Settlement) {
    const { connection, people } = world;
    const { treasury } = connection.contracts;
    return transact(connection, people.keeper, { ...treasury, functionName: "settleEpoch", args: [settlement] });
  }

  async function passDelay() {
    const { timestamp } = await world.connection.reader.getBlock();
    await world.node.advanceTo(timestamp + BigInt(claimDelaySeconds));
  }

  /** Claims as the thief would: everything that the tree promises to its first account. */
  async function claimFrom(tree: RewardTree) {
    const { connection, people } = world;
    const { account, cumulativeWei, proof } = proofOf(tree, accountAt(tree.list, 0));
    const args = [account, cumulativeWei, proof] as const;
    return transact(connection, people.stranger, { ...connection.contracts.treasury, functionName: "claim", args });
  }

  it("verifies an honest settlement, and vetoes nothing", async () => {
    const watcher = watch({ guardian: guardian() });
    await andForget(world, async () => {
      await post(honest.settlement);
      await watcher.until("verified", 3);
      await watcher.untilLooked();
      expect(watcher.told("verified").map((event) => event.epoch)).to.deep.equal([0, 1, 2]);
      expect(watcher.told("different")).to.deep.equal([]);
      const [pending] = await world.connection.contracts.treasury.read.pendingRoot();
      expect(pending).to.equal(honest.settlement.rewardsRoot);
    });
  });

  it("vetoes each wrong root inside the delay, and nothing else, through every reorganisation", async () => {
    const watcher = watch({ guardian: guardian() });
    await watcher.untilLooked();
    for (const [index, corruption] of shown.entries()) {
      const { settlement, tree } = await corrupted(corruption, honest, world);
      await andForget(world, () => attack(watcher, corruption, settlement, tree, index));
      await watcher.until("reorganised", index + 1);
    }
  });

  async function attack(
    watcher: RunningWatcher,
    { what, isRootWrong }: Corruption,
    settlement: Settlement,
    tree: RewardTree | undefined,
    index: number,
  ) {
    const { treasury } = world.connection.contracts;
    await post(settlement);
    await watcher.until("different", index + 1);
    await watcher.untilLooked();
    expect(watcher.told("different").at(-1), what).to.include({ isRootWrong });
    const [isVetoed] = await treasury.read.vetoedSettlement();
    expect(isVetoed, what).to.equal(isRootWrong);
    expect(await treasury.read.paused(), what).to.equal(false);
    if (!isRootWrong || tree === undefined) return;
    await passDelay();
    expect(await refusal(claimFrom(tree)), what).to.include({ errorName: "RootNotClaimable" });
  }
});
