import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, createWalletClient, type Hex, zeroHash } from "viem";
import { RefusedError, transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { treeOfRewards } from "../../scripts/keeper/compute/computeSettlement";
import { settlementForm } from "../../scripts/keeper/quorum/statements";
import { type Settlement } from "../../scripts/core/settlement";
import { proofOf } from "../../scripts/core/rewardTree/proofs";
import { type RewardTree } from "../../scripts/core/rewardTree/buildRewardTree";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { andForget, type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { refusal } from "../shared/rejection";
import { goToDue, liveThrough } from "../integration/world";

const claimDelaySeconds = 20;
const soloAfterSeconds = 300;

/** The thief, with the keys and signatures that it has. */
interface Thief {
  /** As the README's table names it. */
  readonly name: string;
  /** The indices of the validators that sign only what the thief wants. */
  readonly coalition: readonly number[];
  readonly hasSoloKey: boolean;
}

// Of 1,480 MDT of stake the validators have 220, 320, 420 and 520: 35.1, 50 and 71.6 %.
const aThird = [3];
const half = [0, 3];
const twoThirds = [0, 1, 3];

const thieves: readonly Thief[] = [
  { name: "the keeper's key", coalition: [], hasSoloKey: true },
  { name: "a third of the stake", coalition: aThird, hasSoloKey: false },
  { name: "half of the stake", coalition: half, hasSoloKey: false },
  { name: "two thirds of the stake", coalition: twoThirds, hasSoloKey: false },
  { name: "a third of the stake and the keeper's key", coalition: aThird, hasSoloKey: true },
  { name: "half of the stake and the keeper's key", coalition: half, hasSoloKey: true },
];

const guardians = ["watches", "is silent", "is stolen"] as const;

type Guardian = (typeof guardians)[number];

/** The README's table: what each thief can take and waste, by the guardian. */
function statedCells(): ReadonlyMap<string, string> {
  const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");
  const rows = readme.split("\n").flatMap((line) => {
    const [name, ...cells] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    return thieves.some((thief) => thief.name === name) ? [[name!, cells] as const] : [];
  });
  return new Map(
    rows.flatMap(([name, cells]) => [
      ...guardians.map((guardian, i) => [`${name}, taken, guardian ${guardian}`, cells[i]!] as const),
      [`${name}, wasted`, cells[3]!] as const,
      [`${name}, held up`, cells[4]!] as const,
    ]),
  );
}

describe("README's table of what thieves can do to a network with a quorum is right for", () => {
  let world: DelayedWorld;
  let due: Settlement;
  let ceilingWei: bigint;
  let unclaimedWei: bigint;

  before(async () => {
    world = await startDelayedWorld(claimDelaySeconds, soloAfterSeconds);
    const { treasury, token } = world.connection.contracts;
    const guardianRole = await treasury.read.GUARDIAN_ROLE();
    // The admin's pauses have no end.
    const grant = { ...treasury, functionName: "grantRole", args: [guardianRole, guardianAccount()] } as const;
    await transact(world.connection, world.people.keeper, grant);
    await goToDue(world, 1);
    // Nobody is active in the epochs 0 and 1: the keeper settles them alone, at once.
    for (let epoch = 0; epoch < 2; epoch++) await settleAlone(await honest());
    await liveThrough(world, 2);
    await settleHonestly([0, 1, 2, 3]);
    await goToDue(world, 3);
    due = await honest();
    ceilingWei = await treasury.read.emissionCeiling([due.epoch]);
    unclaimedWei = await token.read.balanceOf([treasury.address]);
    expect(unclaimedWei > 0n).to.equal(true);
  });

  after(async () => {
    await world.node.stop();
  });

  const guardianAccount = () => world.people.client;

  /** The due epoch's settlement as everyone honest computes it. */
  async function honest(): Promise<Settlement> {
    const { connection, node } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    const outcome = await settleNextEpoch(connection, archive, { payRecipientsUpTo: 0 });
    return outcome.kind === "ready" ? outcome.computed.settlement : expect.fail(outcome.kind);
  }

  /** Has a settlement signed by validators, and sent by a stranger. */
  async function settleSigned(settlement: Settlement, signers: readonly number[]) {
    const { connection, people } = world;
    const { settlementQuorum, treasury } = connection.contracts;
    const [active] = await settlementQuorum.read.signersOf([settlement.epoch]);
    const positionOf = (validator: Address) => active.findIndex((one) => one.toLowerCase() === validator);
    const validators = signers.map((index) => people.validators[index]!).sort();
    const data = settlementForm.typedData(
      { chainId: connection.deployment.chainId, treasury: treasury.address },
      settlement,
    );
    const signatures: Hex[] = [];
    for (const account of validators) {
      const wallet = createWalletClient({ account, transport: connection.transport });
      signatures.push(await wallet.signTypedData(data));
    }
    const positions = validators.map((validator) => BigInt(positionOf(validator)));
    const args = [settlement, validators, positions, signatures] as const;
    return transact(connection, people.stranger, { ...settlementQuorum, functionName: "settleEpochSigned", args });
  }

  const settleHonestly = async (signers: readonly number[]) => settleSigned(await honest(), signers);

  function settleAlone(settlement: Settlement) {
    const { connection, people } = world;
    const { settlementQuorum } = connection.contracts;
    const args = [settlement] as const;
    return transact(connection, people.keeper, { ...settlementQuorum, functionName: "settleEpoch", args });
  }

  const later = async (seconds: bigint | number) => {
    const { timestamp } = await world.connection.reader.getBlock();
    await world.node.advanceTo(timestamp + BigInt(seconds));
  };

  const others = (coalition: readonly number[]) => [0, 1, 2, 3].filter((index) => !coalition.includes(index));

  /**
   * Whether and when a thief gets a settlement through, in any way: at once, or once an epoch that nobody else settled may be
   * settled alone. In between the honest validators settle what they can.
   */
  async function getThrough({ coalition, hasSoloKey }: Thief, settlement: Settlement, guardian?: Guardian) {
    const attempts = async () => {
      if (hasSoloKey && (await succeeds(settleAlone(settlement)))) return true;
      return coalition.length > 0 && succeeds(settleSigned(settlement, coalition));
    };
    if (await attempts()) return "at once";
    if (guardian === "is stolen") {
      // The longest pause, and the thief is the first after it.
      const { treasury } = world.connection.contracts;
      await transact(world.connection, guardianAccount(), { ...treasury, functionName: "pause", args: [] });
      await later(await treasury.read.MAX_GUARDIAN_PAUSE_SECONDS());
      if (await attempts()) return "at once";
    }
    if (await succeeds(settleHonestly(others(coalition)))) return "never";
    await later(soloAfterSeconds);
    return (await attempts()) ? "solo" : "never";
  }

  /** Whether a call succeeds; if not, the contracts must have refused it with one of these errors. */
  async function succeeds(sending: Promise<unknown>): Promise<boolean> {
    try {
      await sending;
      return true;
    } catch (error) {
      expect(error).to.be.instanceOf(RefusedError);
      expect(["QuorumMissing", "SoloTooEarly"]).to.include((error as RefusedError).errorName);
      return false;
    }
  }

  /** The most that can be promised: all that is unclaimed, and all that the schedule allows, to a stranger alone. */
  async function theft(): Promise<{ readonly settlement: Settlement; readonly tree: RewardTree }> {
    const { connection, people } = world;
    const tree = await treeOfRewards(connection, new Map([[people.stranger, unclaimedWei + ceilingWei]]));
    const settlement = { ...nothing(), emission: ceilingWei, minerRewards: ceilingWei, rewardsRoot: tree.root };
    return { settlement, tree };
  }

  const nothing = (): Settlement => ({
    ...due,
    emission: 0n,
    burnedUnmetQuota: 0n,
    burnedQualityPenalty: 0n,
    minerRewards: 0n,
    validatorRewards: 0n,
    daoShare: 0n,
    returned: 0n,
    rewardsRoot: zeroHash,
  });

  /** The part of the unclaimed rewards and the epoch's emission ceiling together that the thief has at the end. */
  async function taken(thief: Thief, guardian: Guardian): Promise<string> {
    const { connection, people } = world;
    const { treasury, token } = connection.contracts;
    const { settlement, tree } = await theft();
    const before = await token.read.balanceOf([people.stranger]);
    const when = await getThrough(thief, settlement, guardian);
    if (when !== "never") {
      const veto = { ...treasury, functionName: "vetoRoot", args: [settlement.epoch] } as const;
      if (guardian === "watches") await transact(connection, guardianAccount(), veto);
      await later(claimDelaySeconds);
      const { cumulativeWei, proof } = proofOf(tree, people.stranger);
      const claim = { ...treasury, functionName: "claim", args: [people.stranger, cumulativeWei, proof] } as const;
      const claiming = transact(connection, people.stranger, claim);
      if (guardian === "watches") expect((await refusal(claiming)).errorName).to.equal("RootNotClaimable");
      else await claiming;
    }
    const takenWei = (await token.read.balanceOf([people.stranger])) - before;
    const percent = (takenWei * 100n) / (unclaimedWei + ceilingWei);
    return when === "solo" && percent > 0n ? `${percent} %, solo` : `${percent} %`;
  }

  /** When a due epoch can be wasted: returned to the pool as a whole, which no veto repairs. */
  const wasted = (thief: Thief): Promise<string> =>
    getThrough(thief, { ...nothing(), emission: ceilingWei, returned: ceilingWei });

  /** Whether, and until when, the thief holds up an epoch by signing nothing. */
  async function heldUp({ coalition, hasSoloKey }: Thief): Promise<string> {
    if (await succeeds(settleHonestly(others(coalition)))) return "no";
    expect(await succeeds(settleAlone(await honest()))).to.equal(false);
    if (hasSoloKey) return "until the keeper's key is replaced";
    await later(soloAfterSeconds);
    expect(await succeeds(settleAlone(await honest()))).to.equal(true);
    return "until solo";
  }

  const stated = statedCells();

  for (const thief of thieves) {
    for (const guardian of guardians) {
      const cell = `${thief.name}, taken, guardian ${guardian}`;
      it(`${cell}: ${stated.get(cell)}`, () =>
        andForget(world, async () => expect(await taken(thief, guardian)).to.equal(stated.get(cell))));
    }
    it(`${thief.name}, wasted: ${stated.get(`${thief.name}, wasted`)}`, () =>
      andForget(world, async () => expect(await wasted(thief)).to.equal(stated.get(`${thief.name}, wasted`))));
    it(`${thief.name}, held up: ${stated.get(`${thief.name}, held up`)}`, () =>
      andForget(world, async () => expect(await heldUp(thief)).to.equal(stated.get(`${thief.name}, held up`))));
  }
});
