import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Hex, keccak256, toBytes } from "viem";
import { connectionOf, transportOf } from "../../scripts/chain/connection";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { type ComputedEpoch } from "../../scripts/keeper/compute/computeSettlement";
import { proofOf } from "../../scripts/core/rewardTree/proofs";
import { accountAt } from "../../scripts/core/rewardTree/rewardList";
import { type RewardTree } from "../../scripts/core/rewardTree/buildRewardTree";
import { type Settlement } from "../../scripts/core/settlement";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { type Corruption, corrupted, corruptions } from "../shared/corruptions";
import { andForget, type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { refusal } from "../shared/rejection";
import { type RunningWatcher, startTestWatcher, type WatcherChanges } from "../keeper/watch/runningWatcher";
import { goToDue, liveThrough, startOf } from "./world";

const claimDelaySeconds = 20;
/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

/** All corruptions would take long: here one for each kind of reaction, and in the long tests all of them. */
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
    await world.node.control.setAutomine(true);
  });

  after(async () => {
    await world.node.stop();
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
    const { settlementQuorum } = connection.contracts;
    return transact(connection, people.keeper, {
      ...settlementQuorum,
      functionName: "settleEpoch",
      args: [settlement],
    });
  }

  async function passTime(seconds: number) {
    const { timestamp } = await world.connection.reader.getBlock();
    await world.node.advanceTo(timestamp + BigInt(seconds));
  }

  const passDelay = () => passTime(claimDelaySeconds);

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

  it("vetoes each wrong root within the claim delay, and nothing else, through every reorganisation", async () => {
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
    const { transactionHash: hash } = watcher.told("vetoSent").at(-1)!;
    const { reader } = world.connection;
    const [{ gas }, { gasUsed }] = await Promise.all([
      reader.getTransaction({ hash }),
      reader.getTransactionReceipt({ hash }),
    ]);
    expect(4n * gas >= 5n * gasUsed, "room for another root to be removed").to.equal(true);
    await passDelay();
    expect(await refusal(claimFrom(tree)), what).to.include({ errorName: "RootNotClaimable" });
  }

  /** A settlement that steals everything, with its tree. */
  async function theft() {
    const { settlement, tree } = await corrupted(corruptions[0]!, honest, world);
    return { settlement, tree: tree! };
  }

  it("that starts when a stolen root is already claimable pauses the Treasury and vetoes the root, at once", async () => {
    await andForget(world, async () => {
      const { settlement, tree } = await theft();
      await post(settlement);
      await passDelay();
      const watcher = watch({ guardian: guardian() });
      await watcher.until("wrongRootGone");
      expect(watcher.told("vetoSent").map(({ pauses, fromEpoch }) => ({ pauses, fromEpoch }))).to.deep.equal([
        { pauses: true, fromEpoch: epoch },
      ]);
      expect(await refusal(claimFrom(tree))).to.include({ errorName: "TreasuryPaused" });
      await asKeeper("unpause");
      expect(await refusal(claimFrom(tree))).to.include({ errorName: "RootNotClaimable" });
      await running.pop()!.stop();
    });
  });

  it("vetoes a pending root even if its guardian may not pause yet, and reports it if only a pause would help", async () => {
    const { connection } = world;
    const { treasury } = connection.contracts;
    await andForget(world, async () => {
      for (const functionName of ["pause", "unpause"] as const) {
        await transact(connection, guardian(), { ...treasury, functionName, args: [] });
      }
      await post((await theft()).settlement);
      const watcher = watch({ guardian: guardian(), replaceAfterSeconds: 2 * claimDelaySeconds });
      await watcher.until("wrongRootGone");
      expect(watcher.told("vetoSent").map(({ pauses, fromEpoch }) => ({ pauses, fromEpoch }))).to.deep.equal([
        { pauses: false, fromEpoch: epoch },
      ]);
      await running.pop()!.stop();
    });
    await andForget(world, async () => {
      for (const functionName of ["pause", "unpause"] as const) {
        await transact(connection, guardian(), { ...treasury, functionName, args: [] });
      }
      await post((await theft()).settlement);
      await passDelay();
      const watcher = watch({ guardian: guardian() });
      await watcher.until("failed");
      expect(watcher.told("failed")[0]).to.include({ during: "vetoing a wrong root" });
      expect(watcher.told("failed")[0]!.reason).to.contain("GuardianMustRest");
      expect(watcher.told("vetoSent")).to.deep.equal([]);
      await running.pop()!.stop();
    });
  });

  it("without a key reports a wrong root, and leaves the veto to the guardian", async () => {
    await andForget(world, async () => {
      await post((await theft()).settlement);
      const watcher = watch();
      await watcher.untilLooked();
      expect(watcher.told("different").map(({ isRootWrong }) => isRootWrong)).to.deep.equal([true]);
      expect(watcher.told("vetoSent")).to.deep.equal([]);
      await running.pop()!.stop();
    });
  });

  it("does no harm if run twice: the root is vetoed, and at most two vetoes are sent", async () => {
    await andForget(world, async () => {
      await post((await theft()).settlement);
      const watchers = [watch({ guardian: guardian() }), watch({ guardian: world.people.keeper })];
      await Promise.all(watchers.map((watcher) => watcher.untilLooked()));
      await Promise.all(watchers.map((watcher) => watcher.untilLooked()));
      const sent = watchers.flatMap((watcher) => watcher.told("vetoSent"));
      expect(sent.length).to.be.within(1, 2);
      expect((await world.connection.contracts.treasury.read.vetoedSettlement())[0]).to.equal(true);
      await Promise.all(running.splice(0).map((watcher) => watcher.stop()));
    });
  });

  it("outbids its own veto with the same nonce if it isn't mined in time", async () => {
    const { node, connection } = world;
    await andForget(world, async () => {
      await post((await theft()).settlement);
      await node.control.setAutomine(false);
      const nonce = await connection.reader.getTransactionCount({ address: guardian() });
      let seconds = 0;
      const watcher = watch({ guardian: guardian(), replaceAfterSeconds: 1, clock: () => seconds++ });
      await watcher.until("vetoSent", 3);
      expect(watcher.told("wrongRootGone")).to.deep.equal([]);
      await passTime(1);
      await node.control.setAutomine(true);
      await watcher.until("wrongRootGone");
      await running.pop()!.stop();
      const sent = watcher.told("vetoSent");
      expect(new Set(sent.map((veto) => veto.nonce))).to.deep.equal(new Set([nonce]));
      for (const [index, { maxFeePerGasWei }] of sent.slice(1).entries()) {
        expect(maxFeePerGasWei * 8n >= sent[index]!.maxFeePerGasWei * 9n).to.equal(true);
      }
      expect(await connection.reader.getTransactionCount({ address: guardian() })).to.equal(nonce + 1);
      expect((await connection.contracts.treasury.read.vetoedSettlement())[0]).to.equal(true);
    });
  });

  it("pays no more than the ceiling for a veto: it reports the price, and vetoes once gas is cheaper", async () => {
    const { node, connection } = world;
    const [dear, cheap, maxFeePerGasWei] = [50n, 1n, 40n].map((gwei) => gwei * 10n ** 9n) as [bigint, bigint, bigint];
    await andForget(world, async () => {
      await post((await theft()).settlement);
      await node.control.setNextBlockBaseFeePerGas({ baseFeePerGas: dear });
      await passTime(1);
      const watcher = watch({ guardian: guardian(), maxFeePerGasWei });
      await watcher.until("feeAboveCeiling", 2);
      const [waiting] = watcher.told("feeAboveCeiling");
      expect(waiting!.ceilingWei).to.equal(maxFeePerGasWei);
      expect(waiting!.askedWei >= dear).to.equal(true);
      expect(watcher.told("vetoSent")).to.deep.equal([]);
      await node.control.setNextBlockBaseFeePerGas({ baseFeePerGas: cheap });
      await passTime(1);
      await watcher.until("wrongRootGone");
      expect(watcher.told("vetoSent")[0]!.maxFeePerGasWei <= maxFeePerGasWei).to.equal(true);
      expect((await connection.contracts.treasury.read.vetoedSettlement())[0]).to.equal(true);
      await running.pop()!.stop();
    });
  });

  it("reports once each epoch that nobody settles within a reveal window after it is due, not counting pauses", async () => {
    const { clock } = world.connection.deployment.config;
    const revealSeconds = clock.revealSlots * clock.slotSeconds;
    await andForget(world, async () => {
      const due = await world.connection.contracts.treasury.read.revealEnd([BigInt(epoch)]);
      await world.node.advanceTo(due + BigInt(revealSeconds) - 1n);
      const watcher = watch();
      await watcher.untilLooked();
      expect(watcher.told("overdue")).to.deep.equal([]);
      const { connection, people } = world;
      const { treasury } = connection.contracts;
      await transact(connection, people.keeper, { ...treasury, functionName: "pause", args: [] });
      await world.node.advanceTo(due + BigInt(revealSeconds) + 5n);
      await watcher.untilLooked();
      await watcher.untilLooked();
      await transact(connection, people.keeper, { ...treasury, functionName: "unpause", args: [] });
      await watcher.untilLooked();
      expect(watcher.told("overdue")).to.deep.equal([]);
      await world.node.advanceTo((await connection.reader.getBlock()).timestamp + BigInt(revealSeconds) + 5n);
      await watcher.until("overdue");
      await watcher.untilLooked();
      expect(watcher.told("overdue").map((alert) => [alert.epoch, alert.dueAt])).to.deep.equal([[epoch, Number(due)]]);
      expect(watcher.told("overdue")[0]!.secondsOverdue).to.be.within(revealSeconds + 1, revealSeconds + 10);
      await post(honest.settlement);
      await goToDue(world, epoch + 1);
      await world.node.advanceTo(startOf(world, epoch + 2, 3 * clock.revealSlots));
      await watcher.until("overdue", 2);
      expect(watcher.told("overdue")[1]).to.include({ epoch: epoch + 1 });
      await running.pop()!.stop();
    });
  });

  it("checks everything from the first epoch if its checkpoint is damaged, and writes a correct one", async () => {
    const checkpointFile = join(world.node.dataDirectory, "damaged.json");
    await andForget(world, async () => {
      await post(honest.settlement);
      await watch({ checkpointFile }).untilLooked();
      await running.pop()!.stop();
      const right = readFileSync(checkpointFile, "utf8");
      writeFileSync(checkpointFile, right.replace('"epoch":1', '"epoch":0'));
      const watcher = watch({ checkpointFile });
      await watcher.untilLooked();
      expect(watcher.told("checkpointRefused")).to.deep.equal([
        {
          kind: "checkpointRefused",
          reason: `${checkpointFile} was changed after it was written; it is set aside as damaged.json.set-aside.`,
        },
      ]);
      expect(watcher.told("verified").map((event) => event.epoch)).to.deep.equal([0, 1, 2]);
      expect(readFileSync(checkpointFile, "utf8")).to.equal(right);
      await running.pop()!.stop();
    });
  });

  it("checks reposts too: it confirms a correct one and vetoes a wrong one", async () => {
    await andForget(world, async () => {
      const { settlement } = await theft();
      await post(settlement);
      const watcher = watch({ guardian: guardian() });
      await watcher.until("wrongRootGone");
      const { inputsHash, rewardsRoot } = settlement;
      await repost(rewardsRoot, inputsHash);
      await watcher.until("wrongRootGone", 2);
      expect(watcher.told("different")).to.have.lengthOf(2);
      await repost(honest.settlement.rewardsRoot, inputsHash);
      await watcher.until("repostVerified");
      await watcher.untilLooked();
      expect(watcher.told("different")).to.have.lengthOf(2);
      expect(watcher.told("vetoSent")).to.have.lengthOf(2);
      const [pending] = await world.connection.contracts.treasury.read.pendingRoot();
      expect(pending).to.equal(honest.settlement.rewardsRoot);
      await running.pop()!.stop();
    });
  });

  it("judges only the newest epoch again after a restart", async () => {
    const checkpointFile = join(world.node.dataDirectory, "restarted.json");
    await andForget(world, async () => {
      await post(honest.settlement);
      await watch({ checkpointFile }).untilLooked();
      await running.pop()!.stop();
      const watcher = watch({ checkpointFile });
      await watcher.untilLooked();
      expect(watcher.told("verified").map((event) => event.epoch)).to.deep.equal([epoch]);
      await running.pop()!.stop();
    });
  });

  it("that can't check anything for half a claim delay reports it once, and vetoes nothing", async () => {
    const { connection } = world;
    const dead = connectionOf(transportOf("http://127.0.0.1:9"), connection.deployment);
    let seconds = 0;
    const clock = () => (seconds += claimDelaySeconds / 4);
    const watcher = startTestWatcher(dead, { checkpointFile: "unused.json", guardian: guardian(), clock });
    await watcher.until("failed", 4);
    await watcher.stop();
    expect(watcher.told("blind")).to.have.lengthOf(1);
    expect(watcher.told("blind")[0]!.secondsWithoutProgress).to.be.at.least(claimDelaySeconds / 2);
    expect(watcher.told("vetoSent")).to.deep.equal([]);
  });

  function asKeeper(functionName: "pause" | "unpause") {
    const { connection, people } = world;
    return transact(connection, people.keeper, { ...connection.contracts.treasury, functionName, args: [] });
  }

  function repost(root: Hex, inputsHash: Hex) {
    const { connection, people } = world;
    const args = [BigInt(epoch), root, inputsHash, 0n] as const;
    const { settlementQuorum } = connection.contracts;
    return transact(connection, people.keeper, { ...settlementQuorum, functionName: "repostRoot", args });
  }
});
