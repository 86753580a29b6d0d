import { expect } from "chai";
import { type EpochStatus } from "../../scripts/keeper/facts/epochStatus";
import { describeStatus } from "../../scripts/show/describeSettling";

/** Slot 20 of 32 in epoch 2, of two seconds each; work closes four slots before its end. */
const status: EpochStatus = {
  epoch: 2,
  slot: 84,
  timestamp: 1_168,
  epochEndsAt: 1_192,
  workClosesAt: 1_184,
  nextEpochToSettle: 2,
  dueAt: 1_208,
  isDue: false,
  paused: false,
  pauseEndsAt: null,
};

describe("The network's status in words", () => {
  it("says where the epoch stands, when its work closes, and when it can be settled", () => {
    expect(describeStatus(status)).to.equal(
      "Epoch 2, slot 84; it ends in 24 s. Its work closes in 16 s.\nEpoch 2 can be settled in 40 s.",
    );
  });

  it("says from when on tasks count for the next epoch", () => {
    const work = (timestamp: number): string =>
      describeStatus({ ...status, timestamp })
        .split("\n")[0]!
        .replace(/^.*?\. /, "");
    expect([1_183, 1_184].map(work)).to.deep.equal([
      "Its work closes in 1 s.",
      "A task completed now counts for epoch 3.",
    ]);
  });

  it("says when epoch 0 begins before genesis", () => {
    const before = { ...status, epoch: null, slot: null, nextEpochToSettle: 0 };
    expect(describeStatus(before).split("\n")[0]).to.equal("Epoch 0 begins in 24 s.");
  });
});
