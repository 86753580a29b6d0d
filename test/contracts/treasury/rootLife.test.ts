import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { id } from "ethers";
import { claimFrom, settleNext } from "../../shared/settlements";
import {
  DELAY_SECONDS,
  deployed,
  donate,
  expectClaimable,
  expectNotClaimable,
  NO_PENDING_ROOT,
  NO_ROOT,
  pausedAfterThreeMatured,
  pausedWithThreeRoots,
  settle,
  settleAndMature,
  threeRoots,
  vetoed,
  withoutDelay,
} from "./roots";

describe("Treasury: a root", () => {
  it("is pending until its claim delay has passed, to the second, and then current without a call", async () => {
    const deployment = await loadFixture(deployed);
    const { treasury, actors } = deployment;
    const tree = await settle(deployment);
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([tree.root, 0n, claimableAt]);
    expect(await treasury.currentRoot()).to.deep.equal(NO_ROOT);
    await time.setNextBlockTimestamp(claimableAt - 1n);
    await expect(claimFrom(deployment, tree, actors.alice))
      .to.be.revertedWithCustomError(treasury, "RootNotClaimable")
      .withArgs(tree.root);
    await time.setNextBlockTimestamp(claimableAt);
    await claimFrom(deployment, tree, actors.alice);
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    expect(await treasury.currentRoot()).to.deep.equal([tree.root, 0n]);
  });

  it("is current at once without a delay", async () => {
    const deployment = await loadFixture(withoutDelay);
    const [first, second, third] = [await settle(deployment), await settle(deployment), await settle(deployment)];
    await expectNotClaimable(deployment, first);
    await expectClaimable(deployment, second, third);
    expect(await deployment.treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    expect(await deployment.treasury.currentRoot()).to.deep.equal([third.root, 2n]);
    expect(await deployment.treasury.previousRoot()).to.deep.equal([second.root, 1n]);
  });

  it("stays claimable, last as the previous root, until the second root after it has matured", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, previous, current, pending } = network;
    await expectClaimable(network, previous, current);
    await expectNotClaimable(network, pending);
    expect(await treasury.previousRoot()).to.deep.equal([previous.root, 0n]);
    expect(await treasury.currentRoot()).to.deep.equal([current.root, 1n]);
    await time.increase(DELAY_SECONDS);
    await expectClaimable(network, current, pending);
    await expectNotClaimable(network, previous);
    expect(await treasury.previousRoot()).to.deep.equal([current.root, 1n]);
    expect(await treasury.currentRoot()).to.deep.equal([pending.root, 2n]);
  });

  it("is replaced while pending by a newer root, which waits for the full delay; older roots stay claimable", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors, domain, previous, current, pending } = network;
    // Catching up: two epochs are due, and the delay of the first has not passed when the second is settled.
    await time.increaseTo(await treasury.revealEnd(4n));
    const third = await settle(network);
    const replacing = await settle(network);
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([replacing.root, 4n, claimableAt]);
    await expectClaimable(network, current, pending);
    await time.increaseTo(claimableAt);
    await expectClaimable(network, pending, replacing);
    await expectNotClaimable(network, previous, third);
    expect(domain.treasury).to.equal(await treasury.getAddress());
    await expect(claimFrom(network, replacing, actors.alice)).to.changeTokenBalance(network.token, actors.alice, 500n);
  });

  it("keeps its place and needs no new delay if the next epoch posts the same root", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, previous, current, pending } = network;
    const [, , claimableAt] = await treasury.pendingRoot();
    await settleNext(network, { rewardsRoot: pending.root, daoShare: 1n });
    await expectClaimable(network, current, pending);
    await expectNotClaimable(network, previous);
    expect(await treasury.currentRoot()).to.deep.equal([pending.root, 3n]);
    expect(claimableAt).to.be.lessThan(await time.latest());
    await settleNext(network, { rewardsRoot: pending.root });
    expect(await treasury.previousRoot()).to.deep.equal([current.root, 1n]);
    expect(await treasury.currentRoot()).to.deep.equal([pending.root, 4n]);
  });

  it("keeps its remaining delay if the next epoch posts the same root while it is pending", async () => {
    const deployment = await loadFixture(deployed);
    const { treasury } = deployment;
    await time.increaseTo(await treasury.revealEnd(1n));
    const tree = await settle(deployment);
    const [, , claimableAt] = await treasury.pendingRoot();
    await settleNext(deployment, { rewardsRoot: tree.root });
    expect(await treasury.pendingRoot()).to.deep.equal([tree.root, 1n, claimableAt]);
  });

  it("stays claimable if the next epoch posts no root, which leaves nothing pending", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, current, pending } = network;
    await settleNext(network, { daoShare: 1n });
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    await expectClaimable(network, current, pending);
    await donate(network);
    const next = await settleAndMature(network);
    await expectClaimable(network, pending, next);
  });

  it("is compared in full: sharing the four-byte tag of another root proves nothing", async () => {
    const deployment = await loadFixture(withoutDelay);
    const { treasury, actors } = deployment;
    const tree = await settle(deployment);
    const tag = tree.root.slice(-8);
    const impostor = id("impostor").slice(0, -8) + tag;
    await settleNext(deployment, { minerRewards: 1n, rewardsRoot: impostor });
    await expectClaimable(deployment, tree);
    expect(await treasury.currentRoot()).to.deep.equal([impostor, 1n]);
    await settleNext(deployment, { minerRewards: 1n, rewardsRoot: tree.root });
    await expectClaimable(deployment, tree);
    expect(await treasury.previousRoot()).to.deep.equal([impostor, 1n]);
    await expect(claimFrom(deployment, tree, actors.alice)).to.changeTokenBalance(deployment.token, actors.alice, 100n);
  });
});

