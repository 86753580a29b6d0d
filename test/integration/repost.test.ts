import { expect } from "chai";
import { join } from "node:path";
import { type Address, zeroHash } from "viem";
import { transact } from "../../scripts/chain/transact";
import { openArchive, type EpochArchive } from "../../scripts/keeper/archive/epochArchive";
import { claimFor } from "../../scripts/actions/rewards";
import { carriedInto, SettlementDiffersError } from "../../scripts/keeper/settle/epochInputs";
import { type ComputedEpoch, treeOfRewards } from "../../scripts/keeper/compute/computeSettlement";
import { type CumulativeRewards } from "../../scripts/core/settlement";
import { proofOf } from "../../scripts/core/rewardTree/proofs";
import { describeVerification } from "../../scripts/show/describeSettling";
import { repostVetoedEpoch } from "../../scripts/keeper/settle/repostEpoch";
import { readSettledEpochs, readSettlements, rootOf } from "../../scripts/keeper/facts/settledEpochs";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { refusal, rejection } from "../shared/rejection";
import { goToDue, liveThrough } from "./world";

const claimDelaySeconds = 20;

describe("With vetoes and reposts", function () {
  // Each test continues where the previous one left the chain.
  this.bail(true);
  let world: DelayedWorld;
  let archive: EpochArchive;
  /** What everyone must be able to claim in the end, by the formulas below. */
  let owed: CumulativeRewards = new Map();

  before(async () => {
    world = await startDelayedWorld(claimDelaySeconds);
    archive = await openArchive(world.connection, world.node.dataDirectory);
    await goToDue(world, 1);
    await settle();
    await settle();
  });

  after(async () => {
    await world.node.stop();
  });

  async function settle(): Promise<ComputedEpoch> {
    const options = { signer: world.people.keeper, payRecipientsUpTo: 0 };
    const outcome = await settleNextEpoch(world.connection, archive, options);
    if (outcome.kind !== "settled") throw new Error(`The epoch was not settled: ${outcome.kind}`);
    return outcome.computed;
  }

  /** The correct settlement of the next epoch, which isn't sent. */
  async function honest(): Promise<ComputedEpoch> {
    const outcome = await settleNextEpoch(world.connection, archive, { payRecipientsUpTo: 0 });
    if (outcome.kind !== "ready") throw new Error(`The epoch can't be settled: ${outcome.kind}`);
    return outcome.computed;
  }

  function veto(epoch: bigint) {
    const { treasury } = world.connection.contracts;
    return transact(world.connection, world.people.keeper, { ...treasury, functionName: "vetoRoot", args: [epoch] });
  }

  function doAsGuardian(functionName: "pause" | "unpause") {
    const { treasury } = world.connection.contracts;
    return transact(world.connection, world.people.keeper, { ...treasury, functionName, args: [] });
  }

  /** Settles with the keeper's key, with 7 wei for validators, the rest for miners, and all of it for the stranger. */
  async function steal(): Promise<ComputedEpoch> {
    const right = await honest();
    const { connection, people } = world;
    const { emission } = right.settlement;
    const tree = await treeOfRewards(connection, new Map([[people.stranger, emission]]));
    const amounts = { minerRewards: emission - 7n, validatorRewards: 7n, daoShare: 0n, returned: 0n };
    const burned = { burnedUnmetQuota: 0n, burnedQualityPenalty: 0n };
    const settlement = { ...right.settlement, ...amounts, ...burned, rewardsRoot: tree.root };
    const { settlementQuorum } = connection.contracts;
    await transact(connection, people.keeper, { ...settlementQuorum, functionName: "settleEpoch", args: [settlement] });
    return right;
  }

  /** Claims everything for the thief. */
  async function claimStolen(emissionWei: bigint) {
    const { connection, people } = world;
    const tree = await treeOfRewards(connection, new Map([[people.stranger, emissionWei]]));
    const { cumulativeWei, proof } = proofOf(tree, people.stranger);
    const args = [people.stranger, cumulativeWei, proof] as const;
    return transact(connection, people.stranger, { ...connection.contracts.treasury, functionName: "claim", args });
  }

  /** Adds ⌊posted · reward / Σ rewards⌋ of each side. @returns The sum of what was added. */
  function owe({ result }: ComputedEpoch, minersWei: bigint, validatorsWei: bigint): bigint {
    const sides = [
      [result.miners, minersWei],
      [result.validators, validatorsWei],
    ] as const;
    const sum = new Map(owed);
    let addedWei = 0n;
    for (const [{ rewards, rewardsWei }, postedWei] of sides) {
      for (const { account, amountWei } of rewards) {
        const partWei = (postedWei * amountWei) / rewardsWei;
        addedWei += partWei;
        if (partWei > 0n) sum.set(account, (sum.get(account) ?? 0n) + partWei);
      }
    }
    owed = sum;
    return addedWei;
  }

  const differs = (epoch: number, field: string, posted: bigint, right: bigint) =>
    `Epoch ${epoch} was settled incorrectly: ${field} is ${posted} on chain, but should be ${right}.`;

  it("no epoch builds on a wrong root while it is live; once vetoed, it can't be claimed against and is reposted", async () => {
    await liveThrough(world, 2);
    const right = await steal();
    const settled = await readSettledEpochs(world.connection);
    const error = await rejection(carriedInto(world.connection, archive, 3, settled), SettlementDiffersError);
    const { emission, burnedUnmetQuota } = right.settlement;
    expect(burnedUnmetQuota).to.equal(0n);
    expect(error.message).to.equal(differs(2, "minerRewards", emission - 7n, right.settlement.minerRewards));
    await veto(2n);
    await world.node.advanceTo((await world.connection.reader.getBlock()).timestamp + BigInt(claimDelaySeconds));
    expect(await refusal(claimStolen(emission))).to.include({ errorName: "RootNotClaimable" });
    const returnedWei = emission - owe(right, emission - 7n, 7n);
    expect(await repostVetoedEpoch(world.connection, archive)).to.deep.include({ kind: "ready", epoch: 2 });
    const reposted = await repostVetoedEpoch(world.connection, archive, world.people.keeper);
    const root = (await treeOfRewards(world.connection, owed)).root;
    const { inputsHash } = right.settlement;
    expect(reposted).to.deep.include({ kind: "reposted", epoch: 2, terms: { root, inputsHash, returnedWei } });
    expect(archive.holds(2, root)).to.equal(true);
  });

  it("a root is reposted only once", async () => {
    expect(await repostVetoedEpoch(world.connection, archive)).to.deep.equal({ kind: "nothingToDo" });
  });

  it("verification names the wrong epoch, and says that its repost is correct", async () => {
    const verification = await verifyEpochs(world.connection, 2);
    const settled = (await readSettledEpochs(world.connection))[2]!;
    expect(verification).to.deep.include({ kind: "different", epoch: 2 });
    expect(verification.kind === "different" && verification.findings).to.have.length(1);
    expect(describeVerification(verification)).to.match(
      /^Epoch 2 was settled incorrectly: minerRewards is \d+ on chain, but should be \d+\. Its root was vetoed, and the reposted root is correct for the posted amounts\.$/,
    );
    expect(settled).to.include({ isVetoed: false });
  });

  it("an epoch that repeats the previous root withholds rewards but steals none, so the next one builds on it", async () => {
    await liveThrough(world, 3);
    const { connection, people, node } = world;
    const { settlement } = await honest();
    const snapshot = await node.control.snapshot();
    const { timestamp } = await connection.reader.getBlock();
    const rewardsRoot = rootOf((await readSettledEpochs(connection))[2]!);
    const args = [{ ...settlement, rewardsRoot }] as const;
    await transact(connection, people.keeper, {
      ...connection.contracts.settlementQuorum,
      functionName: "settleEpoch",
      args,
    });
    const fresh = await openArchive(connection, join(node.dataDirectory, "withheld"));
    await carriedInto(connection, fresh, 4, await readSettledEpochs(connection));
    await node.control.revert({ id: snapshot });
    await node.advanceTo(timestamp);
  });

  it("the next epoch is settled on top of the reposted root, and verification agrees", async () => {
    const { settlement, ...computed } = await settle();
    owe({ settlement, ...computed }, settlement.minerRewards, settlement.validatorRewards);
    expect(settlement.rewardsRoot).to.equal((await treeOfRewards(world.connection, owed)).root);
    expect(await verifyEpochs(world.connection, 3, { fromEpoch: 3 })).to.deep.equal({
      kind: "verified",
      fromEpoch: 3,
      toEpoch: 3,
    });
  });

  it("if nobody reposts the root, the next settlement includes the correct rewards", async () => {
    await liveThrough(world, 4);
    const stolen = await steal();
    await veto(4n);
    owe(stolen, stolen.settlement.emission - 7n, 7n);
    await liveThrough(world, 5);
    const { settlement, ...computed } = await settle();
    owe({ settlement, ...computed }, settlement.minerRewards, settlement.validatorRewards);
    expect(settlement.rewardsRoot).to.equal((await treeOfRewards(world.connection, owed)).root);
    const verification = await verifyEpochs(world.connection, 5, { fromEpoch: 3 });
    expect(describeVerification(verification)).to.equal(
      `${differs(4, "minerRewards", stolen.settlement.emission - 7n, stolen.settlement.minerRewards)} Its root was vetoed.`,
    );
  });

  it("a correct root that was vetoed is reposted unchanged, and nothing returns to the pool", async () => {
    const settled = (await readSettledEpochs(world.connection))[5]!;
    await veto(5n);
    const outcome = await repostVetoedEpoch(world.connection, archive, world.people.keeper);
    const { rewardsRoot: root, inputsHash } = settled.settlement;
    expect(outcome.kind !== "nothingToDo" && outcome.terms).to.deep.equal({ root, inputsHash, returnedWei: 0n });
  });

  it("verification finds a repost that returns people's rewards to the pool, and one with other inputs", async () => {
    const { connection, people } = world;
    const { settlementQuorum } = connection.contracts;
    const { rewardsRoot, inputsHash, minerRewards, validatorRewards } = (await readSettledEpochs(connection))[5]!
      .settlement;
    const postedWei = minerRewards + validatorRewards;
    for (const [hash, returnedWei, difference] of [
      [inputsHash, postedWei, `returned by the repost is ${postedWei} on chain, but should be 0. Its root is wrong`],
      [zeroHash, 0n, `the reposted inputsHash is ${zeroHash} on chain, but should be ${inputsHash}.`],
    ] as const) {
      const snapshot = await world.node.control.snapshot();
      const { timestamp } = await connection.reader.getBlock();
      await veto(5n);
      const args = [5n, rewardsRoot, hash, returnedWei] as const;
      await transact(connection, people.keeper, { ...settlementQuorum, functionName: "repostRoot", args });
      const verification = await verifyEpochs(connection, 5, { fromEpoch: 5 });
      expect(describeVerification(verification)).to.contain(`The reposted root of epoch 5 is wrong: ${difference}`);
      await world.node.control.revert({ id: snapshot });
      await world.node.advanceTo(timestamp);
    }
  });

  it("the same root is reposted after a second veto, which came in a pause after the claim delay", async () => {
    await world.node.advanceTo((await world.connection.reader.getBlock()).timestamp + BigInt(claimDelaySeconds));
    await doAsGuardian("pause");
    await veto(5n);
    await doAsGuardian("unpause");
    const [root] = await world.connection.contracts.treasury.read.currentRoot();
    expect(root).to.not.equal(zeroHash);
    const outcome = await repostVetoedEpoch(world.connection, archive, world.people.keeper);
    const { root: right } = await treeOfRewards(world.connection, owed);
    expect(outcome.kind !== "nothingToDo" && outcome.terms).to.deep.include({ root: right, returnedWei: 0n });
    const { vetoes } = await readSettlements(world.connection);
    expect(
      vetoes.map(({ epoch }) => epoch),
      "without those whose root was posted again",
    ).to.deep.equal([2, 4]);
  });

  it("everyone claims all their rewards, and only dust is left", async () => {
    const { connection, people } = world;
    const { token, treasury } = connection.contracts;
    await world.node.advanceTo((await connection.reader.getBlock()).timestamp + BigInt(claimDelaySeconds));
    const fresh = await openArchive(connection, join(world.node.dataDirectory, "claimers"));
    for (const account of owed.keys()) {
      const { rewards } = await claimFor(connection, fresh, people.stranger, account);
      expect(rewards.claimableWei).to.equal(owed.get(account));
    }
    const paid = await Promise.all([...owed.keys()].map((account: Address) => treasury.read.claimedOf([account])));
    expect(paid).to.deep.equal([...owed.values()]);
    // Epoch 4 wasn't reposted, so the dust of its rounding stays there: less than a wei per account and side.
    const left = await token.read.balanceOf([treasury.address]);
    expect(left < 2n * BigInt(owed.size)).to.equal(true);
  });

  it("a wrong root that is vetoed once it is claimable is reposted correctly, and returns nothing", async () => {
    const { connection, node, people } = world;
    await liveThrough(world, 6);
    const stolen = await steal();
    const { emission } = stolen.settlement;
    await node.advanceTo((await connection.reader.getBlock()).timestamp + BigInt(claimDelaySeconds));
    await doAsGuardian("pause");
    await veto(6n);
    await doAsGuardian("unpause");
    expect(owe(stolen, emission - 7n, 7n) < emission, "something is left over").to.equal(true);
    const outcome = await repostVetoedEpoch(connection, archive, people.keeper);
    const { root } = await treeOfRewards(connection, owed);
    expect(outcome.kind !== "nothingToDo" && outcome.terms).to.deep.include({ root, returnedWei: 0n });
    expect(describeVerification(await verifyEpochs(connection, 6, { fromEpoch: 6 }))).to.contain(
      "Its root was vetoed, and the reposted root is correct",
    );
  });
});
