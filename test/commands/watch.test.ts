import { expect } from "chai";
import { liveLine } from "../../scripts/commands/watch";
import { type EpochStatus } from "../../scripts/keeper/facts/epochStatus";
import { type SettledEpoch } from "../../scripts/keeper/facts/settledEpochs";

describe("The live line of a network's state", () => {
  const status = {
    ...{ timestamp: 1_000, epoch: 26, epochEndsAt: 1_017, workClosesAt: 1_009 },
    ...{ nextEpochToSettle: 19, isDue: true, paused: false },
  } as EpochStatus;
  const last = { settlement: { epoch: 18n, emission: 14n * 10n ** 18n } } as SettledEpoch;
  const whole = "epoch 26 is running, ends in 17 s; epoch 18 emitted 14.0000 MDT; epoch 19 is due";

  it("says when the running epoch ends, what the last settled one emitted, and what is due", () => {
    expect(liveLine(status, last, 100)).to.equal(whole);
  });

  it("is cut to fit into one line of a narrow terminal", () => {
    expect(liveLine(status, last, 60)).to.equal(whole.slice(0, 59));
  });
});