describe("Treasury: a root that was pending when a pause began", () => {
  /** Waits `seconds`, unpauses as `name`, and expects the root to wait for its full delay, to the second. */
  async function expectFullDelayAfter(
    network: Awaited<ReturnType<typeof threeRoots>>,
    name: "guardian" | "admin",
    seconds: bigint,
  ) {
    const { treasury, actors, pending, current } = network;
    await time.increase(seconds);
    await treasury.connect(actors[name]).unpause();
    const claimableAt = BigInt(await time.latest()) + DELAY_SECONDS;
    expect(await treasury.pendingRoot()).to.deep.equal([pending.root, 2n, claimableAt]);
    await time.setNextBlockTimestamp(claimableAt - 1n);
    await expectNotClaimable(network, pending);
    await time.increaseTo(claimableAt);
    await expectClaimable(network, current, pending);
  }

  for (const name of ["guardian", "admin"] as const) {
    it(`waits for the full delay again after the ${name} ends a guardian's pause`, async () => {
      const network = await loadFixture(pausedWithThreeRoots);
      await expectFullDelayAfter(network, name, DELAY_SECONDS);
    });
  }

  it("waits for the full delay again after an admin's pause, however long that lasts", async () => {
    const network = await loadFixture(threeRoots);
    await network.treasury.connect(network.actors.admin).pause();
    const [, , claimableAt] = await network.treasury.pendingRoot();
    expect(claimableAt > 10n ** 12n, "no time that a clock will show").to.equal(true);
    await expectFullDelayAfter(network, "admin", 10n ** 10n);
  });

  it("waits for the full delay again after a pause that ends automatically, from the second of its end", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    const { treasury, pending, current, previous } = network;
    const endsAt = await treasury.pauseEndsAt();
    expect(await treasury.pendingRoot()).to.deep.equal([pending.root, 2n, endsAt + DELAY_SECONDS]);
    await time.setNextBlockTimestamp(endsAt);
    await expectNotClaimable(network, pending);
    await expectClaimable(network, previous, current);
    await time.increaseTo(endsAt + DELAY_SECONDS);
    await expectClaimable(network, current, pending);
  });

  it("waits for the full delay again after a guardian's pause that the admin extended", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    await network.treasury.connect(network.actors.admin).pause();
    await expectFullDelayAfter(network, "admin", 15n * 86_400n);
  });

  it("can still be vetoed as pending 13 days into the pause, so that its rewards can be returned", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    const { treasury, actors } = network;
    await time.increase(13n * 86_400n);
    await treasury.connect(actors.guardian).vetoRoot(2n);
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 100n]);
  });

  it("differs from a matured root, claimable right after the pause, and a vetoed one, which stays removed", async () => {
    const network = await loadFixture(pausedAfterThreeMatured);
    const { treasury, actors, current, pending: newest } = network;
    await treasury.connect(actors.guardian).unpause();
    await expectClaimable(network, current, newest);
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    const other = await loadFixture(vetoed);
    await other.treasury.connect(other.actors.guardian).pause();
    await other.treasury.connect(other.actors.guardian).unpause();
    expect(await other.treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
  });
});
