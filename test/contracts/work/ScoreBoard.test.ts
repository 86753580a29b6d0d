import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { ethers } from "hardhat";
import {
  deployRegistries,
  EPOCH_SECONDS,
  goTo,
  joinAsValidator,
  nextBlockAt,
  startOf,
} from "../../shared/deployRegistries";

const SALT = ethers.id("a salt");
/** Miner 1 scores 65,535, miner 3 scores 7. */
const PAYLOAD = ethers.solidityPacked(["uint32", "uint16", "uint32", "uint16"], [1, 65_535, 3, 7]);
const EMPTY = "0x";

/** Two validators from before genesis, one of them with an operator, and three miners; now is epoch 0. */
async function network() {
  const registries = await deployRegistries();
  const [vera, otto, will, stranger, ...miners] = registries.people as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ];
  await joinAsValidator(registries, vera, 100n, otto);
  await joinAsValidator(registries, will);
  for (const miner of miners.slice(0, 3)) {
    await registries.taskRegistry.connect(miner).registerMiner(ethers.MaxUint256);
  }
  await goTo(registries, 0);
  return { ...registries, vera, otto, will, stranger, miners };
}

/** The network after Vera committed to PAYLOAD for epoch 0; now is the reveal window of epoch 0. */
async function committed() {
  const registries = await network();
  const { scoreBoard, vera } = registries;
  const commitment = await scoreBoard.commitmentOf(vera, 0, PAYLOAD, SALT);
  await scoreBoard.connect(vera).commitScores(commitment);
  await goTo(registries, 1);
  return { ...registries, commitment };
}

