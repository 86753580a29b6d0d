import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { concat, id, MaxUint256, Signature, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { ethers } from "hardhat";
import { deploySystem, moveRole } from "../../shared/deploySystem";
import { WAD } from "../../shared/deployTreasury";
import { settlement, type Settlement } from "../../shared/settlements";

const QUORUM_BPS = 6_667;
const FLOOR_WEI = 500n * WAD;
const SOLO_AFTER_SECONDS = 3 * 86_400;

const settlementTypes = {
  Settlement: [
    { name: "epoch", type: "uint64" },
    { name: "emission", type: "uint128" },
    { name: "burnedUnmetQuota", type: "uint128" },
    { name: "burnedQualityPenalty", type: "uint128" },
    { name: "minerRewards", type: "uint128" },
    { name: "validatorRewards", type: "uint128" },
    { name: "daoShare", type: "uint128" },
    { name: "returned", type: "uint128" },
    { name: "utilityWad", type: "uint64" },
    { name: "qualityWad", type: "uint64" },
    { name: "rewardsRoot", type: "bytes32" },
    { name: "policyHash", type: "bytes32" },
    { name: "inputsHash", type: "bytes32" },
  ],
};

const repostTypes = {
  Repost: [
    { name: "epoch", type: "uint64" },
    { name: "vetoedRoot", type: "bytes32" },
    { name: "root", type: "bytes32" },
    { name: "inputsHash", type: "bytes32" },
    { name: "returned", type: "uint128" },
  ],
};

/** Of a curve of so many points; s and its negative sign the same. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Four validators with 100, 200, 300 and 400 MDT, active from epoch 2 on; epochs 0 and 1 are settled alone. */
async function deployQuorum(soloAfterSeconds = SOLO_AFTER_SECONDS) {
  const [deployer, guardian, solo, stranger, ...rest] = await ethers.getSigners();
  const validators = rest.slice(0, 4);
  const genesis = validators.map(({ address }) => ({ account: address, amountWei: 1_000n * WAD }));
  const system = await deploySystem(100, {
    genesis,
    minimumStakeWei: 32n * WAD,
    claimDelaySeconds: 20,
    quorumBps: QUORUM_BPS,
    quorumFloorWei: FLOOR_WEI,
    soloAfterSeconds,
  });
  const { treasury, staking, token, clock, settlementQuorum: quorum } = system;
  await moveRole(quorum, await quorum.SOLO_ROLE(), solo!);
  await moveRole(treasury, await treasury.GUARDIAN_ROLE(), guardian!);
  await time.increaseTo(clock.genesisTimestamp);
  for (const [i, validator] of validators.entries()) {
    await token.connect(validator).approve(staking, MaxUint256);
    const stakeWei = BigInt(i + 1) * 100n * WAD;
    await staking.connect(validator).registerValidator(validator, 0, stakeWei, MaxUint256 / 2n);
  }
  const startOf = (epoch: number) => clock.genesisTimestamp + epoch * clock.slotsPerEpoch * clock.slotSeconds;
  const goToDue = (epoch: number) => time.increaseTo(startOf(epoch + 1) + clock.revealSlots * clock.slotSeconds);
  const domain = {
    name: "ModernTensor",
    version: "1",
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await treasury.getAddress(),
  };
  const network = { ...system, quorum, validators, guardian: guardian!, solo: solo!, stranger: stranger!, domain };
  return { ...network, deployer: deployer!, goToDue, startOf };
}

/** The same in epoch 3, epoch 2 being due; its stakes were frozen when it was opened. */
async function due(soloAfterSeconds?: number) {
  const network = await deployQuorum(soloAfterSeconds);
  const { quorum, solo, blockRewards, goToDue, startOf } = network;
  await goToDue(0);
  await quorum.connect(solo).settleEpoch(settlement({ epoch: 0n }));
  await time.increaseTo(startOf(2));
  await blockRewards.openEpoch();
  await goToDue(1);
  await quorum.connect(solo).settleEpoch(settlement({ epoch: 1n }));
  await goToDue(2);
  return network;
}

type Network = Awaited<ReturnType<typeof deployQuorum>>;

const settled = (fields: Partial<Settlement> = {}) =>
  settlement({ epoch: 2n, minerRewards: 40n, rewardsRoot: id("root"), ...fields });

interface Signed {
  readonly owners: readonly string[];
  readonly positions: readonly bigint[];
  readonly signatures: readonly string[];
}

/** What `settleEpochSigned` takes of these signers, in the right order. */
async function signedBy(
  { quorum }: Network,
  epoch: bigint,
  signers: readonly (readonly [owner: string, signature: string])[],
): Promise<Signed> {
  const [line] = await quorum.signersOf(epoch);
  const sorted = [...signers].sort(([a], [b]) => (BigInt(a) < BigInt(b) ? -1 : 1));
  return {
    owners: sorted.map(([owner]) => owner),
    positions: sorted.map(([owner]) => BigInt(line.indexOf(owner))),
    signatures: sorted.map(([, signature]) => signature),
  };
}

async function signSettlement(network: Network, signers: readonly HardhatEthersSigner[], what: Settlement) {
  const signed = signers.map(
    async (signer) => [signer.address, await signer.signTypedData(network.domain, settlementTypes, what)] as const,
  );
  return signedBy(network, what.epoch, await Promise.all(signed));
}

function send({ quorum, stranger }: Network, what: Settlement, { owners, positions, signatures }: Signed) {
  return quorum.connect(stranger).settleEpochSigned(what, [...owners], [...positions], [...signatures]);
}

describe("SettlementQuorum", () => {
  describe("what is signed", () => {
    it("is EIP-712 data of the Treasury's domain", async () => {
      const { quorum, domain } = await loadFixture(due);
      const what = settled();
      const repost = { epoch: 2n, vetoedRoot: id("a"), root: id("b"), inputsHash: id("c"), returned: 7n };
      expect(await quorum.settlementDigest(what)).to.equal(ethers.TypedDataEncoder.hash(domain, settlementTypes, what));
      expect(await quorum.repostDigest(2n, id("a"), id("b"), id("c"), 7n)).to.equal(
        ethers.TypedDataEncoder.hash(domain, repostTypes, repost),
      );
    });
  });

  describe("settleEpochSigned", () => {
    it("settles what two thirds of the frozen stake have signed, whoever sends it", async () => {
      const network = await loadFixture(due);
      const [, , third, fourth] = network.validators;
      const what = settled();
      await expect(send(network, what, await signSettlement(network, [third!, fourth!], what))).to.emit(
        network.treasury,
        "EpochSettled",
      );
      expect(await network.treasury.nextEpochToSettle()).to.equal(3n);
    });

    it("needs every wei of the quorum: 667 of 1,000 MDT are enough, 600 are not", async () => {
      const network = await loadFixture(due);
      const [, second, , fourth] = network.validators;
      const what = settled();
      await expect(send(network, what, await signSettlement(network, [second!, fourth!], what)))
        .to.be.revertedWithCustomError(network.quorum, "QuorumMissing")
        .withArgs(600n * WAD, (6_667n * WAD) / 10n);
    });

    it("counts the stakes of the moment at which the epoch was opened, also after a slash", async () => {
      const network = await loadFixture(due);
      const { staking, validators, quorum } = network;
      await staking.slash(validators[3]!, 5_000n, id("evidence"));
      const [, stakesWei] = await quorum.signersOf(2n);
      expect([...stakesWei]).to.deep.equal([100n * WAD, 200n * WAD, 300n * WAD, 400n * WAD]);
      const what = settled();
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what))).not.to.be.reverted;
    });

    it("takes the active stakes where nobody opened the epoch", async () => {
      const network = await loadFixture(due);
      const { validators, quorum, goToDue } = network;
      const before = settled();
      await send(network, before, await signSettlement(network, validators.slice(2), before));
      await goToDue(3);
      expect((await quorum.signersOf(3n))[0]).to.deep.equal(validators.map(({ address }) => address));
      const what = settled({ epoch: 3n });
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what))).not.to.be.reverted;
    });

    it("asks the operator of the moment, not the owner", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, quorum, domain } = network;
      const [, , third, fourth] = validators;
      await staking.connect(fourth!).setOperator(stranger);
      const what = settled();
      await expect(send(network, what, await signSettlement(network, [third!, fourth!], what)))
        .to.be.revertedWithCustomError(quorum, "WrongSignature")
        .withArgs(fourth, stranger);
      const operators = await stranger.signTypedData(domain, settlementTypes, what);
      const owners = await third!.signTypedData(domain, settlementTypes, what);
      const signed = await signedBy(network, 2n, [
        [third!.address, owners],
        [fourth!.address, operators],
      ]);
      await expect(send(network, what, signed)).not.to.be.reverted;
    });

    it("takes an operator's word by ERC-1271 where it has code", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, domain } = network;
      const [, , third, fourth] = validators;
      const wallet = await ethers.deployContract("SignatureWallet", [stranger]);
      await staking.connect(fourth!).setOperator(wallet);
      const what = settled();
      const sign = async (signer: HardhatEthersSigner) => signer.signTypedData(domain, settlementTypes, what);
      const thirds = [third!.address, await sign(third!)] as const;
      const signed = await signedBy(network, 2n, [thirds, [fourth!.address, await sign(stranger)]]);
      await expect(send(network, what, signed)).not.to.be.reverted;
    });

    it("refuses a contract's operator that does not say yes", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, quorum } = network;
      const wallet = await ethers.deployContract("SignatureWallet", [stranger]);
      await staking.connect(validators[3]!).setOperator(wallet);
      const what = settled();
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what)))
        .to.be.revertedWithCustomError(quorum, "WrongSignature")
        .withArgs(validators[3], wallet);
    });

    it("refuses an epoch that is not the next, or not due, before it looks at signatures", async () => {
      const network = await loadFixture(due);
      const { treasury, validators, clock, startOf } = network;
      const nothing: Signed = { owners: [], positions: [], signatures: [] };
      await expect(send(network, settled({ epoch: 3n }), nothing))
        .to.be.revertedWithCustomError(treasury, "NotNextEpoch")
        .withArgs(3n, 2n);
      const what = settled();
      await send(network, what, await signSettlement(network, validators.slice(2), what));
      const dueAt = startOf(4) + clock.revealSlots * clock.slotSeconds;
      await expect(send(network, settled({ epoch: 3n }), nothing))
        .to.be.revertedWithCustomError(treasury, "EpochNotDue")
        .withArgs(3n, dueAt, (at: bigint) => at < BigInt(dueAt));
    });

    const broken: readonly (readonly [
      what: string,
      (signed: Signed, network: Network) => Signed | Promise<Signed>,
      error: string,
    ])[] = [
      ["no signatures", () => ({ owners: [], positions: [], signatures: [] }), "QuorumMissing"],
      ["a signature too few", (one) => ({ ...one, signatures: one.signatures.slice(1) }), "LengthMismatch"],
      ["a position too few", (one) => ({ ...one, positions: one.positions.slice(1) }), "LengthMismatch"],
      [
        "a validator twice",
        ({ owners, positions, signatures }) => ({
          owners: [owners[0]!, owners[0]!],
          positions: [positions[0]!, positions[0]!],
          signatures: [signatures[0]!, signatures[0]!],
        }),
        "NotAscending",
      ],
      [
        "validators in another order",
        ({ owners, positions, signatures }) => ({
          owners: owners.toReversed(),
          positions: positions.toReversed(),
          signatures: signatures.toReversed(),
        }),
        "NotAscending",
      ],
      ["another's position", (one) => ({ ...one, positions: one.positions.toReversed() }), "NotActiveValidator"],
      [
        "a position beyond the last",
        (one) => ({ ...one, positions: one.positions.map(() => 4n) }),
        "NotActiveValidator",
      ],
      [
        "somebody who is no validator",
        async ({ signatures }, { stranger }) => ({
          owners: [await stranger.getAddress()],
          positions: [0n],
          signatures: [signatures[0]!],
        }),
        "NotActiveValidator",
      ],
      ["another's signature", (one) => ({ ...one, signatures: one.signatures.toReversed() }), "WrongSignature"],
      [
        "the other root of a signature, with s in the upper half",
        (one) => ({ ...one, signatures: one.signatures.map(mirrored) }),
        "WrongSignature",
      ],
      ["a signature of 64 bytes", (one) => ({ ...one, signatures: one.signatures.map(compact) }), "WrongSignature"],
    ];
    for (const [what, breakIt, error] of broken) {
      it(`refuses ${what}`, async () => {
        const network = await loadFixture(due);
        const whole = settled();
        const signed = await breakIt(await signSettlement(network, network.validators.slice(2), whole), network);
        await expect(send(network, whole, signed)).to.be.revertedWithCustomError(network.quorum, error);
      });
    }

    it("refuses signatures over another settlement, another epoch, another chain or another Treasury", async () => {
      const network = await loadFixture(due);
      const { validators, quorum, domain } = network;
      const signers = validators.slice(2);
      const what = settled();
      const domains = [
        { ...domain, chainId: 1n },
        { ...domain, verifyingContract: await quorum.getAddress() },
        { ...domain, name: "Modern Tensor" },
        { ...domain, version: "2" },
      ];
      const others = [
        await signSettlement(network, signers, settled({ minerRewards: 41n })),
        await signSettlement(network, signers, settled({ epoch: 3n })),
        ...(await Promise.all(domains.map((other) => signSettlement({ ...network, domain: other }, signers, what)))),
      ];
      for (const other of others) {
        await expect(send(network, what, other)).to.be.revertedWithCustomError(quorum, "WrongSignature");
      }
    });
  });

  describe("alone", () => {
    it("settles at once while all active stake is below the floor, and then nobody's signatures do", async () => {
      const network = await loadFixture(deployQuorum);
      const { quorum, solo, goToDue, treasury } = network;
      await goToDue(0);
      const [validators, , neededWei] = await quorum.signersOf(0n);
      expect(validators).to.deep.equal([]);
      const nothing: Signed = { owners: [], positions: [], signatures: [] };
      await expect(send(network, settlement({ epoch: 0n }), nothing))
        .to.be.revertedWithCustomError(quorum, "QuorumMissing")
        .withArgs(0n, MaxUint256);
      expect(neededWei).to.equal(MaxUint256);
      expect(await quorum.soloAllowedFrom(0n)).to.equal(await treasury.revealEnd(0n));
      await expect(quorum.connect(solo).settleEpoch(settlement({ epoch: 0n }))).to.emit(treasury, "EpochSettled");
    });

    it("refuses a lone validator below the floor", async () => {
      const [lone] = await ethers.getSigners();
      const genesis = [{ account: lone!.address, amountWei: 1_000n * WAD }];
      const system = await deploySystem(100, { genesis, quorumFloorWei: FLOOR_WEI });
      const { staking, token, clock, settlementQuorum: quorum } = system;
      await time.increaseTo(clock.genesisTimestamp);
      await token.connect(lone!).approve(staking, MaxUint256);
      await staking.connect(lone!).registerValidator(lone!, 0, FLOOR_WEI - 1n, MaxUint256 / 2n);
      await time.increaseTo(clock.genesisTimestamp + 2 * clock.slotsPerEpoch * clock.slotSeconds);
      const [, stakesWei, neededWei] = await quorum.signersOf(2n);
      expect([...stakesWei, neededWei]).to.deep.equal([FLOOR_WEI - 1n, MaxUint256]);
    });

    it("settles where a quorum could only when the epoch has been due for long enough", async () => {
      const { quorum, solo, treasury } = await loadFixture(due);
      const allowedFrom = (await treasury.revealEnd(2n)) + BigInt(SOLO_AFTER_SECONDS);
      await expect(quorum.connect(solo).settleEpoch(settled()))
        .to.be.revertedWithCustomError(quorum, "SoloTooEarly")
        .withArgs(2n, allowedFrom, (at: bigint) => at < allowedFrom);
      await time.increaseTo(allowedFrom);
      await expect(quorum.connect(solo).settleEpoch(settled())).to.emit(treasury, "EpochSettled");
    });

    it("is only for the holder of its role", async () => {
      const { quorum, stranger } = await loadFixture(due);
      const role = await quorum.SOLO_ROLE();
      await expect(quorum.connect(stranger).settleEpoch(settled()))
        .to.be.revertedWithCustomError(quorum, "AccessControlUnauthorizedAccount")
        .withArgs(stranger, role);
      await expect(quorum.connect(stranger).repostRoot(2n, id("root"), ZeroHash, 0n))
        .to.be.revertedWithCustomError(quorum, "AccessControlUnauthorizedAccount")
        .withArgs(stranger, role);
    });
  });

  describe("reposting", () => {
    async function vetoed() {
      const network = await due();
      const what = settled();
      await send(network, what, await signSettlement(network, network.validators.slice(2), what));
      await network.treasury.connect(network.guardian).vetoRoot(2n);
      return network;
    }

    async function signRepost(network: Network, signers: readonly HardhatEthersSigner[], root = id("right")) {
      const what = { epoch: 2n, vetoedRoot: id("root"), root, inputsHash: id("inputs"), returned: 0n };
      const signed = signers.map(
        async (signer) => [signer.address, await signer.signTypedData(network.domain, repostTypes, what)] as const,
      );
      const { owners, positions, signatures } = await signedBy(network, 2n, await Promise.all(signed));
      const who: [string[], bigint[], string[]] = [[...owners], [...positions], [...signatures]];
      return [2n, id("root"), root, id("inputs"), 0n, ...who] as const;
    }

    it("takes the same quorum of the same epoch", async () => {
      const network = await loadFixture(vetoed);
      const { quorum, treasury, validators } = network;
      const few = await signRepost(network, validators.slice(3));
      await expect(quorum.repostRootSigned(...few))
        .to.be.revertedWithCustomError(quorum, "QuorumMissing")
        .withArgs(400n * WAD, (6_667n * WAD) / 10n);
      const enough = await signRepost(network, validators.slice(2));
      await expect(quorum.repostRootSigned(...enough))
        .to.emit(treasury, "RootReposted")
        .withArgs(2n, id("right"), id("inputs"), 0n);
    });

    it("is done once with the same signatures, also where the root is vetoed again", async () => {
      const network = await loadFixture(vetoed);
      const { quorum, treasury, guardian, validators } = network;
      const signed = await signRepost(network, validators.slice(2));
      await quorum.repostRootSigned(...signed);
      await treasury.connect(guardian).vetoRoot(2n);
      const digest = await quorum.repostDigest(2n, id("root"), id("right"), id("inputs"), 0n);
      await expect(quorum.repostRootSigned(...signed))
        .to.be.revertedWithCustomError(quorum, "RepostUsed")
        .withArgs(digest);
    });

    it("can be tried again where the Treasury refused it", async () => {
      const network = await loadFixture(due);
      const { quorum, treasury, guardian, validators } = network;
      const early = await signRepost(network, validators.slice(2));
      await expect(quorum.repostRootSigned(...early)).to.be.revertedWithCustomError(treasury, "NotNewestEpoch");
      const what = settled();
      await send(network, what, await signSettlement(network, validators.slice(2), what));
      await treasury.connect(guardian).vetoRoot(2n);
      await expect(quorum.repostRootSigned(...early)).to.emit(treasury, "RootReposted");
    });

    it("is for the solo holder once the epoch has been due for long enough", async () => {
      const network = await loadFixture(vetoed);
      const { quorum, solo, treasury } = network;
      await expect(quorum.connect(solo).repostRoot(2n, id("right"), id("inputs"), 0n)).to.be.revertedWithCustomError(
        quorum,
        "SoloTooEarly",
      );
      await time.increaseTo((await treasury.revealEnd(2n)) + BigInt(SOLO_AFTER_SECONDS));
      await expect(quorum.connect(solo).repostRoot(2n, id("right"), id("inputs"), 0n)).to.emit(
        treasury,
        "RootReposted",
      );
    });
  });

  describe("construction", () => {
    it("refuses nobody in a role, another system's block rewards, and a quorum that is none", async () => {
      const { quorum, treasury, blockRewards, deployer, solo } = await loadFixture(deployQuorum);
      const other = await deploySystem(100);
      const right = [treasury, blockRewards, 6_667, 0n, 0, deployer, solo];
      const wrong: readonly (readonly [index: number, value: unknown, error: string, args: readonly unknown[]])[] = [
        [0, ZeroAddress, "InvalidAddress", ["treasury", ZeroAddress]],
        [1, other.blockRewards, "InvalidAddress", ["blockRewards", await other.blockRewards.getAddress()]],
        [2, 5_000, "QuorumOutOfRange", [5_000]],
        [2, 10_001, "QuorumOutOfRange", [10_001]],
        [5, ZeroAddress, "InvalidAddress", ["admin", ZeroAddress]],
        [6, ZeroAddress, "InvalidAddress", ["solo", ZeroAddress]],
      ];
      for (const [index, value, error, args] of wrong) {
        await expect(ethers.deployContract("SettlementQuorum", right.toSpliced(index, 1, value as never)))
          .to.be.revertedWithCustomError(quorum, error)
          .withArgs(...args);
      }
    });
  });
});

/** The signature with the other s and v: it recovers to the same address where a contract lets it. */
function mirrored(signature: string): string {
  const { r, s, yParity } = Signature.from(signature);
  return concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(28 - yParity, 1)]);
}

function compact(signature: string): string {
  return Signature.from(signature).compactSerialized;
}
