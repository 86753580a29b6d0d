import { loadFixture } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import { MDT } from "../../shared/deployStaking";
import { emptyNetwork, enterEpoch, named, register, slash } from "./actions";

const INDEX_ONE = 10n ** 27n;

/** Alice 100 + 50 by Erin, Bob 40, Carol 32; in epoch 3 Bob is slashed, and jailed from epoch 4; Carol loses a wei. */
async function mixed() {
  const network = await emptyNetwork();
  const { alice, bob, carol, erin } = named(network);
  await register(network, alice);
  await network.staking.connect(erin).delegate(alice, 50n * MDT);
  await register(network, bob, 40n * MDT, 500);
  await register(network, carol, 32n * MDT, 0);
  await enterEpoch(network, 2);
  await slash(network, carol, 1);
  await enterEpoch(network, 3);
  await slash(network, bob, 1_000);
  await enterEpoch(network, 5);
  await network.staking.connect(carol).stake(MDT);
  await network.staking.connect(carol).unjail();
  return { ...network, alice, bob, carol, erin };
}

describe("StakingLens", () => {
  it("lists all holders of seats, including those in jail or below the minimum, and shows which are active", async () => {
    const { staking, stakingLens, alice, bob, carol } = await loadFixture(mixed);
    expect(await stakingLens.staking()).to.equal(staking.target);
    const carolIndex = (INDEX_ONE * 9_999n) / 10_000n;
    const carolWei = (32n * MDT * 9_999n) / 10_000n;
    const first = [alice.address, 100n * MDT, 150n * MDT, INDEX_ONE, 1_000n, true, false];
    expect(await stakingLens.seatedValidators(4)).to.deep.equal([
      first,
      [bob.address, 36n * MDT, 36n * MDT, (INDEX_ONE * 9n) / 10n, 500n, false, true],
      [carol.address, carolWei, carolWei, carolIndex, 0n, false, true],
    ]);
    expect((await stakingLens.seatedValidators(6))[2]).to.deep.equal([
      carol.address,
      carolWei,
      carolWei,
      carolIndex,
      0n,
      false,
      false,
    ]);
    expect((await stakingLens.seatedValidators(7))[2]!.isActive).to.equal(true);
    expect((await staking.activeStakes(4))[0]).to.deep.equal([alice.address]);
  });

  it("summarises the state of a validator, and of an account that never was one", async () => {
    const { stakingLens, bob, erin } = await loadFixture(mixed);
    expect(await stakingLens.statusOf(bob)).to.deep.equal([
      bob.address,
      1n,
      true,
      true,
      6n,
      500n,
      0n,
      36n * MDT,
      36n * MDT,
      (INDEX_ONE * 9n) / 10n,
    ]);
    const { registrationCount, isSeated, totalWei } = await stakingLens.statusOf(erin);
    expect([registrationCount, isSeated, totalWei]).to.deep.equal([0n, false, 0n]);
  });

  it("reads many delegations at once, in the requested order", async () => {
    const { stakingLens, alice, bob, erin } = await loadFixture(mixed);
    expect(await stakingLens.delegationsAt(alice, [bob, erin, alice], 4)).to.deep.equal([0n, 50n * MDT, 0n]);
  });
});