describe("ScoreBoard", () => {
  describe("constructor", () => {
    it("exposes its contracts and constants", async () => {
      const { scoreBoard, staking, taskRegistry } = await loadFixture(network);
      expect(await scoreBoard.staking()).to.equal(await staking.getAddress());
      expect(await scoreBoard.taskRegistry()).to.equal(await taskRegistry.getAddress());
      expect(await scoreBoard.MISSES_UNTIL_SLASH()).to.equal(3);
      expect(await scoreBoard.MISSES_WINDOW_EPOCHS()).to.equal(8);
      expect(await scoreBoard.MISSES_SLASH_BPS()).to.equal(100);
      expect(await scoreBoard.ROW_BYTES()).to.equal(6);
    });

    it("refuses a Staking or a TaskRegistry with another clock", async () => {
      const { clock, staking, taskRegistry, scoreBoard } = await loadFixture(network);
      const other = await deployRegistries({ slotSeconds: 11 });
      for (const [wrong, parts] of [
        [other.staking, [other.staking, taskRegistry]],
        [other.taskRegistry, [staking, other.taskRegistry]],
      ] as const) {
        await expect(ethers.deployContract("ScoreBoard", [clock, ...parts]))
          .to.be.revertedWithCustomError(scoreBoard, "ClockMismatch")
          .withArgs(await wrong.getAddress());
      }
    });
  });

  describe("commitmentOf", () => {
    it("binds chain, contract, validator, epoch, scores and salt", async () => {
      const { scoreBoard, vera } = await loadFixture(network);
      const expected = ethers.keccak256(
        ethers.AbiCoder.defaultAbiCoder().encode(
          ["uint256", "address", "address", "uint64", "bytes32", "bytes32"],
          [31337, await scoreBoard.getAddress(), vera.address, 5, ethers.keccak256(PAYLOAD), SALT],
        ),
      );
      expect(await scoreBoard.commitmentOf(vera, 5, PAYLOAD, SALT)).to.equal(expected);
    });
  });

  describe("commitScores", () => {
    it("stores the commitment and the number of miners", async () => {
      const { scoreBoard, vera } = await loadFixture(network);
      await expect(scoreBoard.connect(vera).commitScores(SALT))
        .to.emit(scoreBoard, "ScoresCommitted")
        .withArgs(0, vera.address, SALT, 3);
      expect(await scoreBoard.commitsOf(0, [vera])).to.deep.equal([[SALT, 3, false]]);
    });

    it("accepts the operator's commitment for its owner", async () => {
      const { scoreBoard, vera, otto } = await loadFixture(network);
      await expect(scoreBoard.connect(otto).commitScores(SALT))
        .to.emit(scoreBoard, "ScoresCommitted")
        .withArgs(0, vera.address, SALT, 3);
    });

    it("refuses a second commitment, whether by owner or operator", async () => {
      const { scoreBoard, vera, otto } = await loadFixture(network);
      await scoreBoard.connect(vera).commitScores(SALT);
      for (const caller of [vera, otto]) {
        await expect(scoreBoard.connect(caller).commitScores(ethers.id("another")))
          .to.be.revertedWithCustomError(scoreBoard, "AlreadyCommitted")
          .withArgs(vera.address, 0);
      }
    });

    it("accepts one commitment per epoch", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera } = registries;
      for (const epoch of [0, 1]) {
        await nextBlockAt(registries, epoch, 9);
        await scoreBoard.connect(vera).commitScores(SALT);
      }
      for (const epoch of [0, 1]) {
        expect((await scoreBoard.commitsOf(epoch, [vera]))[0]!.commitment).to.equal(SALT);
      }
    });

    it("refuses the zero commitment", async () => {
      const { scoreBoard, vera } = await loadFixture(network);
      await expect(scoreBoard.connect(vera).commitScores(ethers.ZeroHash)).to.be.revertedWithCustomError(
        scoreBoard,
        "EmptyCommitment",
      );
    });

    it("refuses accounts that are not validators", async () => {
      const { scoreBoard, stranger } = await loadFixture(network);
      await expect(scoreBoard.connect(stranger).commitScores(SALT))
        .to.be.revertedWithCustomError(scoreBoard, "NotActiveValidator")
        .withArgs(stranger.address, 0);
    });

    it("refuses a validator until its stake counts, two epochs after it registered", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, stranger } = registries;
      await joinAsValidator(registries, stranger);
      await nextBlockAt(registries, 2, 0, -1);
      await expect(scoreBoard.connect(stranger).commitScores(SALT))
        .to.be.revertedWithCustomError(scoreBoard, "NotActiveValidator")
        .withArgs(stranger.address, 1);
      await goTo(registries, 2);
      await expect(scoreBoard.connect(stranger).commitScores(SALT)).not.to.be.reverted;
    });

    it("refuses a jailed validator, but only from the epoch after its slash", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, staking, slasher, vera } = registries;
      await staking.connect(slasher).slash(vera, 100, SALT);
      await scoreBoard.connect(vera).commitScores(SALT);
      await goTo(registries, 1);
      await expect(scoreBoard.connect(vera).commitScores(SALT))
        .to.be.revertedWithCustomError(scoreBoard, "NotActiveValidator")
        .withArgs(vera.address, 1);
    });

    it("refuses before genesis", async () => {
      const registries = await loadFixture(deployRegistries);
      const genesis = registries.clock.genesisTimestamp;
      await nextBlockAt(registries, 0, 0, -1);
      await expect(registries.scoreBoard.commitScores(SALT))
        .to.be.revertedWithCustomError(registries.scoreBoard, "BeforeGenesis")
        .withArgs(genesis - 1, genesis);
    });
  });

  describe("revealScores", () => {
    it("publishes the scores and records the reveal", async () => {
      const { scoreBoard, vera } = await loadFixture(committed);
      await expect(scoreBoard.connect(vera).revealScores(0, PAYLOAD, SALT))
        .to.emit(scoreBoard, "ScoresRevealed")
        .withArgs(0, vera.address, PAYLOAD);
      expect(await scoreBoard.hasRevealed(vera, 0)).to.equal(true);
    });

    it("shows in `revealedOf` and `commitsOf` for many validators at once", async () => {
      const { scoreBoard, vera, will, stranger, commitment } = await loadFixture(committed);
      await scoreBoard.connect(vera).revealScores(0, PAYLOAD, SALT);
      expect(await scoreBoard.revealedOf(0, [will, vera, stranger])).to.deep.equal([false, true, false]);
      expect(await scoreBoard.revealedOf(1, [vera])).to.deep.equal([false]);
      expect(await scoreBoard.commitsOf(0, [will, vera])).to.deep.equal([
        [ethers.ZeroHash, 0, false],
        [commitment, 3, true],
      ]);
    });

    it("accepts an empty payload: every miner scores 0", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera } = registries;
      await scoreBoard.connect(vera).commitScores(await scoreBoard.commitmentOf(vera, 0, EMPTY, SALT));
      await goTo(registries, 1);
      await expect(scoreBoard.connect(vera).revealScores(0, EMPTY, SALT))
        .to.emit(scoreBoard, "ScoresRevealed")
        .withArgs(0, vera.address, EMPTY);
    });

    const windowCases: [string, number, number, string | null][] = [
      ["refuses a second before the window opens", 0, -1, "RevealTooEarly"],
      ["accepts when the window opens", 0, 0, null],
      ["accepts a second before the window closes", 2, -1, null],
      ["refuses when the window closes", 2, 0, "RevealTooLate"],
    ];
    for (const [name, slot, seconds, error] of windowCases) {
      it(name, async () => {
        const registries = await loadFixture(network);
        const { scoreBoard, vera } = registries;
        await scoreBoard.connect(vera).commitScores(await scoreBoard.commitmentOf(vera, 0, PAYLOAD, SALT));
        const now = await nextBlockAt(registries, 1, slot, seconds);
        const reveal = scoreBoard.connect(vera).revealScores(0, PAYLOAD, SALT);
        if (error === null) {
          await expect(reveal).not.to.be.reverted;
        } else {
          const boundary = startOf(registries, 1, slot);
          await expect(reveal).to.be.revertedWithCustomError(scoreBoard, error).withArgs(0, boundary, now);
        }
      });
    }

    it("refuses an epoch that lies centuries ahead", async () => {
      const registries = await loadFixture(committed);
      const { scoreBoard, vera, clock } = registries;
      const epoch = 2n ** 64n - 1n;
      const opensAt = BigInt(clock.genesisTimestamp) + (epoch + 1n) * BigInt(EPOCH_SECONDS);
      const now = await nextBlockAt(registries, 1, 1);
      await expect(scoreBoard.connect(vera).revealScores(epoch, PAYLOAD, SALT))
        .to.be.revertedWithCustomError(scoreBoard, "RevealTooEarly")
        .withArgs(epoch, opensAt, now);
    });

    for (const length of [1, 5, 7, 13]) {
      it(`refuses a payload of ${length} bytes, which isn't a multiple of six`, async () => {
        const { scoreBoard, vera } = await loadFixture(committed);
        await expect(scoreBoard.connect(vera).revealScores(0, ethers.hexlify(new Uint8Array(length)), SALT))
          .to.be.revertedWithCustomError(scoreBoard, "PayloadLengthNotRows")
          .withArgs(length);
      });
    }

    describe("a payload", () => {
      /** Vera commits to `rows` rows while there are three miners; then a fourth registers. */
      async function commitTo(rows: number) {
        const registries = await loadFixture(network);
        const { scoreBoard, taskRegistry, vera, miners } = registries;
        const payload = ethers.hexlify(new Uint8Array(6 * rows));
        await scoreBoard.connect(vera).commitScores(await scoreBoard.commitmentOf(vera, 0, payload, SALT));
        await taskRegistry.connect(miners[3]).registerMiner(ethers.MaxUint256);
        await goTo(registries, 1);
        return { scoreBoard, reveal: scoreBoard.connect(vera).revealScores(0, payload, SALT) };
      }

      it("may have one row for each miner at the commit", async () => {
        const { reveal } = await commitTo(3);
        await expect(reveal).not.to.be.reverted;
      });

      it("can't have one row more, even if as many miners have registered since", async () => {
        const { scoreBoard, reveal } = await commitTo(4);
        await expect(reveal).to.be.revertedWithCustomError(scoreBoard, "PayloadTooLong").withArgs(24, 18);
      });
    });

    describe("the salts revealed for an epoch", () => {
      it("are combined by exclusive or, even if revealed in another order than committed", async () => {
        const registries = await loadFixture(network);
        const { scoreBoard, vera, will } = registries;
        const salts = [ethers.id("of Vera"), ethers.id("of Will")] as const;
        for (const [i, validator] of [vera, will].entries()) {
          const commitment = await scoreBoard.commitmentOf(validator, 0, PAYLOAD, salts[i]!);
          await scoreBoard.connect(validator).commitScores(commitment);
        }
        expect(await scoreBoard.revealedSalts(0)).to.equal(ethers.ZeroHash);
        await goTo(registries, 1);
        await scoreBoard.connect(will).revealScores(0, PAYLOAD, salts[1]);
        expect(await scoreBoard.revealedSalts(0)).to.equal(salts[1]);
        await scoreBoard.connect(vera).revealScores(0, PAYLOAD, salts[0]);
        const both = ethers.toBeHex(BigInt(salts[0]) ^ BigInt(salts[1]), 32);
        expect(await scoreBoard.revealedSalts(0)).to.equal(both);
        expect(await scoreBoard.revealedSalts(1)).to.equal(ethers.ZeroHash);
      });

      it("don't change if a reveal is refused", async () => {
        const { scoreBoard, vera } = await loadFixture(committed);
        await expect(scoreBoard.connect(vera).revealScores(0, PAYLOAD, ethers.id("another"))).to.be.reverted;
        expect(await scoreBoard.revealedSalts(0)).to.equal(ethers.ZeroHash);
      });
    });

    it("refuses callers that have committed nothing", async () => {
      const { scoreBoard, will, stranger } = await loadFixture(committed);
      for (const caller of [will, stranger]) {
        await expect(scoreBoard.connect(caller).revealScores(0, PAYLOAD, SALT))
          .to.be.revertedWithCustomError(scoreBoard, "NothingCommitted")
          .withArgs(caller.address, 0);
      }
    });

    it("refuses a second reveal", async () => {
      const { scoreBoard, vera, otto } = await loadFixture(committed);
      await scoreBoard.connect(vera).revealScores(0, PAYLOAD, SALT);
      await expect(scoreBoard.connect(otto).revealScores(0, PAYLOAD, SALT))
        .to.be.revertedWithCustomError(scoreBoard, "AlreadyRevealed")
        .withArgs(vera.address, 0);
      expect(await scoreBoard.revealedSalts(0)).to.equal(SALT);
    });

    it("refuses scores or a salt other than those committed", async () => {
      const { scoreBoard, vera, commitment } = await loadFixture(committed);
      for (const [payload, salt] of [
        [EMPTY, SALT],
        [PAYLOAD, ethers.id("another")],
      ] as const) {
        await expect(scoreBoard.connect(vera).revealScores(0, payload, salt))
          .to.be.revertedWithCustomError(scoreBoard, "CommitmentMismatch")
          .withArgs(commitment, await scoreBoard.commitmentOf(vera, 0, payload, salt));
      }
      expect(await scoreBoard.hasRevealed(vera, 0)).to.equal(false);
    });

    it("refuses a validator that has copied another's commitment", async () => {
      const registries = await loadFixture(network);
      const { scoreBoard, vera, will } = registries;
      const commitment = await scoreBoard.commitmentOf(vera, 0, PAYLOAD, SALT);
      await scoreBoard.connect(vera).commitScores(commitment);
      await scoreBoard.connect(will).commitScores(commitment);
      await goTo(registries, 1);
      await scoreBoard.connect(vera).revealScores(0, PAYLOAD, SALT);
      await expect(scoreBoard.connect(will).revealScores(0, PAYLOAD, SALT))
        .to.be.revertedWithCustomError(scoreBoard, "CommitmentMismatch")
        .withArgs(commitment, await scoreBoard.commitmentOf(will, 0, PAYLOAD, SALT));
    });

    it("refuses a commitment that was made for another epoch", async () => {
      const registries = await loadFixture(committed);
      const { scoreBoard, vera, commitment } = registries;
      await scoreBoard.connect(vera).commitScores(commitment);
      await goTo(registries, 2);
      await expect(scoreBoard.connect(vera).revealScores(1, PAYLOAD, SALT))
        .to.be.revertedWithCustomError(scoreBoard, "CommitmentMismatch")
        .withArgs(commitment, await scoreBoard.commitmentOf(vera, 1, PAYLOAD, SALT));
    });

    describe("every validator that was active may reveal", () => {
      it("through an operator named after the commit, and no longer through the old one", async () => {
        const { scoreBoard, staking, vera, otto, miners } = await loadFixture(committed);
        const newOperator = miners[10]!;
        await staking.connect(vera).setOperator(newOperator);
        await expect(scoreBoard.connect(otto).revealScores(0, PAYLOAD, SALT))
          .to.be.revertedWithCustomError(scoreBoard, "NothingCommitted")
          .withArgs(otto.address, 0);
        await expect(scoreBoard.connect(newOperator).revealScores(0, PAYLOAD, SALT))
          .to.emit(scoreBoard, "ScoresRevealed")
          .withArgs(0, vera.address, PAYLOAD);
      });

      it("even if it was slashed and jailed in between", async () => {
        const { scoreBoard, staking, slasher, vera } = await loadFixture(committed);
        await staking.connect(slasher).slash(vera, 5_000, SALT);
        await expect(scoreBoard.connect(vera).revealScores(0, PAYLOAD, SALT)).not.to.be.reverted;
      });

      it("even if it has left in between", async () => {
        const registries = await loadFixture(network);
        const { scoreBoard, staking, vera, otto } = registries;
        await scoreBoard.connect(vera).commitScores(await scoreBoard.commitmentOf(vera, 0, PAYLOAD, SALT));
        await staking.connect(vera).unstake(vera, ethers.MaxUint256);
        await goTo(registries, 1);
        expect(await staking.isActive(vera, 1)).to.equal(false);
        await expect(scoreBoard.connect(otto).revealScores(0, PAYLOAD, SALT))
          .to.emit(scoreBoard, "ScoresRevealed")
          .withArgs(0, vera.address, PAYLOAD);
      });
    });
  });
});
