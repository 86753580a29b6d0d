import { expect } from "chai";
import fc from "fast-check";
import { formatUnits, parseUnits } from "viem";
import {
  counted,
  AmountError,
  briefDecimal,
  formatExactMdt,
  formatMdt,
  formatWad,
  hasQuality,
  parseMdt,
  percentOfBits,
  percentOfBps,
  percentOfU16,
  percentOfWad,
  percentText,
  shareWad,
} from "../../scripts/show/amounts";

const WAD = 10n ** 18n;

describe("An amount in MDT that a person types", () => {
  it("is read exactly, up to 18 decimals", () => {
    expect(["32", "0.5", "0.000000000000000001", "007", "999999999999.999999999999999999"].map(parseMdt)).to.deep.equal(
      [32n * WAD, WAD / 2n, 1n, 7n * WAD, 10n ** 30n - 1n],
    );
  });

  for (const text of ["", "0", "0.0", "-1", "+1", ".5", "1.", "1e3", "1,000", " 1", "1 MDT", "0x10", "NaN"]) {
    it(`is refused if it is "${text}"`, () => {
      expect(() => parseMdt(text)).to.throw(AmountError, `"${text}" is not an amount`);
    });
  }

  it("has at most 18 decimals, and at most 12 digits before them", () => {
    for (const text of ["0.0000000000000000001", "1000000000000"]) {
      expect(() => parseMdt(text)).to.throw(AmountError, `"${text}" is not an amount`);
    }
  });
});

describe("An amount for people", () => {
  it("is truncated, never rounded up", () => {
    expect(formatMdt(WAD - 1n)).to.equal("0.9999");
    expect(formatMdt(2n * WAD - 1n, 2)).to.equal("1.99");
    expect(formatMdt(2n * WAD - 1n, 0)).to.equal("1");
    expect(formatMdt(1n, 17)).to.equal(`0.${"0".repeat(17)}`);
    expect(formatWad(666_666_666_666_666_666n)).to.equal("0.6666");
  });

  it("has commas between thousands", () => {
    expect([999n, 1_000n, 21_000_000n].map((mdt) => formatMdt(mdt * WAD, 0))).to.deep.equal([
      "999",
      "1,000",
      "21,000,000",
    ]);
  });

  it("in a sentence has no trailing zeros, and isn't called 0 if it is small", () => {
    const amounts = [0n, 1n, 10n ** 14n - 1n, 10n ** 14n, WAD / 2n, 1_234n * WAD + 1n];
    expect(amounts.map(briefDecimal)).to.deep.equal([
      "0",
      "less than 0.0001",
      "less than 0.0001",
      "0.0001",
      "0.5",
      "1,234",
    ]);
  });

  it("has all its digits and no trailing zeros if it must be exact", () => {
    expect([1_234n * WAD + WAD / 2n, 1n, 5n * WAD].map(formatExactMdt)).to.deep.equal([
      "1,234.5",
      "0.000000000000000001",
      "5",
    ]);
  });

  it("keeps its sign", () => {
    expect([formatMdt(-3n * WAD, 0), formatMdt(-WAD / 2n, 2)]).to.deep.equal(["-3", "-0.50"]);
  });

  it("is at most the exact amount, and less than one unit of its last digit below it", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 30n), fc.integer({ min: 0, max: 18 }), (amountWei, decimals) => {
        const shownWei = parseUnits(formatMdt(amountWei, decimals).replaceAll(",", ""), 18);
        expect(shownWei <= amountWei && amountWei - shownWei < 10n ** BigInt(18 - decimals)).to.equal(true);
      }),
    );
  });

  it("with 18 decimals is read back exactly by parseMdt", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 29n), (amountWei) => {
        expect(parseMdt(formatMdt(amountWei, 18).replaceAll(",", ""))).to.equal(amountWei);
        expect(parseMdt(formatUnits(amountWei, 18))).to.equal(amountWei);
      }),
    );
  });
});

describe("A share for people", () => {
  it("is a percentage with two decimals, truncated, never rounded up", () => {
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

  it("in basis points has no trailing zeros", () => {
    expect([0, 1, 1_850, 10_000].map(percentOfBps)).to.deep.equal([
      "0\u00a0%",
      "0.01\u00a0%",
      "18.5\u00a0%",
      "100\u00a0%",
    ]);
  });

  it("may be a ratio in raw bits of I32F32", () => {
    expect(percentOfBits((3n << 30n).toString())).to.equal("75.00\u00a0%");
  });

  it("in a terminal has an ordinary space", () => {
    expect(percentText(1_850)).to.equal("18.5 %");
  });

  it("of a whole is floored, and is 0 if the whole is 0", () => {
    expect(shareWad(2n, 3n)).to.equal(666_666_666_666_666_666n);
    expect(shareWad(0n, 0n)).to.equal(0n);
  });

  it("is shown as a quality only if some work counted, even if all of it was worth 0", () => {
    expect(hasQuality({ qualityWad: WAD, minerRewardsWei: 0n })).to.equal(false);
    expect(hasQuality({ qualityWad: WAD, minerRewardsWei: 1n })).to.equal(true);
    expect(hasQuality({ qualityWad: "0", minerRewardsWei: "0" })).to.equal(true);
  });
});

describe("A number of things", () => {
  it("has the noun's plural unless it is 1", () => {
    expect([0, 1, 2].map((count) => counted(count, "task"))).to.deep.equal(["0 tasks", "1 task", "2 tasks"]);
  });
});
