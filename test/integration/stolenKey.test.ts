import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, encodeFunctionData, zeroHash } from "viem";
import { transact } from "../../scripts/chain/transact";
import { treeOfRewards } from "../../scripts/keeper/compute/computeSettlement";
import { type Settlement } from "../../scripts/core/settlement";
import { proofOf } from "../../scripts/core/rewardTree/proofs";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { startTestWatcher } from "../keeper/watch/runningWatcher";
import { andForget, type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { refusal } from "../shared/rejection";
import { goToDue, settleThreeEpochs } from "./world";

const claimDelaySeconds = 20;
const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8").replace(/\s+/g, " ");

/** The percentage that the README states where `words` match. */
function stated(words: RegExp): bigint {
  const [, percent] = words.exec(readme) ?? expect.fail(`the README does not say ${words}`);
  return BigInt(percent!);
}

describe("With a stolen keeper's key", () => {
  let world: DelayedWorld;
  /** The correct settlement of the due epoch, on which the forged ones are based. */
  let due: Settlement;
  let ceilingWei: bigint;
  /** Unclaimed rewards of honest epochs, whose claim delay is over. */
  let unclaimedWei: bigint;

  before(async () => {
    world = await startDelayedWorld(claimDelaySeconds);
    const { treasury } = world.connection.contracts;
    const archive = await settleThreeEpochs(world);
    await goToDue(world, 3);
    const outcome = await settleNextEpoch(world.connection, archive, { payRecipientsUpTo: 0 });
    due = outcome.kind === "ready" ? outcome.computed.settlement : expect.fail(outcome.kind);
    ceilingWei = await treasury.read.emissionCeiling([due.epoch]);
    unclaimedWei = await held();
    expect(unclaimedWei > 0n).to.equal(true);
  });

  after(async () => {
    await world.node.stop();
  });

  const held = () => {
    const { token, treasury } = world.connection.contracts;
    return token.read.balanceOf([treasury.address]);
  };

  /** The due epoch with these amounts, and zero for those that are omitted. */
  function stolen(amounts: Partial<Settlement>): Settlement {
    const nobody = { minerRewards: 0n, validatorRewards: 0n, daoShare: 0n, returned: 0n, rewardsRoot: zeroHash };
    const burned = { burnedUnmetQuota: 0n, burnedQualityPenalty: 0n };
    return { ...due, ...nobody, ...burned, ...amounts };
  }

  async function post(amounts: Partial<Settlement>) {
    const { connection, people } = world;
    const { settlementQuorum } = connection.contracts;
    const args = [stolen(amounts)] as const;
    return transact(connection, people.keeper, { ...settlementQuorum, functionName: "settleEpoch", args });
  }

  /** The most that can be promised: all that is unclaimed, and all that the schedule allows, to the thief alone. */
  async function promiseAll() {
    const { connection, people } = world;
    const tree = await treeOfRewards(connection, new Map([[people.stranger, unclaimedWei + ceilingWei]]));
    await post({ emission: ceilingWei, minerRewards: ceilingWei, rewardsRoot: tree.root });
    return tree;
  }

  async function claimAfterDelay({ connection, people, node }: DelayedWorld, tree: Parameters<typeof proofOf>[0]) {
    const { timestamp } = await connection.reader.getBlock();
    await node.advanceTo(timestamp + BigInt(claimDelaySeconds));
    const { cumulativeWei, proof } = proofOf(tree, people.stranger);
    const args = [people.stranger, cumulativeWei, proof] as const;
    return transact(connection, people.stranger, { ...connection.contracts.treasury, functionName: "claim", args });
  }

  it("and a silent guardian, all unclaimed rewards can be taken, and all that the schedule allows the epoch", async () => {
    const { token } = world.connection.contracts;
    const { stranger } = world.people;
    await andForget(world, async () => {
      const before = await token.read.balanceOf([stranger]);
      await claimAfterDelay(world, await promiseAll());
      const takenWei = (await token.read.balanceOf([stranger])) - before;
      const ofUnclaimed = stated(/silent guardian, (\d+) % of what is unclaimed can be taken/);
      const ofSchedule = stated(/what is unclaimed can be taken, and (\d+) % of what the schedule allows/);
      expect(takenWei * 100n).to.equal(unclaimedWei * ofUnclaimed + ceilingWei * ofSchedule);
      expect(await held()).to.equal(0n);
    });
  });

  it("and a watcher that vetoes, nothing can be taken, and unclaimed rewards can still be claimed", async () => {
    const checkpointFile = join(world.node.dataDirectory, "watch.json");
    const watcher = startTestWatcher(world.connection, { checkpointFile, guardian: world.people.keeper });
    const { token, treasury } = world.connection.contracts;
    const { stranger } = world.people;
    await andForget(world, async () => {
      const before = await token.read.balanceOf([stranger]);
      const [current] = await treasury.read.currentRoot();
      const tree = await promiseAll();
      await watcher.until("wrongRootGone");
      expect(await refusal(claimAfterDelay(world, tree))).to.include({ errorName: "RootNotClaimable" });
      const takenWei = (await token.read.balanceOf([stranger])) - before;
      expect(takenWei * 100n).to.equal(unclaimedWei * stated(/while `keeper watch --veto` runs, (\d+) %/));
      expect(await held()).to.equal(unclaimedWei + ceilingWei);
      expect((await treasury.read.currentRoot())[0]).to.equal(current);
    });
    await watcher.stop();
  });

  it("a due epoch can be settled at zero, which withholds its rewards but moves no unclaimed ones", async () => {
    await andForget(world, async () => {
      await post({ emission: 0n });
      expect(await held()).to.equal(unclaimedWei);
      expect(await world.connection.contracts.treasury.read.nextEpochToSettle()).to.equal(due.epoch + 1n);
    });
  });

  it("a due epoch's emission can be returned to the pool in full, which leaves no rewards", async () => {
    const { pool } = world.connection.contracts;
    await andForget(world, async () => {
      const pooledWei = await pool.read.available();
      await post({ emission: ceilingWei, returned: ceilingWei });
      const drawnWei = pooledWei < ceilingWei ? pooledWei : ceilingWei;
      expect(await pool.read.available()).to.equal(pooledWei - drawnWei + ceilingWei);
      expect(await held()).to.equal(unclaimedWei);
    });
  });

  it("all due epochs can be emitted in full in one transaction, with the README's maximum for the DAO at most", async () => {
    const { connection, people } = world;
    const { token, settlementQuorum } = connection.contracts;
    const { dao } = connection.deployment.choices;
    const daoShare = (ceilingWei * stated(/emitted in full, with the DAO's immutable maximum of (\d+) %/)) / 100n;
    await andForget(world, async () => {
      await goToDue(world, Number(due.epoch) + 1);
      const most = { emission: ceilingWei, daoShare, returned: ceilingWei - daoShare };
      const more = { ...most, daoShare: daoShare + 1n, returned: most.returned - 1n };
      const { errorName, values } = await refusal(post(more));
      expect({ errorName, values }).to.deep.equal({
        errorName: "DaoShareAboveLimit",
        values: [daoShare + 1n, daoShare],
      });
      const before = await token.read.balanceOf([dao as Address]);
      const settlements = [due.epoch, due.epoch + 1n].map((epoch) =>
        encodeFunctionData({ ...settlementQuorum, functionName: "settleEpoch", args: [stolen({ ...most, epoch })] }),
      );
      await transact(connection, people.keeper, {
        ...settlementQuorum,
        functionName: "multicall",
        args: [settlements],
      });
      expect((await token.read.balanceOf([dao as Address])) - before).to.equal(2n * daoShare);
      expect(await held()).to.equal(unclaimedWei);
    });
  });

  it("a due epoch can be burned up to the README's maximum, and not a wei more", async () => {
    const { token, treasury } = world.connection.contracts;
    const burnedUnmetQuota = (ceilingWei * stated(/burned to (\d+) % of what the schedule allows/)) / 100n;
    await andForget(world, async () => {
      const amounts = { emission: ceilingWei, burnedUnmetQuota, returned: ceilingWei - burnedUnmetQuota };
      const further = { burnedUnmetQuota: burnedUnmetQuota + 1n, returned: amounts.returned - 1n };
      const { errorName, values } = await refusal(post({ ...amounts, ...further }));
      expect({ errorName, values }).to.deep.equal({
        errorName: "BurnAboveLimit",
        values: [burnedUnmetQuota + 1n, burnedUnmetQuota],
      });
      const everWei = async () => (await token.read.totalSupply()) + (await token.read.mintable([treasury.address]));
      const before = await everWei();
      await post(amounts);
      // What is minted leaves the allowance for the supply; what is burned is in neither.
      expect(before - (await everWei())).to.equal(burnedUnmetQuota);
      expect(await held()).to.equal(unclaimedWei);
    });
  });
});
