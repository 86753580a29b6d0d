import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { MaxUint256, ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { signerOf } from "../../shared/deploySystem";

const HELD_WEI = 1_000n;

enum Source {
  RegistrationFees,
  SlashingPenalties,
  TaskFees,
  Returned,
  TransactionFees,
}

const SOURCES = [
  Source.RegistrationFees,
  Source.SlashingPenalties,
  Source.TaskFees,
  Source.Returned,
  Source.TransactionFees,
] as const;

/** A pool with three inert contracts; each actor has tokens that the pool may take. */
async function deployPool() {
  const [deployer, anyone] = await ethers.getSigners();
  const genesis = [{ account: deployer!, amountWei: 5n * HELD_WEI }];
  const token = await ethers.deployContract("ModernTensorToken", [genesis, 21_000_000n]);
  const pool = await ethers.deployContract("RecyclingPool", [token]);
  const member = async () => signerOf(await ethers.deployContract("MinterHarness", [token, 0n, 8n]));
  const [treasury, staking, taskRegistry] = [await member(), await member(), await member()];
  const actors = { deployer: deployer!, treasury, staking, taskRegistry, anyone: anyone! };
  const holders = Object.values(actors);
  for (const holder of holders.slice(1)) await token.transfer(holder, HELD_WEI);
  for (const holder of holders) await token.connect(holder).approve(pool, MaxUint256);
  return { token, pool, ...actors };
}

async function wiredPool() {
  const network = await deployPool();
  await network.pool.wire(network.treasury, network.staking, network.taskRegistry);
  return network;
}

type Network = Awaited<ReturnType<typeof deployPool>>;

async function booksOf({ pool }: Network) {
  const bySource = await Promise.all(SOURCES.map((source) => pool.totalBySource(source)));
  return { in: await pool.totalIn(), out: await pool.totalOut(), bySource, other: await pool.other() };
}

describe("RecyclingPool", () => {
  it("refuses the zero address as token", async () => {
    const { pool } = await loadFixture(deployPool);
    await expect(ethers.deployContract("RecyclingPool", [ZeroAddress]))
      .to.be.revertedWithCustomError(pool, "InvalidAddress")
      .withArgs("token", ZeroAddress);
  });

  describe("wire", () => {
    it("fixes the contracts that may book and draw", async () => {
      const { pool, token, deployer, treasury, staking, taskRegistry } = await loadFixture(deployPool);
      await expect(pool.wire(treasury, staking, taskRegistry))
        .to.emit(pool, "Wired")
        .withArgs(treasury, staking, taskRegistry);
      expect(await pool.treasury()).to.equal(treasury);
      expect(await pool.staking()).to.equal(staking);
      expect(await pool.taskRegistry()).to.equal(taskRegistry);
      expect(await pool.token()).to.equal(token);
      expect(await pool.deployer()).to.equal(deployer);
    });

    it("can be called once", async () => {
      const { pool, treasury, staking, taskRegistry } = await loadFixture(wiredPool);
      await expect(pool.wire(treasury, staking, taskRegistry))
        .to.be.revertedWithCustomError(pool, "AlreadyWired")
        .withArgs();
    });

    it("can be called only by the deployer", async () => {
      const { pool, deployer, treasury, staking, taskRegistry } = await loadFixture(deployPool);
      await expect(pool.connect(treasury).wire(treasury, staking, taskRegistry))
        .to.be.revertedWithCustomError(pool, "NotDeployer")
        .withArgs(treasury, deployer);
    });

    it("refuses contracts that have no token or another token", async () => {
      const { pool, treasury, staking, taskRegistry, anyone } = await loadFixture(deployPool);
      const [t, s, r] = [treasury.address, staking.address, taskRegistry.address];
      const otherToken = await ethers.deployContract("ModernTensorToken", [[], 1n]);
      const stranger = await (await ethers.deployContract("MinterHarness", [otherToken, 0n, 8n])).getAddress();
      for (const wrong of [anyone.address, await otherToken.getAddress(), stranger]) {
        for (const [parameter, roles] of [
          ["treasury", [wrong, s, r]],
          ["staking", [t, wrong, r]],
          ["taskRegistry", [t, s, wrong]],
        ] as const) {
          await expect(pool.wire(...roles))
            .to.be.revertedWithCustomError(pool, "InvalidAddress")
            .withArgs(parameter, wrong);
        }
      }
    });

    it("refuses a TaskRegistry whose fees halve in other epochs than the emission", async () => {
      const { pool, token, treasury, staking } = await loadFixture(deployPool);
      const slower = await ethers.deployContract("MinterHarness", [token, 0n, 9n]);
      await expect(pool.wire(treasury, staking, slower))
        .to.be.revertedWithCustomError(pool, "HalvingMismatch")
        .withArgs(8n, 9n);
    });

    it("refuses the zero address, itself, and one contract in two roles", async () => {
      const { pool, treasury, staking, taskRegistry } = await loadFixture(deployPool);
      const self = await pool.getAddress();
      const [t, s, r] = [treasury.address, staking.address, taskRegistry.address];
      for (const [parameter, value, roles] of [
        ["treasury", ZeroAddress, [ZeroAddress, s, r]],
        ["treasury", self, [self, s, r]],
        ["staking", ZeroAddress, [t, ZeroAddress, r]],
        ["staking", self, [t, self, r]],
        ["staking", t, [t, t, r]],
        ["taskRegistry", ZeroAddress, [t, s, ZeroAddress]],
        ["taskRegistry", self, [t, s, self]],
        ["taskRegistry", t, [t, s, t]],
        ["taskRegistry", s, [t, s, s]],
      ] as const) {
        await expect(pool.wire(...roles))
          .to.be.revertedWithCustomError(pool, "InvalidAddress")
          .withArgs(parameter, value);
      }
    });
  });

  describe("deposit", () => {
    const mayBook: Record<Source, readonly (keyof Network)[]> = {
      [Source.RegistrationFees]: ["staking", "taskRegistry"],
      [Source.SlashingPenalties]: ["staking"],
      [Source.TaskFees]: ["taskRegistry"],
      [Source.Returned]: [],
      [Source.TransactionFees]: ["deployer", "treasury", "staking", "taskRegistry", "anyone"],
    };

    for (const source of SOURCES) {
      for (const name of ["deployer", "treasury", "staking", "taskRegistry", "anyone"] as const) {
        const allowed = mayBook[source].includes(name);
        it(`${allowed ? "books" : "refuses"} ${Source[source]} from ${name}`, async () => {
          const network = await loadFixture(wiredPool);
          const { pool, token, [name]: caller } = network;
          const deposit = pool.connect(caller).deposit(source, 7n);
          if (!allowed) {
            await expect(deposit).to.be.revertedWithCustomError(pool, "SourceNotAllowed").withArgs(source, caller);
            expect(await pool.available()).to.equal(0n);
            return;
          }
          await expect(deposit).to.emit(pool, "Deposited").withArgs(source, caller, 7n);
          expect(await token.balanceOf(caller)).to.equal(HELD_WEI - 7n);
          expect(await pool.available()).to.equal(7n);
          const bySource = [0n, 0n, 0n, 0n, 0n];
          bySource[source] = 7n;
          expect(await booksOf(network)).to.deep.equal({ in: 7n, out: 0n, bySource, other: 0n });
        });
      }
    }

    it("refuses more than the caller has", async () => {
      const { pool, token, anyone } = await loadFixture(wiredPool);
      await expect(pool.connect(anyone).deposit(Source.TransactionFees, HELD_WEI + 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientBalance")
        .withArgs(anyone, HELD_WEI, HELD_WEI + 1n);
      expect(await pool.totalBySource(Source.TransactionFees)).to.equal(0n);
    });

    it("accepts zero, so that a slash that rounds to zero still succeeds", async () => {
      const { pool, staking } = await loadFixture(wiredPool);
      await expect(pool.connect(staking).deposit(Source.SlashingPenalties, 0n))
        .to.emit(pool, "Deposited")
        .withArgs(Source.SlashingPenalties, staking, 0n);
    });
  });

  it("counts tokens sent directly as `other`, and recycles them too", async () => {
    const network = await loadFixture(wiredPool);
    await network.token.connect(network.anyone).transfer(network.pool, 9n);
    expect(await booksOf(network)).to.deep.equal({ in: 9n, out: 0n, bySource: [0n, 0n, 0n, 0n, 0n], other: 9n });
    await network.pool.connect(network.treasury).draw(9n, 0n);
    expect(await booksOf(network)).to.deep.equal({ in: 9n, out: 9n, bySource: [0n, 0n, 0n, 0n, 0n], other: 9n });
  });

  describe("draw", () => {
    for (const [title, wanted, drawn] of [
      ["one wei less than it has", 99n, 99n],
      ["all it has", 100n, 100n],
      ["all it has when asked for one wei more", 101n, 100n],
      ["nothing when asked for nothing", 0n, 0n],
    ] as const) {
      it(`gives ${title}`, async () => {
        const { pool, token, treasury, anyone } = await loadFixture(wiredPool);
        await pool.connect(anyone).deposit(Source.TransactionFees, 100n);
        expect(await pool.connect(treasury).draw.staticCall(wanted, 0n)).to.equal(drawn);
        const draw = pool.connect(treasury).draw(wanted, 0n);
        await expect(draw).to.changeTokenBalances(token, [pool, treasury], [-drawn, drawn]);
        await expect(draw).to.emit(pool, "Drawn").withArgs(drawn, 0n);
        expect(await pool.totalOut()).to.equal(drawn);
      });
    }

    it("transfers the difference between the drawn and the returned amount, and books both", async () => {
      const network = await loadFixture(wiredPool);
      const { pool, token, treasury, anyone } = network;
      await pool.connect(anyone).deposit(Source.TransactionFees, 100n);
      const draw = pool.connect(treasury).draw(60n, 25n);
      await expect(draw).to.changeTokenBalances(token, [pool, treasury], [-35n, 35n]);
      await expect(draw).to.emit(pool, "Drawn").withArgs(60n, 25n);
      expect(await booksOf(network)).to.deep.equal({
        in: 125n,
        out: 60n,
        bySource: [0n, 0n, 0n, 25n, 100n],
        other: 0n,
      });
    });

    for (const [title, returned] of [
      ["the same amount", 60n],
      ["one wei more", 61n],
    ] as const) {
      it(`transfers nothing if ${title} is returned; the Treasury sends what exceeds the draw`, async () => {
        const network = await loadFixture(wiredPool);
        const { pool, token, treasury, anyone } = network;
        await pool.connect(anyone).deposit(Source.TransactionFees, 60n);
        const draw = pool.connect(treasury).draw(60n, returned);
        await expect(draw).to.changeTokenBalances(token, [pool, treasury], [0n, 0n]);
        await expect(draw).not.to.emit(token, "Transfer");
        await token.connect(treasury).transfer(pool, returned - 60n);
        const bySource = [0n, 0n, 0n, returned, 60n];
        expect(await booksOf(network)).to.deep.equal({ in: 60n + returned, out: 60n, bySource, other: 0n });
      });
    }

    it("can be called only by the Treasury", async () => {
      const { pool, treasury, staking } = await loadFixture(wiredPool);
      await expect(pool.connect(staking).draw(1n, 0n))
        .to.be.revertedWithCustomError(pool, "NotTreasury")
        .withArgs(staking, treasury);
    });

    it("can't be called before the pool is wired", async () => {
      const { pool, deployer } = await loadFixture(deployPool);
      await expect(pool.draw(0n, 0n))
        .to.be.revertedWithCustomError(pool, "NotTreasury")
        .withArgs(deployer, ZeroAddress);
    });
  });
});
