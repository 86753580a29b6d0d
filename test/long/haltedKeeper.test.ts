import { expect } from "chai";
import { join } from "node:path";
import { encodeFunctionData } from "viem";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { repostVetoedEpoch } from "../../scripts/keeper/settle/repostEpoch";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { acceptEpoch } from "../../scripts/keeper/run/objections";
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { newState, stateAfter } from "../../scripts/serve/health";
import { observableKeeper } from "../../scripts/serve/keeper";
import { goToDue, liveThrough } from "../integration/world";
import { type KeeperChanges, type RunningKeeper, startTestKeeper } from "../keeper/run/runningKeeper";
import { corrupted, corruptions } from "../shared/corruptions";
import { type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";

/** Five epochs are settled before this one, in which work is bad, so that a part is burned. */
const epoch = 5;

describe("A keeper that finds something wrong", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: DelayedWorld;
  let keeper: RunningKeeper | undefined;

  before(async () => {
    world = await startDelayedWorld(32);
    await goToDue(world, 1);
    await settle();
    await settle();
    for (let e = 2; e < epoch; e++) {
      await liveThrough(world, e);
      await settle();
    }
    await liveThrough(world, epoch, () => 1);
  });

  afterEach(() => keeper?.stop());

  after(async () => {
    await world.node.stop();
  });

  async function settle(isSent = true) {
    const { connection, people, node } = world;
    const signer = isSent ? people.keeper : undefined;
    const archive = await openArchive(connection, node.dataDirectory);
    return settleNextEpoch(connection, archive, { signer, payRecipientsUpTo: 0 });
  }

  async function start(changes: Partial<KeeperChanges> = {}): Promise<RunningKeeper> {
    const { connection, people, node } = world;
    const { dataDirectory } = node;
    return (keeper = await startTestKeeper(connection, { signer: people.keeper, dataDirectory, ...changes }));
  }

  const nextEpoch = async () => Number(await world.connection.contracts.treasury.read.nextEpochToSettle());

  /** Which checks fail after these events. */
  async function failingAfter(events: readonly KeeperEvent[]): Promise<readonly string[]> {
    const state = events.reduce(
      (before, event) => stateAfter(observableKeeper, before, event, 1_000),
      newState(observableKeeper, 1_000),
    );
    const checks = await observableKeeper.check({
      limits: { turnSeconds: 1, lookSeconds: 1, overdueSeconds: Infinity },
      now: () => 1_000,
      state: () => state,
      endpoints: () => [{ endpoint: "one", disabled: null } as never],
      isGuardian: () => Promise.resolve(true),
    });
    return checks.filter(({ ok }) => !ok).map(({ name }) => name);
  }

  it("doesn't sign an unusual epoch: it reports it once, keeps checking, and isn't ready", async () => {
    const running = await start({ maxJumpFactor: 0 });
    await running.until("halted");
    await running.until("looked", running.told("looked").length + 5);
    expect(running.told("halted")).to.have.lengthOf(1);
    const { reason, ...halted } = running.told("halted")[0]!;
    expect(halted).to.deep.equal({ kind: "halted", epoch, mayBeAccepted: true });
    expect(reason).to.match(/^[\d.]+ MDT would be burned, far more than the usual [\d.]+ MDT$/);
    expect(running.told("computed")).to.have.lengthOf(1);
    expect([running.told("sent"), running.told("failed")]).to.deep.equal([[], []]);
    expect(await failingAfter(running.events)).to.deep.equal(["halted"]);
    expect(await nextEpoch()).to.equal(epoch);
  });

  it("signs it, without a restart, once a person has accepted this epoch, not another", async () => {
    const directory = join(world.node.dataDirectory, world.connection.deployment.id);
    await acceptEpoch(directory, epoch + 1);
    const running = await start({ maxJumpFactor: 0 });
    await running.until("halted");
    await running.until("looked", running.told("looked").length + 2);
    await acceptEpoch(directory, epoch);
    await running.until("final", epoch + 1);
    expect(running.told("halted")).to.have.lengthOf(1);
    expect(await nextEpoch()).to.equal(epoch + 1);
  });

  it("builds nothing on a stolen epoch, and checks it again every minute; after its veto and repost it continues", async () => {
    const { connection, people, node } = world;
    const { treasury, settlementQuorum } = connection.contracts;
    await liveThrough(world, epoch + 1);
    const outcome = await settle(false);
    if (outcome.kind !== "ready") throw new Error(`The epoch can't be settled: ${outcome.kind}`);
    const [everything] = corruptions;
    const { settlement } = await corrupted(everything!, outcome.computed, world);
    await transact(connection, people.keeper, { ...settlementQuorum, functionName: "settleEpoch", args: [settlement] });
    await liveThrough(world, epoch + 2);

    const hurriedClock = () => performance.now() / 10;
    const running = await start({ clock: hurriedClock, replaceAfterSeconds: 6_000 });
    await running.until("halted");
    const { rewardsRoot } = outcome.computed.settlement;
    expect(running.told("halted")).to.deep.equal([
      {
        kind: "halted",
        epoch: epoch + 2,
        reason: `Epoch ${epoch + 1} was settled incorrectly: rewardsRoot is ${settlement.rewardsRoot} on chain, but should be ${rewardsRoot}`,
        mayBeAccepted: false,
      },
    ]);
    const looks = running.told("looked").length;
    await running.until("looked", looks + 30);
    expect([running.told("halted").length, running.told("failed"), running.told("sent")]).to.deep.equal([1, [], []]);
    expect(await failingAfter(running.events)).to.deep.equal(["halted"]);

    const { abi } = treasury;
    const calls = [
      encodeFunctionData({ abi, functionName: "pause" }),
      encodeFunctionData({ abi, functionName: "vetoRoot", args: [BigInt(epoch + 1)] }),
      encodeFunctionData({ abi, functionName: "unpause" }),
    ] as const;
    await transact(connection, people.keeper, { ...treasury, functionName: "multicall", args: [calls] });
    await repostVetoedEpoch(connection, await openArchive(connection, node.dataDirectory), people.keeper);
    await running.until("final", epoch + 3);
    expect(await nextEpoch()).to.equal(epoch + 3);
    expect(await failingAfter(running.events)).to.deep.equal([]);
  });

  it("reports once that a correct root was vetoed, and settles the next epoch on it even without a repost", async () => {
    const { connection, people } = world;
    const vetoed = epoch + 2;
    const running = await start();
    await running.until("waiting");
    const args = [BigInt(vetoed)] as const;
    await transact(connection, people.keeper, { ...connection.contracts.treasury, functionName: "vetoRoot", args });
    await running.until("vetoed");
    await running.until("looked", running.told("looked").length + 5);
    expect([running.told("computed"), await nextEpoch()]).to.deep.equal([[], vetoed + 1]);
    await liveThrough(world, vetoed + 1);
    await running.until("final", vetoed + 2);
    expect(running.told("vetoed")).to.deep.equal([{ kind: "vetoed", epoch: vetoed }]);
    expect([running.told("failed"), running.told("halted")]).to.deep.equal([[], []]);
    const verified = { kind: "verified", fromEpoch: vetoed, toEpoch: vetoed + 1 };
    expect(await verifyEpochs(connection, vetoed + 1, { fromEpoch: vetoed })).to.deep.equal(verified);
  });
});
