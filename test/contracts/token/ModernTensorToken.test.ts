import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import { Signature, ZeroAddress } from "ethers";
import { ethers } from "hardhat";
import { signerOf } from "../../shared/deploySystem";

const CAP_WEI = 1_000n;
const GENESIS_WEI = 100n;
/** Minimum allowance that the other minter needs. */
const LEAST_WEI = 400n;
const BELOW_96_BITS = 2n ** 96n - 1n;

async function deployToken(genesisWei = GENESIS_WEI, maxSupplyWei = CAP_WEI) {
  const [deployer, holder, stranger] = await ethers.getSigners();
  const genesis = [{ account: holder!, amountWei: genesisWei }];
  const token = await ethers.deployContract("ModernTensorToken", [genesis, maxSupplyWei]);
  const minter = await signerOf(await ethers.deployContract("MinterHarness", [token, 0n, 8n]));
  const otherMinter = await signerOf(await ethers.deployContract("MinterHarness", [token, LEAST_WEI, 8n]));
  return { token, deployer: deployer!, holder: holder!, minter, otherMinter, stranger: stranger! };
}

async function unwired() {
  return deployToken();
}

async function wired() {
  const network = await deployToken();
  await network.token.wireMinters([network.minter, network.otherMinter], [500n, 400n]);
  return network;
}

