import { expect } from "chai";
import { healthOf } from "../../../scripts/page/models/networkNow";

const running = { paused: false, dueAt: 1_000, nextEpochToSettle: 7, epoch: 8 };
const patienceSeconds = 64;
const wordAt = (now: number, change: Partial<typeof running> | { readonly epoch: null } = {}) =>
  healthOf({ ...running, ...change }, now, patienceSeconds).word;

describe("A network's health", () => {
  it("is good until an epoch has been due for longer than the patience of 64 s", () => {
    expect([900, 1_000 + patienceSeconds].map((now) => wordAt(now))).to.deep.equal(["healthy", "healthy"]);
    expect(healthOf(running, 1_065, patienceSeconds)).to.deep.equal({
      tone: "warn",
      word: "late",
      sentence: "Epoch 7 has been due for 1 min 5 s.",
    });
  });

  it("states how many epochs are settled", () => {
    const sentenceFor = (nextEpochToSettle: number) =>
      healthOf({ ...running, nextEpochToSettle }, 900, patienceSeconds).sentence;
    expect([0, 1, 7].map(sentenceFor)).to.deep.equal([
      "No epoch is settled yet.",
      "Epoch 0 is settled.",
      "All 7 epochs that were due are settled.",
    ]);
  });

  it("is paused or not begun, and never late, while the Treasury is paused or before the first epoch", () => {
    expect(wordAt(9_000, { paused: true })).to.equal("paused");
    expect(wordAt(9_000, { epoch: null })).to.equal("not begun");
  });
});
