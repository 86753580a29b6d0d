import { expect } from "chai";
import {
  hasQuality,
  percentOfBits,
  percentOfBps,
  percentOfU16,
  percentOfWad,
  percentText,
  shareWad,
} from "../../scripts/show/shares";

const WAD = 10n ** 18n;

describe("A share for people", () => {
  it("is a percentage with two digits, cut and never rounded up", () => {
    expect([0n, WAD, WAD - 1n, WAD / 3n, 5n * 10n ** 14n].map(percentOfWad)).to.deep.equal([
      "0.00\u00a0%",
      "100.00\u00a0%",
      "99.99\u00a0%",
      "33.33\u00a0%",
      "0.05\u00a0%",
    ]);
    expect([0, 1, 32_768, 65_534, 65_535].map(percentOfU16)).to.deep.equal([
      "0.00\u00a0%",
      "0.00\u00a0%",
      "50.00\u00a0%",
      "99.99\u00a0%",
      "100.00\u00a0%",
    ]);
  });

  it("in basis points has no superfluous digits", () => {
    expect([0, 1, 1_850, 10_000].map(percentOfBps)).to.deep.equal([
      "0\u00a0%",
      "0.01\u00a0%",
      "18.5\u00a0%",
      "100\u00a0%",
    ]);
  });

  it("is one of a ratio in the raw bits of I32F32, too", () => {
    expect(percentOfBits((3n << 30n).toString())).to.equal("75.00\u00a0%");
  });

  it("in a terminal has an ordinary space", () => {
    expect(percentText(1_850)).to.equal("18.5 %");
  });

  it("of a whole is floored, and of nothing it is 0", () => {
    expect(shareWad(2n, 3n)).to.equal(666_666_666_666_666_666n);
    expect(shareWad(0n, 0n)).to.equal(0n);
  });

  it("of work that counts is a quality only if there was such work, even if all of it was worth nothing", () => {
    expect(hasQuality({ qualityWad: WAD, minerRewardsWei: 0n })).to.equal(false);
    expect(hasQuality({ qualityWad: WAD, minerRewardsWei: 1n })).to.equal(true);
    expect(hasQuality({ qualityWad: "0", minerRewardsWei: "0" })).to.equal(true);
  });
});
