import { loadFixture, time } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { type HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/signers";
import { expect } from "chai";
import { concat, id, MaxUint256, Signature, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import { ethers } from "hardhat";
import { hashTypedData, type Hex } from "viem";
import { type Settlement as ComputedSettlement } from "../../../scripts/core/settlement";
import { type RepostMessage, repostForm, settlementForm } from "../../../scripts/keeper/quorum/statements";
import { deploySystem, moveRole } from "../../shared/deploySystem";
import { WAD } from "../../shared/deployTreasury";
import { RewardTree } from "../../shared/rewardTree";
import { settlement, type Settlement } from "../../shared/settlements";

const QUORUM_BPS = 6_667;
const FLOOR_WEI = 500n * WAD;
const SOLO_AFTER_SECONDS = 3 * 86_400;
const GUARDIAN_PAUSE_SECONDS = 14 * 86_400;
/** Own stakes of the four validators: the last two hold exactly the quorum of 666.7 MDT, the second and the last one wei less. */
const STAKES_WEI = [
  66_600_000_000_000_000_001n,
  266_699_999_999_999_999_999n,
  266_700_000_000_000_000_000n,
  400n * WAD,
];
const NEEDED_WEI = 666_700_000_000_000_000_000n;

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

/** Order of the curve secp256k1: a signature remains valid if s is replaced by this order minus s. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Four validators with 1,000 MDT together, active from epoch 2 on; the solo account settles epochs 0 and 1. */
async function deployQuorum({
  soloAfterSeconds = SOLO_AFTER_SECONDS,
  claimDelaySeconds = 20,
  stakesWei = STAKES_WEI,
} = {}) {
  const [deployer, guardian, solo, stranger, ...rest] = await ethers.getSigners();
  const validators = rest.slice(0, stakesWei.length);
  const genesis = validators.map(({ address }) => ({ account: address, amountWei: 1_000n * WAD }));
  const system = await deploySystem(100, {
    genesis,
    minimumStakeWei: 32n * WAD,
    claimDelaySeconds,
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
    await staking.connect(validator).registerValidator(validator, 0, stakesWei[i]!, MaxUint256 / 2n);
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

/** The same network in epoch 3, with epoch 2 due; the stakes of epoch 2 were frozen when it was opened. */
async function due(parameters: Parameters<typeof deployQuorum>[0] = {}) {
  const network = await deployQuorum(parameters);
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

/** The same, without waiting time for a quorum, and without claim delay. */
const immediate = () => due({ soloAfterSeconds: 0, claimDelaySeconds: 0 });

/** A total stake of 1,000 MDT and 3 wei, 66.67 % of which isn't a whole number of wei. */
const uneven = () => due({ stakesWei: [STAKES_WEI[0]! + 3n, ...STAKES_WEI.slice(1)] });

/** One validator, whose stake is the floor. */
const atTheFloor = () => deployQuorum({ stakesWei: [FLOOR_WEI] });

/** One validator, whose stake is a wei below the floor. */
const young = () => deployQuorum({ stakesWei: [FLOOR_WEI - 1n] });

/** The root under which `account` alone has earned 40 wei. */
function rewardsOf({ domain }: Network, account: string) {
  return new RewardTree({ chainId: domain.chainId, treasury: domain.verifyingContract }, [
    { account, cumulativeWei: 40n },
  ]);
}

type Network = Awaited<ReturnType<typeof deployQuorum>>;

const settled = (fields: Partial<Settlement> = {}) =>
  settlement({ epoch: 2n, minerRewards: 40n, rewardsRoot: id("root"), ...fields });

interface Signed {
  readonly owners: readonly string[];
  readonly positions: readonly bigint[];
  readonly signatures: readonly string[];
}

/** The arguments of `settleEpochSigned` for these signers, in the right order. */
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
  describe("the signed data", () => {
    it("is EIP-712 data in the Treasury's domain", async () => {
      const { quorum, domain } = await loadFixture(due);
      const what = settled();
      const repost = { epoch: 2n, vetoedRoot: id("a"), root: id("b"), inputsHash: id("c"), returned: 7n };
      expect(await quorum.settlementDigest(what)).to.equal(ethers.TypedDataEncoder.hash(domain, settlementTypes, what));
      expect(await quorum.repostDigest(2n, id("a"), id("b"), id("c"), 7n)).to.equal(
        ethers.TypedDataEncoder.hash(domain, repostTypes, repost),
      );
    });

    it("is what nodes and relays compute for a settlement and a repost", async () => {
      const { quorum, domain } = await loadFixture(due);
      const treasury = { chainId: Number(domain.chainId), treasury: domain.verifyingContract as Hex };
      const what = settled({ emission: 2n ** 128n - 1n, utilityWad: 2n ** 64n - 1n }) as ComputedSettlement;
      const repost = { epoch: 2n, vetoedRoot: id("a"), root: id("b"), inputsHash: id("c"), returned: 7n };
      expect(hashTypedData(settlementForm.typedData(treasury, what))).to.equal(await quorum.settlementDigest(what));
      expect(hashTypedData(repostForm.typedData(treasury, repost as RepostMessage))).to.equal(
        await quorum.repostDigest(2n, id("a"), id("b"), id("c"), 7n),
      );
    });
  });

  describe("settleEpochSigned", () => {
    it("settles if 66.67 % of the frozen stake have signed, regardless of the sender", async () => {
      const network = await loadFixture(due);
      const { quorum, treasury, validators } = network;
      const what = settled();
      const signed = await signSettlement(network, validators.slice(2), what);
      await expect(send(network, what, signed))
        .to.emit(treasury, "EpochSettled")
        .and.to.emit(quorum, "SettlementSigned")
        .withArgs(2n, signed.owners, NEEDED_WEI, NEEDED_WEI);
      expect(await treasury.nextEpochToSettle()).to.equal(3n);
    });

    it("refuses signatures that are one wei short of the quorum", async () => {
      const network = await loadFixture(due);
      const [, second, , fourth] = network.validators;
      const what = settled();
      await expect(send(network, what, await signSettlement(network, [second!, fourth!], what)))
        .to.be.revertedWithCustomError(network.quorum, "QuorumMissing")
        .withArgs(NEEDED_WEI - 1n, NEEDED_WEI);
    });

    it("accepts no signature a second time, neither for the same epoch nor for the next", async () => {
      const network = await loadFixture(due);
      const { quorum, treasury, validators, goToDue } = network;
      const what = settled();
      const signed = await signSettlement(network, validators.slice(2), what);
      await send(network, what, signed);
      await goToDue(3);
      await expect(send(network, what, signed))
        .to.be.revertedWithCustomError(treasury, "NotNextEpoch")
        .withArgs(2n, 3n);
      const [first] = signed.owners;
      await expect(send(network, { ...what, epoch: 3n }, signed))
        .to.be.revertedWithCustomError(quorum, "WrongSignature")
        .withArgs(first, first);
    });

    it("rounds the quorum up to a whole wei", async () => {
      const { quorum } = await loadFixture(uneven);
      const [, , neededWei] = await quorum.signersOf(2n);
      expect(neededWei).to.equal(NEEDED_WEI + 3n); // 2.0001 wei more, rounded up
    });

    it("can be combined with `claimMany` in one transaction, regardless of the sender", async () => {
      const network = await loadFixture(immediate);
      const { quorum, treasury, token, stranger, validators } = network;
      const what = settled({ rewardsRoot: rewardsOf(network, stranger.address).root });
      const { owners, positions, signatures } = await signSettlement(network, validators.slice(2), what);
      const calls = [
        quorum.interface.encodeFunctionData("settleEpochSigned", [what, [...owners], [...positions], [...signatures]]),
        quorum.interface.encodeFunctionData("claimMany", [[stranger.address], [40n], [], []]),
      ];
      await expect(quorum.connect(stranger).multicall(calls)).to.changeTokenBalances(
        token,
        [treasury, stranger],
        [0n, 40n],
      );
      await expect(quorum.claimMany([], [], [], [])).to.be.revertedWithCustomError(treasury, "EmptyBatch");
    });

    it("counts the stakes frozen when the epoch was opened, even after a slash", async () => {
      const network = await loadFixture(due);
      const { staking, validators, quorum } = network;
      await staking.slash(validators[3]!, 5_000n, id("evidence"));
      const [, stakesWei] = await quorum.signersOf(2n);
      expect([...stakesWei]).to.deep.equal(STAKES_WEI);
      const what = settled();
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what))).not.to.be.reverted;
    });

    it("uses the active stakes if nobody opened the epoch", async () => {
      const network = await loadFixture(due);
      const { validators, quorum, goToDue } = network;
      const before = settled();
      await send(network, before, await signSettlement(network, validators.slice(2), before));
      await goToDue(3);
      expect((await quorum.signersOf(3n))[0]).to.deep.equal(validators.map(({ address }) => address));
      const what = settled({ epoch: 3n });
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what))).not.to.be.reverted;
    });

    it("refuses a validator that was not active in the epoch", async () => {
      const network = await loadFixture(due);
      const { validators, quorum, staking, goToDue } = network;
      const [inactive, second, third, fourth] = validators;
      await staking.slash(inactive!, 1n, id("evidence"));
      for (const epoch of [2n, 3n]) {
        await goToDue(Number(epoch));
        const what = settled({ epoch });
        await send(network, what, await signSettlement(network, [third!, fourth!], what));
      }
      await goToDue(4);
      expect((await quorum.signersOf(4n))[0]).to.deep.equal([second!.address, third!.address, fourth!.address]);
      const what = settled({ epoch: 4n });
      const signed = await signSettlement(network, [inactive!, third!, fourth!], what);
      const positions = signed.positions.map((position) => (position < 0n ? 3n : position));
      await expect(send(network, what, { ...signed, positions }))
        .to.be.revertedWithCustomError(quorum, "NotASigner")
        .withArgs(inactive, 3n, 4n);
    });

    it("requires the current operator's signature, not the owner's", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, quorum, domain } = network;
      const [, , third, fourth] = validators;
      await staking.connect(fourth).setOperator(stranger);
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

    it("accepts an ERC-1271 signature if the operator is a contract", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, domain } = network;
      const [, , third, fourth] = validators;
      const wallet = await ethers.deployContract("SignatureWallet", [stranger]);
      await staking.connect(fourth).setOperator(wallet);
      const what = settled();
      const sign = async (signer: HardhatEthersSigner) => signer.signTypedData(domain, settlementTypes, what);
      const thirds = [third!.address, await sign(third!)] as const;
      const signed = await signedBy(network, 2n, [thirds, [fourth!.address, await sign(stranger)]]);
      await expect(send(network, what, signed)).not.to.be.reverted;
    });

    it("accepts the signature of the key or of its code if the operator has delegated code (EIP-7702)", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, quorum, domain, deployer } = network;
      const [, , third, fourth] = validators;
      const operator = ethers.Wallet.createRandom(ethers.provider);
      const wallet = await ethers.deployContract("SignatureWallet", [stranger]);
      await deployer.sendTransaction({ to: operator, value: WAD });
      const nonce = await operator.getNonce();
      const authorization = await operator.authorize({ address: await wallet.getAddress(), nonce: nonce + 1 });
      const lending = await operator.sendTransaction({ to: stranger, type: 4, authorizationList: [authorization] });
      await lending.wait();
      expect(await ethers.provider.getCode(operator)).to.equal(
        concat(["0xef0100", await wallet.getAddress()]).toLowerCase(),
      );
      await staking.connect(fourth).setOperator(operator);
      const what = settled();
      const signedAs = async (signer: Pick<HardhatEthersSigner, "signTypedData">) =>
        signedBy(network, 2n, [
          [third!.address, await third!.signTypedData(domain, settlementTypes, what)],
          [fourth!.address, await signer.signTypedData(domain, settlementTypes, what)],
        ]);
      await expect(send(network, what, await signedAs(fourth!)))
        .to.be.revertedWithCustomError(quorum, "WrongSignature")
        .withArgs(fourth, operator);
      const { owners, positions, signatures } = await signedAs(stranger);
      await quorum.settleEpochSigned.staticCall(what, [...owners], [...positions], [...signatures]);
      await expect(send(network, what, await signedAs(operator))).not.to.be.reverted;
    });

    it("refuses a signature that the operator's contract doesn't approve", async () => {
      const network = await loadFixture(due);
      const { staking, validators, stranger, quorum } = network;
      const wallet = await ethers.deployContract("SignatureWallet", [stranger]);
      await staking.connect(validators[3]).setOperator(wallet);
      const what = settled();
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what)))
        .to.be.revertedWithCustomError(quorum, "WrongSignature")
        .withArgs(validators[3], wallet);
    });

    it("refuses an epoch that isn't the next or isn't due, before it checks signatures", async () => {
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
      (signed: Signed, network: Network) => Signed,
      error: string,
      args: (sent: Signed) => readonly unknown[],
    ])[] = [
      ["no signatures", () => ({ owners: [], positions: [], signatures: [] }), "QuorumMissing", () => [0n, NEEDED_WEI]],
      [
        "one signature too few",
        (one) => ({ ...one, signatures: one.signatures.slice(1) }),
        "LengthMismatch",
        () => [2n, 2n, 1n],
      ],
      [
        "one position too few",
        (one) => ({ ...one, positions: one.positions.slice(1) }),
        "LengthMismatch",
        () => [2n, 1n, 2n],
      ],
      [
        "the same validator twice",
        ({ owners, positions, signatures }) => ({
          owners: [owners[0]!, owners[0]!],
          positions: [positions[0]!, positions[0]!],
          signatures: [signatures[0]!, signatures[0]!],
        }),
        "NotAscending",
        ({ owners }) => [owners[0], owners[0]],
      ],
      [
        "validators in descending order",
        ({ owners, positions, signatures }) => ({
          owners: owners.toReversed(),
          positions: positions.toReversed(),
          signatures: signatures.toReversed(),
        }),
        "NotAscending",
        ({ owners }) => [owners[1], owners[0]],
      ],
      [
        "the positions of other validators",
        (one) => ({ ...one, positions: one.positions.toReversed() }),
        "NotASigner",
        ({ owners, positions }) => [owners[0], positions[0], 2n],
      ],
      [
        "a position beyond the last",
        (one) => ({ ...one, positions: one.positions.map(() => 4n) }),
        "NotASigner",
        ({ owners }) => [owners[0], 4n, 2n],
      ],
      [
        "an account that isn't a validator",
        ({ signatures }, { stranger }) => ({
          owners: [stranger.address],
          positions: [0n],
          signatures: [signatures[0]!],
        }),
        "NotASigner",
        ({ owners }) => [owners[0], 0n, 2n],
      ],
      ...(
        [
          ["the signatures of other validators", (signatures) => signatures.toReversed()],
          ["malleable signatures, with s in the upper half", (signatures) => signatures.map(mirrored)],
          ["compact signatures of 64 bytes", (signatures) => signatures.map(compact)],
        ] as readonly (readonly [string, (signatures: readonly string[]) => readonly string[]])[]
      ).map(
        ([what, change]) =>
          [
            what,
            (one: Signed) => ({ ...one, signatures: change(one.signatures) }),
            "WrongSignature",
            ({ owners }: Signed) => [owners[0], owners[0]],
          ] as const,
      ),
    ];
    for (const [what, breakIt, error, args] of broken) {
      it(`refuses ${what}`, async () => {
        const network = await loadFixture(due);
        const whole = settled();
        const signed = breakIt(await signSettlement(network, network.validators.slice(2), whole), network);
        await expect(send(network, whole, signed))
          .to.be.revertedWithCustomError(network.quorum, error)
          .withArgs(...args(signed));
      });
    }

    it("refuses signatures for another settlement, epoch, chain, Treasury, domain name or version", async () => {
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
        const [first] = other.owners;
        await expect(send(network, what, other))
          .to.be.revertedWithCustomError(quorum, "WrongSignature")
          .withArgs(first, first);
      }
    });
  });

  describe("settling alone", () => {
    it("is allowed at once while the active stake is below the floor, when signatures can't settle", async () => {
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

    it("is allowed for the solo account, but not for a lone validator one wei below the floor", async () => {
      const network = await loadFixture(young);
      const { quorum, validators, solo, goToDue } = network;
      for (const epoch of [0, 1, 2]) {
        await goToDue(epoch);
        if (epoch < 2) await quorum.connect(solo).settleEpoch(settlement({ epoch: BigInt(epoch) }));
      }
      const what = settled();
      await expect(send(network, what, await signSettlement(network, [validators[0]!], what)))
        .to.be.revertedWithCustomError(quorum, "QuorumMissing")
        .withArgs(FLOOR_WEI - 1n, MaxUint256);
      await expect(quorum.connect(solo).settleEpoch(what)).not.to.be.reverted;
    });

    it("is possible for a lone validator at the floor, where the quorum is 66.67 % of the floor", async () => {
      const { quorum } = await loadFixture(atTheFloor);
      expect((await quorum.signersOf(2n))[2]).to.equal((FLOOR_WEI * BigInt(QUORUM_BPS)) / 10_000n);
    });

    it("isn't open to empty lists of signatures while no validator is active, even if the floor is zero", async () => {
      const { treasury, blockRewards, deployer, solo } = await loadFixture(deployQuorum);
      const quorum = await ethers.deployContract("SettlementQuorum", [
        treasury,
        blockRewards,
        6_667,
        0n,
        0,
        deployer,
        solo,
      ]);
      expect((await quorum.signersOf(0n))[2]).to.equal(MaxUint256);
    });

    it("is allowed only after the waiting time if a quorum could settle", async () => {
      const { quorum, solo, treasury } = await loadFixture(due);
      const allowedFrom = (await treasury.revealEnd(2n)) + BigInt(SOLO_AFTER_SECONDS);
      await expect(quorum.connect(solo).settleEpoch(settled()))
        .to.be.revertedWithCustomError(quorum, "SoloTooEarly")
        .withArgs(2n, allowedFrom, (at: bigint) => at < allowedFrom);
      await time.increaseTo(allowedFrom);
      await expect(quorum.connect(solo).settleEpoch(settled())).to.emit(treasury, "EpochSettled");
    });

    it("has its full waiting time after a guardian's pause, during which the quorum couldn't settle either", async () => {
      const network = await loadFixture(due);
      const { quorum, solo, treasury, guardian, validators } = network;
      await treasury.connect(guardian).pause();
      const pauseEnd = BigInt(await time.latest()) + BigInt(GUARDIAN_PAUSE_SECONDS);
      const allowedFrom = pauseEnd + BigInt(SOLO_AFTER_SECONDS);
      await time.increaseTo(pauseEnd);
      await expect(quorum.connect(solo).settleEpoch(settled()))
        .to.be.revertedWithCustomError(quorum, "SoloTooEarly")
        .withArgs(2n, allowedFrom, (at: bigint) => at >= pauseEnd && at < allowedFrom);
      const what = settled();
      await expect(send(network, what, await signSettlement(network, validators.slice(2), what))).not.to.be.reverted;
      await time.increaseTo(allowedFrom);
      await expect(quorum.connect(solo).settleEpoch(settled({ epoch: 3n }))).not.to.be.reverted;
    });

    it("has its waiting time counted from the moment at which a guardian's pause is ended early", async () => {
      const { quorum, treasury, guardian } = await loadFixture(due);
      await treasury.connect(guardian).pause();
      await treasury.connect(guardian).unpause();
      const endedAt = BigInt(await time.latest());
      expect(await quorum.soloAllowedFrom(2n)).to.equal(endedAt + BigInt(SOLO_AFTER_SECONDS));
    });

    it("has its waiting time counted from the moment at which the epoch is due if that is after the pause", async () => {
      const { quorum, treasury, guardian, goToDue } = await loadFixture(deployQuorum);
      await treasury.connect(guardian).pause();
      await treasury.connect(guardian).unpause();
      await goToDue(2);
      expect(await quorum.soloAllowedFrom(2n)).to.equal((await treasury.revealEnd(2n)) + BigInt(SOLO_AFTER_SECONDS));
      expect(await quorum.soloAllowedFrom(0n)).to.equal(await treasury.revealEnd(0n));
    });

    it("is allowed, like reposting, as soon as the Treasury allows it if the waiting time is zero", async () => {
      const { quorum, solo, treasury, guardian } = await loadFixture(immediate);
      expect(await quorum.soloAllowedFrom(2n)).to.equal(await treasury.revealEnd(2n));
      await expect(quorum.connect(solo).settleEpoch(settled())).not.to.emit(quorum, "SettlementSigned");
      await expect(quorum.connect(solo).settleEpoch(settled({ epoch: 3n })))
        .to.be.revertedWithCustomError(treasury, "EpochNotDue")
        .withArgs(3n, await treasury.revealEnd(3n), (at: bigint) => at > 0n);
      await treasury.connect(guardian).pause();
      await treasury.connect(guardian).vetoRoot(2n);
      await treasury.connect(guardian).unpause();
      await expect(quorum.connect(solo).repostRoot(2n, id("right"), id("inputs"), 0n))
        .to.emit(treasury, "RootReposted")
        .withArgs(2n, id("right"), id("inputs"), 0n);
    });

    it("is allowed, like reposting, only for the solo role", async () => {
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
      const network = await loadFixture(due);
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

    it("needs the quorum of the vetoed epoch", async () => {
      const network = await loadFixture(vetoed);
      const { quorum, treasury, validators } = network;
      const few = await signRepost(network, validators.slice(3));
      await expect(quorum.repostRootSigned(...few))
        .to.be.revertedWithCustomError(quorum, "QuorumMissing")
        .withArgs(400n * WAD, NEEDED_WEI);
      const enough = await signRepost(network, validators.slice(2));
      await expect(quorum.repostRootSigned(...enough))
        .to.emit(treasury, "RootReposted")
        .withArgs(2n, id("right"), id("inputs"), 0n)
        .and.to.emit(quorum, "RepostSigned")
        .withArgs(2n, id("right"), enough[5], NEEDED_WEI, NEEDED_WEI);
    });

    it("works once with the same signatures, even if the root is vetoed again", async () => {
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

    it("can be retried with the same signatures if the Treasury refused it", async () => {
      const network = await loadFixture(due);
      const { quorum, treasury, guardian, validators } = network;
      const early = await signRepost(network, validators.slice(2));
      await expect(quorum.repostRootSigned(...early)).to.be.revertedWithCustomError(treasury, "NotNewestEpoch");
      const what = settled();
      await send(network, what, await signSettlement(network, validators.slice(2), what));
      await treasury.connect(guardian).vetoRoot(2n);
      await expect(quorum.repostRootSigned(...early)).to.emit(treasury, "RootReposted");
    });

    it("is allowed for the solo account after the waiting time, which starts again after a guardian's pause", async () => {
      const network = await loadFixture(vetoed);
      const { quorum, solo, treasury, guardian } = network;
      const refused = async (allowedFrom: bigint) =>
        expect(quorum.connect(solo).repostRoot(2n, id("right"), id("inputs"), 0n))
          .to.be.revertedWithCustomError(quorum, "SoloTooEarly")
          .withArgs(2n, allowedFrom, (at: bigint) => at < allowedFrom);
      await refused((await treasury.revealEnd(2n)) + BigInt(SOLO_AFTER_SECONDS));
      await treasury.connect(guardian).pause();
      const pauseEnd = BigInt(await time.latest()) + BigInt(GUARDIAN_PAUSE_SECONDS);
      await time.increaseTo(pauseEnd);
      await refused(pauseEnd + BigInt(SOLO_AFTER_SECONDS));
      await time.increaseTo(pauseEnd + BigInt(SOLO_AFTER_SECONDS));
      await expect(quorum.connect(solo).repostRoot(2n, id("right"), id("inputs"), 0n)).to.emit(
        treasury,
        "RootReposted",
      );
    });
  });

  describe("construction", () => {
    it("refuses zero addresses, another system's block rewards, and an impossible quorum", async () => {
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

    it("accepts a quorum of more than half, from 50.01 % to 100 %", async () => {
      const { treasury, blockRewards, deployer, solo } = await loadFixture(deployQuorum);
      for (const quorumBps of [5_001, 10_000]) {
        const parameters = [treasury, blockRewards, quorumBps, 0n, 0, deployer, solo] as const;
        const quorum = await ethers.deployContract("SettlementQuorum", [...parameters]);
        expect(await quorum.quorumBps()).to.equal(quorumBps);
      }
    });
  });
});

/** The signature with the other s and v, which recovers to the same address if a contract accepts a high s. */
function mirrored(signature: string): string {
  const { r, s, yParity } = Signature.from(signature);
  return concat([r, toBeHex(CURVE_ORDER - BigInt(s), 32), toBeHex(28 - yParity, 1)]);
}

function compact(signature: string): string {
  return Signature.from(signature).compactSerialized;
}
