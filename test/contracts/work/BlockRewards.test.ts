import { loadFixture, mine, setPrevRandao } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers, network as hardhatNetwork } from "hardhat";
import {
  deployRegistries,
  goTo,
  joinAsValidator,
  MDT,
  nextBlockAt,
  type Registries,
  SLOT_SECONDS,
} from "../../shared/deployRegistries";

const REWARD_WEI = 2n * MDT;
const EVIDENCE = ethers.id("a fault");
const SALT = ethers.id("a salt");

/** Long epochs, so that a thousand blocks fit into one: 1,000 slots. */
const LONG_EPOCHS = { slotsPerEpoch: 1_000 };

/** Three validators from before genesis with 100, 50 and 50 MDT, the last 20 of which are delegated; now is epoch 0. */
async function join(registries: Registries) {
  const [vera, will, xena, dora, stranger, otto] = registries.people as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  await joinAsValidator(registries, vera, 100n);
  await joinAsValidator(registries, will, 50n);
  await joinAsValidator(registries, xena, 32n);
  await registries.staking.connect(dora).delegate(xena, 18n * MDT);
  await goTo(registries, 0);
  return { ...registries, vera, will, xena, dora, stranger, otto, validators: [vera, will, xena] };
}

type Network = Awaited<ReturnType<typeof join>>;

async function network() {
  return await join(await deployRegistries(LONG_EPOCHS));
}

async function opened() {
  const registries = await network();
  await registries.blockRewards.openEpoch();
  return registries;
}

async function sealed() {
  const registries = await opened();
  await registries.blockRewards.sealEpoch();
  return registries;
}

/** An allowance of 9 MDT: for opening, sealing, and two and a half more rewards. */
async function sealedWithLittleLeft() {
  const registries = await join(await deployRegistries({ ...LONG_EPOCHS, blockAllowanceWei: 9n * MDT }));
  await registries.blockRewards.openEpoch();
  await registries.blockRewards.sealEpoch();
  return registries;
}

function byAddress({ validators }: Network, address: string): HardhatEthersSigner {
  return validators.find((validator) => validator.address === address)!;
}

/** Goes to `slot` of epoch 0 and has its leader produce it. */
async function produceIn(registries: Network, slot: number) {
  const leader = byAddress(registries, await registries.blockRewards.leaderOf(slot));
  await nextBlockAt(registries, 0, slot);
  await registries.blockRewards.connect(leader).produce();
  return leader;
}

