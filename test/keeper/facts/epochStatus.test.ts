import { expect } from "chai";
import { epochStatus } from "../../../scripts/keeper/facts/epochStatus";
import { answeringChain, blockAt } from "../../shared/answeringChain";

/** The status if epochs have 16 slots of 10 s, the last 4 without work, and epoch 0 begins at the time 1,000. */
function statusAt(timestamp: number, { paused = false, pauseEndsAt = 0 } = {}) {
  return epochStatus(
    answeringChain(
      {
        views: {
          "treasury.nextEpochToSettle": () => 3n,
          "treasury.paused": () => paused,
          "treasury.pauseEndsAt": () => BigInt(pauseEndsAt),
          "treasury.revealEnd": (epoch: bigint) => 1_000n + epoch * 160n + 200n,
        },
        methods: { eth_getBlockByNumber: () => blockAt(5, timestamp) },
      },
      { genesisTimestamp: 1_000, clock: { slotSeconds: 10, slotsPerEpoch: 16, closingSlots: 4 } },
    ),
  );
}

describe("The status of epochs", () => {
  it("has no current epoch before the first one, and shows when that begins and when its work ends", async () => {
    const { epoch, slot, epochEndsAt, workClosesAt } = await statusAt(999);
    expect({ epoch, slot, epochEndsAt, workClosesAt }).to.deep.equal({
      ...{ epoch: null, slot: null, epochEndsAt: 1_000, workClosesAt: 1_120 },
    });
  });

  for (const [timestamp, epoch, slot] of [
    [1_000, 0, 0],
    [1_159, 0, 15],
    [1_160, 1, 16],
  ] as const) {
    it(`shows epoch ${epoch} and slot ${slot} at the time ${timestamp}, and when the epoch and its work end`, async () => {
      const status = await statusAt(timestamp);
      expect([status.timestamp, status.epoch, status.slot]).to.deep.equal([timestamp, epoch, slot]);
      expect([status.workClosesAt, status.epochEndsAt]).to.deep.equal([1_120 + epoch * 160, 1_160 + epoch * 160]);
    });
  }

  it("shows an epoch as due from the second in which its reveals end", async () => {
    const [early, due] = [await statusAt(1_679), await statusAt(1_680)];
    expect([early.nextEpochToSettle, early.dueAt, early.isDue]).to.deep.equal([3, 1_680, false]);
    expect(due.isDue).to.equal(true);
  });

  it("shows when a pause expires", async () => {
    const states = [await statusAt(2_000), await statusAt(2_000, { paused: true, pauseEndsAt: 3_000 })];
    expect(states.map(({ paused, pauseEndsAt }) => [paused, pauseEndsAt])).to.deep.equal([
      [false, null],
      [true, 3_000],
    ]);
  });
});
