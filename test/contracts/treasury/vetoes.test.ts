import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { settleNext } from "../../shared/settlements";
import {
  DELAY_SECONDS,
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
} from "./roots";

describe("Treasury.vetoRoot", () => {
  it("removes the pending root, moves no money and leaves the claimable roots", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, token, actors, previous, current, pending } = network;
    const veto = treasury.connect(actors.guardian).vetoRoot(2n);
    await expect(veto).to.emit(treasury, "RootVetoed").withArgs(2n, pending.root, false);
    await expect(veto).not.to.emit(token, "Transfer");
    expect(await treasury.pendingRoot()).to.deep.equal(NO_PENDING_ROOT);
    expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 100n]);
    await time.increase(DELAY_SECONDS);
    await expectNotClaimable(network, pending);
    await expectClaimable(network, previous, current);
    expect(await token.balanceOf(treasury)).to.equal(300n);
  });

  it("removes only the pending root, even if the call names an earlier epoch", async () => {
    const network = await loadFixture(threeRoots);
    await network.treasury.connect(network.actors.guardian).vetoRoot(0n);
    await expectNotClaimable(network, network.pending);
    await expectClaimable(network, network.previous, network.current);
  });

  it("refuses an epoch that isn't settled", async () => {
    const { treasury, actors } = await loadFixture(threeRoots);
    await expect(treasury.connect(actors.guardian).vetoRoot(3n))
      .to.be.revertedWithCustomError(treasury, "EpochNotSettled")
      .withArgs(3n, 3n);
  });

  it("refuses a claimable root while not paused", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors, current, pending } = network;
    await time.increase(DELAY_SECONDS);
    await expect(treasury.connect(actors.guardian).vetoRoot(0n))
      .to.be.revertedWithCustomError(treasury, "NothingToVeto")
      .withArgs(0n);
    await expectClaimable(network, current, pending);
  });

  it("refuses a second veto of the same root", async () => {
    const { treasury, actors } = await loadFixture(vetoed);
    await expect(treasury.connect(actors.guardian).vetoRoot(2n))
      .to.be.revertedWithCustomError(treasury, "NothingToVeto")
      .withArgs(2n);
  });

  it("is allowed only for the guardian", async () => {
    const { treasury, actors } = await loadFixture(threeRoots);
    for (const caller of [actors.keeper, actors.admin, actors.stranger]) {
      await expect(treasury.connect(caller).vetoRoot(2n))
        .to.be.revertedWithCustomError(treasury, "AccessControlUnauthorizedAccount")
        .withArgs(caller, await treasury.GUARDIAN_ROLE());
    }
  });

  for (const [fromEpoch, removed] of [
    [2n, ["pending"]],
    [1n, ["current", "pending"]],
    [0n, ["previous", "current", "pending"]],
  ] as const) {
    it(`while paused removes the claimable roots of epoch ${fromEpoch.toString()} and later too`, async () => {
      const network = await loadFixture(pausedWithThreeRoots);
      const { treasury, token, actors } = network;
      const veto = treasury.connect(actors.guardian).vetoRoot(fromEpoch);
      const epochs = { previous: 0n, current: 1n, pending: 2n };
      for (const name of removed) {
        const wasClaimable = name !== "pending";
        await expect(veto).to.emit(treasury, "RootVetoed").withArgs(epochs[name], network[name].root, wasClaimable);
      }
      await expect(veto).not.to.emit(token, "Transfer");
      await treasury.connect(actors.admin).unpause();
      await time.increase(DELAY_SECONDS);
      for (const name of ["previous", "current", "pending"] as const) {
        const isRemoved = (removed as readonly string[]).includes(name);
        await (isRemoved ? expectNotClaimable : expectClaimable)(network, network[name]);
      }
      expect(await treasury.vetoedSettlement()).to.deep.equal([true, 2n, 100n]);
    });
  }

  it("while paused removes a newest root that has matured; only the root before it stays claimable", async () => {
    const network = await loadFixture(pausedAfterThreeMatured);
    const { treasury, actors, previous, current, pending: newest } = network;
    const veto = treasury.connect(actors.guardian).vetoRoot(2n);
    await expect(veto).to.emit(treasury, "RootVetoed").withArgs(2n, newest.root, true);
    expect((await (await veto).wait())!.logs).to.have.length(1);
    await treasury.connect(actors.admin).unpause();
    await expectNotClaimable(network, newest, previous);
    await expectClaimable(network, current);
    expect(await treasury.currentRoot()).to.deep.equal([current.root, 1n]);
    expect(await treasury.previousRoot()).to.deep.equal(NO_ROOT);
    await donate(network);
    const next = await settleAndMature(network);
    await expectClaimable(network, current, next);
    await expectNotClaimable(network, newest, previous);
  });

  it("while paused removes all matured roots if the call names the first epoch, and no expired one returns", async () => {
    const network = await loadFixture(pausedAfterThreeMatured);
    const { treasury, actors, previous, current, pending: newest } = network;
    await treasury.connect(actors.guardian).vetoRoot(0n);
    await treasury.connect(actors.admin).unpause();
    await expectNotClaimable(network, previous, current, newest);
    expect(await treasury.currentRoot()).to.deep.equal(NO_ROOT);
    expect(await treasury.previousRoot()).to.deep.equal(NO_ROOT);
  });

  it("while paused removes older roots after the pending one was vetoed", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, actors, previous, current } = network;
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.guardian).vetoRoot(2n))
      .to.be.revertedWithCustomError(treasury, "NothingToVeto")
      .withArgs(2n);
    await treasury.connect(actors.guardian).vetoRoot(1n);
    await treasury.connect(actors.admin).unpause();
    await expectNotClaimable(network, current);
    await expectClaimable(network, previous);
  });

  it("removes a root that several epochs posted if the call names the last of them", async () => {
    const network = await loadFixture(threeRoots);
    const { treasury, actors, pending } = network;
    await settleNext(network, { rewardsRoot: pending.root });
    await treasury.connect(actors.guardian).pause();
    await expect(treasury.connect(actors.guardian).vetoRoot(3n))
      .to.emit(treasury, "RootVetoed")
      .withArgs(3n, pending.root, true);
  });

  it("never lets the removed root become previous: the next settlement posts over it", async () => {
    const network = await loadFixture(vetoed);
    const { treasury, previous, current, pending } = network;
    const next = await settle(network);
    await expectClaimable(network, previous, current);
    expect(await treasury.vetoedSettlement()).to.deep.equal([false, 0n, 0n]);
    await time.increase(DELAY_SECONDS);
    await expectClaimable(network, current, next);
    await expectNotClaimable(network, pending);
    const afterNext = await settleAndMature(network);
    await expectClaimable(network, next, afterNext);
    await expectNotClaimable(network, pending, current);
  });

  it("never lets removed claimable roots return: after the next settlement, only its root is claimable", async () => {
    const network = await loadFixture(pausedWithThreeRoots);
    const { treasury, actors, previous, current, pending } = network;
    await treasury.connect(actors.guardian).vetoRoot(0n);
    await treasury.connect(actors.admin).unpause();
    const next = await settleAndMature(network);
    await expectClaimable(network, next);
    await expectNotClaimable(network, previous, current, pending);
    expect(await treasury.previousRoot()).to.deep.equal(NO_ROOT);
  });
});