describe("BlockRewards", () => {
  describe("constructor", () => {
    it("exposes token, Staking, ScoreBoard and the reward", async () => {
      const { blockRewards, token, staking, scoreBoard } = await loadFixture(network);
      expect(await blockRewards.token()).to.equal(await token.getAddress());
      expect(await blockRewards.staking()).to.equal(await staking.getAddress());
      expect(await blockRewards.scoreBoard()).to.equal(await scoreBoard.getAddress());
      expect(await blockRewards.rewardWei()).to.equal(REWARD_WEI);
    });

    it("refuses a Staking or a ScoreBoard with another clock", async () => {
      const { blockRewards, clock, token, staking, scoreBoard } = await loadFixture(network);
      const other = await deployRegistries({ slotSeconds: 11 });
      for (const [wrong, parts] of [
        [other.staking, [other.staking, scoreBoard]],
        [other.scoreBoard, [staking, other.scoreBoard]],
      ] as const) {
        await expect(ethers.deployContract("BlockRewards", [clock, token, ...parts, REWARD_WEI]))
          .to.be.revertedWithCustomError(blockRewards, "ClockMismatch")
          .withArgs(await wrong.getAddress());
      }
    });

    it("refuses a ScoreBoard with another Staking", async () => {
      const { blockRewards, clock, token, staking, taskRegistry: scored } = await loadFixture(network);
      const scoreBoard = await ethers.deployContract("ScoreBoard", [clock, scored, scored]);
      await expect(ethers.deployContract("BlockRewards", [clock, token, staking, scoreBoard, REWARD_WEI]))
        .to.be.revertedWithCustomError(blockRewards, "StakingMismatch")
        .withArgs(await scored.getAddress(), await staking.getAddress());
    });

    it("refuses a reward token other than the staked token", async () => {
      const { blockRewards, clock, token, staking, scoreBoard } = await loadFixture(network);
      const other = await ethers.deployContract("ModernTensorToken", [[], 1n]);
      await expect(ethers.deployContract("BlockRewards", [clock, other, staking, scoreBoard, REWARD_WEI]))
        .to.be.revertedWithCustomError(blockRewards, "TokenMismatch")
        .withArgs(await token.getAddress(), await other.getAddress());
    });

    it("refuses the zero address as token", async () => {
      const { blockRewards, clock, staking, scoreBoard } = await loadFixture(network);
      await expect(ethers.deployContract("BlockRewards", [clock, ethers.ZeroAddress, staking, scoreBoard, REWARD_WEI]))
        .to.be.revertedWithCustomError(blockRewards, "InvalidAddress")
        .withArgs("token", ethers.ZeroAddress);
    });

    it("refuses a reward of zero", async () => {
      const { blockRewards, clock, token, staking, scoreBoard } = await loadFixture(network);
      await expect(
        ethers.deployContract("BlockRewards", [clock, token, staking, scoreBoard, 0]),
      ).to.be.revertedWithCustomError(blockRewards, "ZeroReward");
    });
  });

  describe("openEpoch", () => {
    it("freezes the stakes of the active validators, delegations included", async () => {
      const { blockRewards, stranger, vera, will, xena } = await loadFixture(network);
      const opening = await blockRewards.connect(stranger).openEpoch();
      expect(await blockRewards.candidatesOf(0)).to.deep.equal([
        [vera.address, will.address, xena.address],
        [100n * MDT, 50n * MDT, 50n * MDT],
      ]);
      expect(await blockRewards.rotationOf(0)).to.deep.equal([opening.blockNumber, 200n * MDT, ethers.ZeroHash]);
    });

    it("pays the caller one reward for opening", async () => {
      const { blockRewards, token, stranger } = await loadFixture(network);
      const opening = await blockRewards.connect(stranger).openEpoch();
      await expect(opening).to.changeTokenBalance(token, stranger, REWARD_WEI);
      await expect(opening)
        .to.emit(blockRewards, "EpochOpened")
        .withArgs(0, stranger.address, 3, 200n * MDT, REWARD_WEI);
    });

    it("omits inactive validators: newly registered, jailed or gone", async () => {
      const registries = await loadFixture(network);
      const { blockRewards, staking, slasher, vera, will, xena, stranger } = registries;
      await joinAsValidator(registries, stranger);
      await staking.connect(slasher).slash(vera, 100, EVIDENCE);
      await staking.connect(will).unstake(will, ethers.MaxUint256);
      await goTo(registries, 1);
      await blockRewards.openEpoch();
      expect(await blockRewards.candidatesOf(1)).to.deep.equal([[xena.address], [50n * MDT]]);
    });

    it("keeps the stakes frozen after a slash later in the epoch", async () => {
      const { blockRewards, staking, slasher, vera } = await loadFixture(opened);
      await staking.connect(slasher).slash(vera, 5_000, EVIDENCE);
      expect((await blockRewards.candidatesOf(0)).stakesWei[0]).to.equal(100n * MDT);
    });

    it("refuses an epoch without active validators, which then has no leaders and pays nobody", async () => {
      const registries = await loadFixture(deployRegistries);
      const { blockRewards, token } = registries;
      await goTo(registries, 3);
      await expect(blockRewards.openEpoch()).to.be.revertedWithCustomError(blockRewards, "NoActiveStake").withArgs(3);
      expect(await blockRewards.leadersOf(3)).to.deep.equal([]);
      expect(await token.mintable(blockRewards)).to.equal(1_000n * MDT);
    });

    it("refuses before genesis", async () => {
      const registries = await loadFixture(deployRegistries);
      const { blockRewards, clock } = registries;
      await nextBlockAt(registries, 0, 0, -1);
      await expect(blockRewards.openEpoch())
        .to.be.revertedWithCustomError(blockRewards, "BeforeGenesis")
        .withArgs(clock.genesisTimestamp - 1, clock.genesisTimestamp);
    });

    it("refuses an epoch that is already open or sealed", async () => {
      const { blockRewards } = await loadFixture(opened);
      const { openedInBlock } = await blockRewards.rotationOf(0);
      const refused = async () => {
        await expect(blockRewards.openEpoch())
          .to.be.revertedWithCustomError(blockRewards, "EpochAlreadyOpen")
          .withArgs(0, openedInBlock);
      };
      await refused();
      await blockRewards.sealEpoch();
      await refused();
    });
  });

  describe("sealEpoch", () => {
    it("derives the seed from the previous seed, the randomness of its block, and the salts revealed for two epochs ago", async () => {
      const registries = await loadFixture(opened);
      const { blockRewards, scoreBoard, stranger, vera } = registries;
      /** Seals the current epoch and returns the seed that it must have. */
      const seedOf = async (previousSeed: string, salts: string) => {
        const prevRandao = ethers.id(`randomness after ${previousSeed}`);
        await setPrevRandao(BigInt(prevRandao));
        await blockRewards.connect(stranger).sealEpoch();
        const drawn = ethers.keccak256(ethers.concat([previousSeed, prevRandao]));
        return ethers.toBeHex(BigInt(drawn) ^ BigInt(salts), 32);
      };
      const first = await seedOf(ethers.ZeroHash, ethers.ZeroHash);
      expect((await blockRewards.rotationOf(0)).seed).to.equal(first);
      expect(await blockRewards.latestSeed()).to.equal(first);

      await goTo(registries, 1);
      await scoreBoard.connect(vera).commitScores(await scoreBoard.commitmentOf(vera, 1, "0x", SALT));
      await goTo(registries, 2);
      await scoreBoard.connect(vera).revealScores(1, "0x", SALT);
      await goTo(registries, 3);
      await blockRewards.openEpoch();
      expect(await seedOf(first, SALT)).to.equal((await blockRewards.rotationOf(3)).seed);
    });

    it("pays the caller one reward for sealing", async () => {
      const { blockRewards, token, stranger } = await loadFixture(opened);
      const sealing = await blockRewards.connect(stranger).sealEpoch();
      await expect(sealing).to.changeTokenBalance(token, stranger, REWARD_WEI);
      await expect(sealing)
        .to.emit(blockRewards, "EpochSealed")
        .withArgs(0, stranger.address, await blockRewards.latestSeed(), REWARD_WEI);
    });

    it("refuses in the block of the opening, so that nobody can try seeds in one transaction", async () => {
      const { blockRewards } = await loadFixture(network);
      await hardhatNetwork.provider.send("evm_setAutomine", [false]);
      const opening = await blockRewards.openEpoch({ gasLimit: 1_000_000 });
      const sealing = await blockRewards.sealEpoch({ gasLimit: 1_000_000 });
      await mine();
      await hardhatNetwork.provider.send("evm_setAutomine", [true]);
      const { blockNumber } = (await opening.wait())!;
      const receipt = await ethers.provider.getTransactionReceipt(sealing.hash);
      expect([receipt!.blockNumber, receipt!.status]).to.deep.equal([blockNumber, 0]);
      await expect(blockRewards.sealEpoch.staticCall({ blockTag: blockNumber }))
        .to.be.revertedWithCustomError(blockRewards, "OpenedInThisBlock")
        .withArgs(0, blockNumber);
      expect((await blockRewards.rotationOf(0)).seed).to.equal(ethers.ZeroHash);
    });

    it("seals in a later block, up to the last second of the epoch", async () => {
      const registries = await loadFixture(opened);
      await mine(300);
      await nextBlockAt(registries, 1, 0, -1);
      await expect(registries.blockRewards.sealEpoch()).to.emit(registries.blockRewards, "EpochSealed");
    });

    it("refuses an epoch that nobody opened, even if the one before is open", async () => {
      const registries = await loadFixture(opened);
      const { blockRewards } = registries;
      await goTo(registries, 1);
      await expect(blockRewards.sealEpoch()).to.be.revertedWithCustomError(blockRewards, "EpochNotOpen").withArgs(1);
    });

    it("refuses to seal twice", async () => {
      const { blockRewards } = await loadFixture(sealed);
      await expect(blockRewards.sealEpoch())
        .to.be.revertedWithCustomError(blockRewards, "EpochAlreadySealed")
        .withArgs(0);
    });

    it("refuses before genesis", async () => {
      const registries = await loadFixture(deployRegistries);
      const { blockRewards, clock } = registries;
      await nextBlockAt(registries, 0, 0, -1);
      await expect(blockRewards.sealEpoch())
        .to.be.revertedWithCustomError(blockRewards, "BeforeGenesis")
        .withArgs(clock.genesisTimestamp - 1, clock.genesisTimestamp);
    });
  });

  describe("produce", () => {
    it("mints 2 MDT to the leader of the current slot", async () => {
      const registries = await loadFixture(sealed);
      const { blockRewards, token } = registries;
      const leader = byAddress(registries, await blockRewards.leaderOf(7));
      await nextBlockAt(registries, 0, 7);
      const production = blockRewards.connect(leader).produce();
      await expect(production).to.changeTokenBalance(token, leader, REWARD_WEI);
      await expect(production).to.emit(blockRewards, "BlockProduced").withArgs(7, leader.address, REWARD_WEI);
      expect(await token.mintable(blockRewards)).to.equal(1_000n * MDT - 3n * REWARD_WEI);
    });

    it("pays the leader if its operator produces", async () => {
      const registries = await loadFixture(sealed);
      const { blockRewards, staking, token, otto } = registries;
      const leader = byAddress(registries, await blockRewards.leaderOf(7));
      await staking.connect(leader).setOperator(otto);
      await nextBlockAt(registries, 0, 7);
      await expect(blockRewards.connect(otto).produce()).to.changeTokenBalances(token, [leader, otto], [REWARD_WEI, 0]);
    });

    for (const [name, seconds, slot] of [
      ["the slot from its first second", 0, 7],
      ["the slot to its last second", SLOT_SECONDS - 1, 7],
      ["the next slot a second later", SLOT_SECONDS, 8],
    ] as const) {
      it(`produces ${name}`, async () => {
        const registries = await loadFixture(sealed);
        const { blockRewards } = registries;
        const leader = byAddress(registries, await blockRewards.leaderOf(slot));
        await nextBlockAt(registries, 0, 7, seconds);
        await expect(blockRewards.connect(leader).produce())
          .to.emit(blockRewards, "BlockProduced")
          .withArgs(slot, leader.address, REWARD_WEI);
      });
    }

    it("refuses validators that aren't the leader, and other accounts", async () => {
      const registries = await loadFixture(sealed);
      const { blockRewards, validators, stranger } = registries;
      const leader = await blockRewards.leaderOf(7);
      await goTo(registries, 0, 7);
      const other = validators.find(({ address }) => address !== leader)!;
      for (const caller of [other, stranger]) {
        await expect(blockRewards.connect(caller).produce())
          .to.be.revertedWithCustomError(blockRewards, "NotLeader")
          .withArgs(7, leader, caller.address);
      }
    });

    it("refuses a second block in a slot", async () => {
      const registries = await loadFixture(sealed);
      const leader = await produceIn(registries, 7);
      await expect(registries.blockRewards.connect(leader).produce())
        .to.be.revertedWithCustomError(registries.blockRewards, "AlreadyProduced")
        .withArgs(7);
    });

    it("refuses before the epoch is opened, and before it is sealed", async () => {
      const registries = await loadFixture(network);
      const { blockRewards, vera } = registries;
      const refused = async () => {
        await expect(blockRewards.connect(vera).produce())
          .to.be.revertedWithCustomError(blockRewards, "EpochNotSealed")
          .withArgs(0);
      };
      await refused();
      await blockRewards.openEpoch();
      await refused();
    });

    it("refuses before genesis", async () => {
      const registries = await loadFixture(deployRegistries);
      const { blockRewards, clock } = registries;
      await nextBlockAt(registries, 0, 0, -1);
      await expect(blockRewards.produce())
        .to.be.revertedWithCustomError(blockRewards, "BeforeGenesis")
        .withArgs(clock.genesisTimestamp - 1, clock.genesisTimestamp);
    });

    it("still pays a leader that is slashed and leaves during the epoch", async () => {
      const registries = await loadFixture(sealed);
      const { blockRewards, staking, slasher, token } = registries;
      const leader = byAddress(registries, await blockRewards.leaderOf(7));
      await staking.connect(slasher).slash(leader, 100, EVIDENCE);
      await staking.connect(leader).unstake(leader, ethers.MaxUint256);
      await nextBlockAt(registries, 0, 7);
      await expect(blockRewards.connect(leader).produce()).to.changeTokenBalance(token, leader, REWARD_WEI);
    });

    it("pays the rest of the allowance as the last reward, and then refuses", async () => {
      const registries = await loadFixture(sealedWithLittleLeft);
      const { blockRewards, token } = registries;
      const paidWei: bigint[] = [];
      for (const slot of [5, 6, 7]) {
        const offeredWei = await blockRewards.nextRewardWei();
        const beforeWei = await token.totalSupply();
        await produceIn(registries, slot);
        paidWei.push((await token.totalSupply()) - beforeWei);
        expect(paidWei.at(-1)).to.equal(offeredWei);
      }
      expect(paidWei).to.deep.equal([2n * MDT, 2n * MDT, MDT]);
      expect(await blockRewards.nextRewardWei()).to.equal(0);

      const leader = byAddress(registries, await blockRewards.leaderOf(8));
      await goTo(registries, 0, 8);
      await expect(blockRewards.connect(leader).produce()).to.be.revertedWithCustomError(
        blockRewards,
        "AllowanceUsedUp",
      );
      expect(await blockRewards.hasProduced(8)).to.equal(false);
    });

    it("still lets anyone open and seal epochs, unpaid, once the allowance is used up", async () => {
      const registries = await loadFixture(sealedWithLittleLeft);
      const { blockRewards, stranger } = registries;
      for (const slot of [5, 6, 7]) await produceIn(registries, slot);
      await goTo(registries, 1);
      await expect(blockRewards.connect(stranger).openEpoch())
        .to.emit(blockRewards, "EpochOpened")
        .withArgs(1, stranger.address, 3, 200n * MDT, 0);
      const sealing = await blockRewards.connect(stranger).sealEpoch();
      await expect(sealing)
        .to.emit(blockRewards, "EpochSealed")
        .withArgs(1, stranger.address, await blockRewards.latestSeed(), 0);
      expect((await blockRewards.leadersOf(1)).length).to.equal(1_000);
    });
  });

  describe("produced slots", () => {
    it("are listed for an epoch; the other slots were missed", async () => {
      const registries = await loadFixture(sealed);
      const { blockRewards } = registries;
      const slots = [2, 3, 255, 256, 999];
      for (const slot of slots) await produceIn(registries, slot);
      expect(await blockRewards.producedSlots(0)).to.deep.equal(slots);
      expect(await blockRewards.producedCount(0)).to.equal(5);
      expect(await blockRewards.hasProduced(255)).to.equal(true);
      expect(await blockRewards.hasProduced(254)).to.equal(false);
    });

    it("are listed separately for each epoch", async () => {
      const registries = await loadFixture(sealed);
      const { blockRewards } = registries;
      await produceIn(registries, 999);
      await goTo(registries, 1);
      await blockRewards.openEpoch();
      await blockRewards.sealEpoch();
      await produceIn(registries, 1_001);
      expect(await blockRewards.producedSlots(0)).to.deep.equal([999]);
      expect(await blockRewards.producedSlots(1)).to.deep.equal([1_001]);
    });

    it("are none for the last possible epoch, which has no leaders or candidates", async () => {
      const { blockRewards } = await loadFixture(sealed);
      const farEpoch = 2n ** 64n - 1n;
      expect(await blockRewards.producedSlots(farEpoch)).to.deep.equal([]);
      expect(await blockRewards.leadersOf(farEpoch)).to.deep.equal([]);
      expect(await blockRewards.leaderOf(farEpoch)).to.equal(ethers.ZeroAddress);
      expect(await blockRewards.candidatesOf(farEpoch)).to.deep.equal([[], []]);
    });
  });
});
