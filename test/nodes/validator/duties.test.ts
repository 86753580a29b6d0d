import { expect } from "chai";
import { type Address, type Hex, zeroHash } from "viem";
import { type NodeView } from "../../../scripts/nodes/run/nodeView";
import { Reports, slotDuties } from "../../../scripts/nodes/validator/duties";
import { type Answers, answeringChain, blockAt } from "../../shared/answeringChain";

const own: Address = "0x1111111111111111111111111111111111111111";
const other: Address = "0x2222222222222222222222222222222222222222";
const third: Address = "0x3333333333333333333333333333333333333333";

const slotSeconds = 10;
const clock = { slotSeconds, slotsPerEpoch: 20, revealSlots: 6, closingSlots: 4 };
const epochSeconds = slotSeconds * clock.slotsPerEpoch;

/** The chain as a validator sees it at a time, in seconds from genesis. */
function viewAt(now: number, answers: Answers, onAsked?: (question: string) => void): NodeView {
  const slot = now < 0 ? null : Math.floor(now / slotSeconds);
  return {
    chain: answeringChain(answers, { clock }, onAsked),
    headBlock: 50n,
    headTimestamp: now,
    now,
    epoch: slot === null ? null : Math.floor(slot / clock.slotsPerEpoch),
    slot,
    baseFeePerGasWei: 0n,
    minedTransactions: 0,
    balanceWei: 0n,
  };
}

describe("What a validator does for the running slot", () => {
  const seed: Hex = `0x${"ab".repeat(32)}`;

  /** The names of its duties in slot 3 of epoch 1. */
  async function dutiesIn(
    rotation: { readonly openedInBlock: bigint; readonly seed: Hex },
    { place = 0, now = 23 * slotSeconds, leader = own, isProduced = false } = {},
  ): Promise<readonly string[]> {
    const views = {
      "blockRewards.rotationOf": () => ({ ...rotation, totalStakeWei: 1n }),
      "blockRewards.leaderOf": (slot: bigint) => (slot === 23n ? leader : other),
      "blockRewards.hasProduced": (slot: bigint) => slot !== 23n || isProduced,
    };
    return (await slotDuties(viewAt(now, { views }), own, place)).map(({ name }) => name);
  }

  const untouched = { openedInBlock: 0n, seed: zeroHash };

  it("is nothing before genesis", async () => {
    expect(await dutiesIn(untouched, { now: -1 })).to.deep.equal([]);
  });

  it("is to open an epoch that nobody has opened, a slot later for each validator that comes first", async () => {
    expect(await dutiesIn(untouched)).to.deep.equal(["open epoch 1"]);
    expect(await dutiesIn(untouched, { place: 3 })).to.deep.equal(["open epoch 1"]);
    expect(await dutiesIn(untouched, { place: 4 })).to.deep.equal([]);
  });

  it("is to seal an opened epoch from the block on that it was opened for, in the same order", async () => {
    expect(await dutiesIn({ openedInBlock: 50n, seed: zeroHash })).to.deep.equal(["seal epoch 1"]);
    expect(await dutiesIn({ openedInBlock: 50n, seed: zeroHash }, { place: 4 })).to.deep.equal([]);
    expect(await dutiesIn({ openedInBlock: 51n, seed: zeroHash })).to.deep.equal([]);
  });

  it("is to produce the slot that it leads, once", async () => {
    const sealed = { openedInBlock: 40n, seed };
    expect(await dutiesIn(sealed, { place: 19 })).to.deep.equal(["produce slot 23"]);
    expect(await dutiesIn(sealed, { isProduced: true })).to.deep.equal([]);
    expect(await dutiesIn(sealed, { leader: other })).to.deep.equal([]);
  });
});

describe("A validator's reports of missed reveals", () => {
  /** Epoch 9's reveals are over at this time. */
  const over = 10 * epochSeconds + clock.revealSlots * slotSeconds;
  let reports: Reports;
  /** The epochs that each validator missed and nobody reported. */
  let misses: Map<Address, readonly bigint[]>;
  let looks: number;

  beforeEach(() => {
    reports = new Reports();
    misses = new Map();
    looks = 0;
  });

  async function reportsAt(now: number, { place = 0, active = [own, other, third] } = {}): Promise<readonly string[]> {
    const views = {
      "scoreBoard.MISSES_UNTIL_SLASH": () => {
        looks++;
        return 3n;
      },
      "scoreBoard.openMisses": (validator: Address, last: bigint) =>
        (misses.get(validator) ?? []).filter((epoch) => epoch <= last),
      "staking.exitDelayEpochs": () => 14n,
      "treasury.nextEpochToSettle": () => 8n,
      "treasury.paused": () => false,
      "treasury.pauseEndsAt": () => 0n,
      "treasury.revealEnd": () => 0n,
    };
    const methods = { eth_getBlockByNumber: () => blockAt(50, now) };
    return (await reports.duties(viewAt(now, { views, methods }), active, place)).map(({ name }) => name);
  }

  const reportOfOther = `report ${other} for missing epochs 7, 8, 9`;

  it("are of no epoch before genesis and in epoch 0", async () => {
    misses.set(other, [0n, 1n, 2n]);
    expect(await reportsAt(-1)).to.deep.equal([]);
    expect(await reportsAt(epochSeconds - 1)).to.deep.equal([]);
    expect(looks).to.equal(0);
  });

  it("begin in epoch 1", async () => {
    await reportsAt(epochSeconds + clock.revealSlots * slotSeconds);
    expect(looks).to.equal(3);
  });

  it("begin when the reveals are over, a slot later for each validator that comes first", async () => {
    misses.set(other, [7n, 8n, 9n]);
    expect(await reportsAt(over - 1)).to.deep.equal([]);
    expect(await reportsAt(over + 2 * slotSeconds - 1, { place: 2 })).to.deep.equal([]);
    expect(looks).to.equal(0);
    expect(await reportsAt(over + 2 * slotSeconds, { place: 2 })).to.deep.equal([reportOfOther]);
    expect(await reportsAt(over)).to.deep.equal([reportOfOther]);
  });

  it("look at everybody once an epoch, and after that only at those that could be reported", async () => {
    misses.set(other, [7n, 8n, 9n]);
    misses.set(third, [8n, 9n]);
    expect(await reportsAt(over)).to.deep.equal([reportOfOther]);
    expect(looks).to.equal(3);
    misses.set(third, [7n, 8n, 9n]);
    expect(await reportsAt(over + 1)).to.deep.equal([reportOfOther]);
    expect(looks).to.equal(4);
    misses.set(other, []);
    expect(await reportsAt(over + 2)).to.deep.equal([]);
    misses.set(third, [8n, 9n, 10n]);
    expect(await reportsAt(over + epochSeconds)).to.deep.equal([`report ${third} for missing epochs 8, 9, 10`]);
  });
});
