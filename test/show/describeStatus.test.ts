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
  it("states the epoch, its slot and end, when its work closes, and when it can be settled", () => {
    expect(describeStatus(status)).to.equal(
      "Epoch 2, slot 84. It ends in 24 s. Tasks completed in the next 16 s count for it.\nEpoch 2 can be settled in 40 s.",
    );
  });

  it("says from which second tasks count for the next epoch", () => {
    const work = (timestamp: number): string =>
      describeStatus({ ...status, timestamp })
        .split("\n")[0]!
        .replace(/^.*?\. .*?\. /, "");
    expect([1_183, 1_184].map(work)).to.deep.equal([
      "Tasks completed in the next 1 s count for it.",
      "Tasks completed now count for epoch 3.",
    ]);
  });

  it("says before genesis when epoch 0 begins", () => {
    const before = { ...status, epoch: null, slot: null, nextEpochToSettle: 0 };
    expect(describeStatus(before).split("\n")[0]).to.equal("Epoch 0 begins in 24 s.");
  });
});