describe("ModernTensorToken", () => {
  describe("at deployment", () => {
    it("gives the genesis amounts to their holders and counts them as minted", async () => {
      const { token, holder, deployer } = await loadFixture(unwired);
      expect(await token.name()).to.equal("ModernTensor");
      expect(await token.symbol()).to.equal("MDT");
      expect(await token.decimals()).to.equal(18n);
      expect(await token.balanceOf(holder)).to.equal(GENESIS_WEI);
      expect(await token.totalMinted()).to.equal(GENESIS_WEI);
      expect(await token.totalBurned()).to.equal(0n);
      expect(await token.MAX_SUPPLY()).to.equal(CAP_WEI);
      expect(await token.deployer()).to.equal(deployer);
      expect(await token.minters()).to.deep.equal([]);
    });

    for (const [title, capWei] of [
      ["zero", 0n],
      ["2^96", BELOW_96_BITS + 1n],
    ] as const) {
      it(`refuses a cap of ${title}`, async () => {
        const { token } = await loadFixture(unwired);
        await expect(ethers.deployContract("ModernTensorToken", [[], capWei]))
          .to.be.revertedWithCustomError(token, "MaxSupplyOutOfRange")
          .withArgs(capWei);
      });
    }

    it("accepts a cap just below 2^96, and a genesis up to the cap", async () => {
      const { token, holder } = await deployToken(BELOW_96_BITS, BELOW_96_BITS);
      expect(await token.balanceOf(holder)).to.equal(BELOW_96_BITS);
    });

    it("refuses a genesis of one wei above the cap", async () => {
      const { token } = await loadFixture(unwired);
      await expect(deployToken(CAP_WEI + 1n))
        .to.be.revertedWithCustomError(token, "AboveMaxSupply")
        .withArgs(CAP_WEI + 1n, CAP_WEI);
    });
  });

  describe("wireMinters", () => {
    it("fixes the minters and their lifetime allowances, up to the cap", async () => {
      const { token, minter, otherMinter } = await loadFixture(unwired);
      await expect(token.wireMinters([minter, otherMinter], [500n, 400n]))
        .to.emit(token, "MinterWired")
        .withArgs(minter, 500n)
        .and.to.emit(token, "MinterWired")
        .withArgs(otherMinter, 400n);
      expect(await token.minters()).to.deep.equal([minter.address, otherMinter.address]);
      expect(await token.mintable(minter)).to.equal(500n);
      expect(await token.mintable(otherMinter)).to.equal(400n);
      expect(await token.totalMinted()).to.equal(GENESIS_WEI);
    });

    it("accepts an allowance just below 2^96", async () => {
      const { token, minter } = await deployToken(0n, BELOW_96_BITS);
      await token.wireMinters([minter], [BELOW_96_BITS]);
      expect(await token.mintable(minter)).to.equal(BELOW_96_BITS);
    });

    it("refuses allowances that together with genesis exceed the cap by one wei", async () => {
      const { token, minter, otherMinter } = await loadFixture(unwired);
      await expect(token.wireMinters([minter, otherMinter], [500n, 401n]))
        .to.be.revertedWithCustomError(token, "AboveMaxSupply")
        .withArgs(CAP_WEI + 1n, CAP_WEI);
      expect(await token.mintable(minter)).to.equal(0n);
    });

    it("can be called once", async () => {
      const { token, stranger } = await loadFixture(wired);
      await expect(token.wireMinters([stranger], [1n]))
        .to.be.revertedWithCustomError(token, "AlreadyWired")
        .withArgs();
    });

    it("can be called only by the deployer", async () => {
      const { token, deployer, stranger } = await loadFixture(unwired);
      await expect(token.connect(stranger).wireMinters([stranger], [1n]))
        .to.be.revertedWithCustomError(token, "NotDeployer")
        .withArgs(stranger, deployer);
    });

    for (const [title, minters, allowances] of [
      ["no minter", 0, []],
      ["more minters than allowances", 2, [1n]],
      ["more allowances than minters", 1, [1n, 2n]],
    ] as const) {
      it(`refuses ${title}`, async () => {
        const { token, minter, otherMinter } = await loadFixture(unwired);
        await expect(token.wireMinters([minter, otherMinter].slice(0, minters), [...allowances]))
          .to.be.revertedWithCustomError(token, "MinterListMismatch")
          .withArgs(minters, allowances.length);
      });
    }

    it("refuses an allowance one wei below what the minter needs", async () => {
      const { token, minter, otherMinter } = await loadFixture(unwired);
      await expect(token.wireMinters([minter, otherMinter], [1n, LEAST_WEI - 1n]))
        .to.be.revertedWithCustomError(token, "AllowanceTooSmall")
        .withArgs(otherMinter, LEAST_WEI - 1n, LEAST_WEI);
      await token.wireMinters([minter, otherMinter], [1n, LEAST_WEI]);
    });

    it("refuses minters that have no token or another token", async () => {
      const { token, stranger } = await loadFixture(unwired);
      const otherToken = await ethers.deployContract("ModernTensorToken", [[], 1n]);
      const other = await ethers.deployContract("MinterHarness", [otherToken, 0n, 8n]);
      for (const wrong of [stranger.address, await token.getAddress(), await other.getAddress()]) {
        await expect(token.wireMinters([wrong], [1n]))
          .to.be.revertedWithCustomError(token, "InvalidMinter")
          .withArgs(wrong, 1n);
      }
    });

    it("refuses the zero address, a minter listed twice, and an allowance of zero or 2^96", async () => {
      const { token, minter } = await loadFixture(unwired);
      const refused: [string[], bigint[]][] = [
        [[ZeroAddress], [7n]],
        [[minter.address], [0n]],
        [[minter.address], [BELOW_96_BITS + 1n]],
        [
          [minter.address, minter.address],
          [5n, 7n],
        ],
      ];
      for (const [accounts, allowances] of refused) {
        await expect(token.wireMinters(accounts, allowances))
          .to.be.revertedWithCustomError(token, "InvalidMinter")
          .withArgs(accounts.at(-1), allowances.at(-1));
      }
    });
  });

  describe("mint", () => {
    it("creates tokens within the caller's lifetime allowance, to the last wei", async () => {
      const { token, minter, stranger } = await loadFixture(wired);
      await expect(token.connect(minter).mint(stranger, 499n))
        .to.emit(token, "Transfer")
        .withArgs(ZeroAddress, stranger, 499n);
      expect(await token.mintable(minter)).to.equal(1n);
      await token.connect(minter).mint(stranger, 1n);
      expect(await token.mintable(minter)).to.equal(0n);
      expect(await token.balanceOf(stranger)).to.equal(500n);
      expect(await token.totalMinted()).to.equal(GENESIS_WEI + 500n);
    });

    it("refuses one wei more, and reports the requested and the remaining amount", async () => {
      const { token, minter, stranger } = await loadFixture(wired);
      await token.connect(minter).mint(stranger, 200n);
      await expect(token.connect(minter).mint(stranger, 301n))
        .to.be.revertedWithCustomError(token, "MintAboveAllowance")
        .withArgs(minter, 301n, 300n);
    });

    it("refuses 2^128 wei, which 128 bits would truncate to zero", async () => {
      const { token, minter } = await loadFixture(wired);
      await expect(token.connect(minter).mint(minter, 2n ** 128n))
        .to.be.revertedWithCustomError(token, "MintAboveAllowance")
        .withArgs(minter, 2n ** 128n, 500n);
    });

    it("doesn't reduce another minter's allowance", async () => {
      const { token, minter, otherMinter } = await loadFixture(wired);
      await token.connect(minter).mint(minter, 500n);
      expect(await token.mintable(otherMinter)).to.equal(400n);
      await token.connect(otherMinter).mint(otherMinter, 400n);
      expect(await token.totalMinted()).to.equal(CAP_WEI);
    });

    it("refuses an account that isn't a minter, even the deployer", async () => {
      const { token, deployer } = await loadFixture(wired);
      await expect(token.mint(deployer, 1n))
        .to.be.revertedWithCustomError(token, "MintAboveAllowance")
        .withArgs(deployer, 1n, 0n);
    });
  });

  describe("burning", () => {
    it("reduces the supply permanently: burned tokens can't be minted again", async () => {
      const { token, minter } = await loadFixture(wired);
      await token.connect(minter).mint(minter, 500n);
      await token.connect(minter).burn(500n);
      expect(await token.totalSupply()).to.equal(GENESIS_WEI);
      expect(await token.totalBurned()).to.equal(500n);
      expect(await token.totalMinted()).to.equal(GENESIS_WEI + 500n);
      await expect(token.connect(minter).mint(minter, 1n))
        .to.be.revertedWithCustomError(token, "MintAboveAllowance")
        .withArgs(minter, 1n, 0n);
    });

    it("takes another account's tokens only within an allowance", async () => {
      const { token, holder, stranger } = await loadFixture(wired);
      await token.connect(holder).approve(stranger, 40n);
      await token.connect(stranger).burnFrom(holder, 40n);
      expect(await token.balanceOf(holder)).to.equal(60n);
      await expect(token.connect(stranger).burnFrom(holder, 1n))
        .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
        .withArgs(stranger, 0n, 1n);
    });
  });

  describe("permit", () => {
    it("accepts a signature instead of an approval, once", async () => {
      const { token, holder, stranger } = await loadFixture(wired);
      const { chainId } = await ethers.provider.getNetwork();
      const deadline = BigInt(await time.latest()) + 3_600n;
      const permit = { owner: holder.address, spender: stranger.address, value: 25n, nonce: 0n, deadline };
      const signature = Signature.from(
        await holder.signTypedData(
          { name: "ModernTensor", version: "1", chainId, verifyingContract: await token.getAddress() },
          {
            Permit: [
              { name: "owner", type: "address" },
              { name: "spender", type: "address" },
              { name: "value", type: "uint256" },
              { name: "nonce", type: "uint256" },
              { name: "deadline", type: "uint256" },
            ],
          },
          permit,
        ),
      );
      const { v, r, s } = signature;
      await token.permit(holder, stranger, 25n, deadline, v, r, s);
      expect(await token.allowance(holder, stranger)).to.equal(25n);
      expect(await token.nonces(holder)).to.equal(1n);
      await expect(token.permit(holder, stranger, 25n, deadline, v, r, s)).to.be.revertedWithCustomError(
        token,
        "ERC2612InvalidSigner",
      );
    });
  });
});
