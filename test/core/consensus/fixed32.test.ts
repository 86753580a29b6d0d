import { expect } from "chai";
import fc from "fast-check";
import { divide, multiply, normalise, ONE, toU16, totalOf } from "../../../scripts/core/consensus/fixed32";

const runs = { numRuns: 2_000 };

/** Integers of every magnitude up to 2^bits, not only of the largest. */
const upTo = (bits: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.integer({ min: 0, max: bits }), fc.maxSafeNat())
    .map(([magnitude, bitsOfIt]) => Math.min(2 ** bits, bitsOfIt % 2 ** magnitude));

const signed = (bits: number): fc.Arbitrary<number> =>
  fc.tuple(upTo(bits), fc.boolean()).map(([value, negative]) => (negative ? 0 - value : value));

const exactProduct = (a: number, b: number): bigint => (BigInt(a) * BigInt(b)) >> 32n;
const exactQuotient = (a: number, b: number): bigint => (BigInt(a) << 32n) / BigInt(b);

describe("I32F32 arithmetic in ordinary numbers", () => {
  describe("product", () => {
    it("equals the bigint product rounded down, for any signs and on both sides of the fast path", () => {
      fc.assert(
        fc.property(signed(42), signed(41), (a, b) => {
          expect(BigInt(multiply(a, b))).to.equal(exactProduct(a, b));
        }),
        runs,
      );
    });

    for (const [a, b] of [
      [2 ** 40, 2 ** 36],
      [2 ** 40 - 1, 2 ** 36 - 1],
      [2 ** 40 + 1, 2 ** 36],
      [2 ** 40, 2 ** 36 + 1],
      [-(2 ** 40), 2 ** 36],
      [2 ** 40, -(2 ** 36)],
      [-(2 ** 40) - 1, -(2 ** 36) - 1],
      [6_543_210_987_654_321, 2_345_678_901],
      [2_345_678_901, 6_543_210_987_654_321],
      [1_068_828_851_119, 4_305_517_831_585],
      [-1, 1],
      [ONE, ONE],
      [0, ONE],
    ] as const) {
      it(`is exact for ${a} · ${b}`, () => {
        expect(BigInt(multiply(a, b))).to.equal(exactProduct(a, b));
      });
    }
  });

  describe("quotient", () => {
    it("equals the bigint quotient rounded down, on both sides of the fast path", () => {
      fc.assert(
        fc.property(upTo(53), upTo(53), (a, b) => {
          const [smaller, larger] = [Math.min(a, b), Math.max(a, b, 1)];
          expect(BigInt(divide(smaller, larger))).to.equal(exactQuotient(smaller, larger));
        }),
        runs,
      );
    });

    it("equals it if the dividend alone, or the divisor alone, is too large for the fast path", () => {
      const largest = Number.MAX_SAFE_INTEGER;
      const largeDividend = fc.tuple(
        fc.integer({ min: ONE, max: largest }),
        fc.integer({ min: 2 * ONE, max: 2 ** 42 }),
      );
      const largeDivisor = fc.tuple(fc.integer({ min: 1, max: ONE }), fc.integer({ min: 2 ** 42, max: largest }));
      fc.assert(
        fc.property(fc.oneof(largeDividend, largeDivisor), ([a, b]) => {
          expect(BigInt(divide(a, b))).to.equal(exactQuotient(a, b));
        }),
        { numRuns: 4_000 },
      );
    });

    for (const [a, b] of [
      [ONE, 2 ** 42],
      [ONE, 2 ** 42 + 1],
      [ONE + 1, 2 ** 42],
      [ONE - 1, ONE],
      [65_535, 65_535 * 4_096],
      // The fast path would round 1023 − 1 / b up.
      [10_230_767, 42_952_893_135_871],
      [65_535, 1],
      [1, 3],
    ] as const) {
      it(`is exact for ${a} / ${b}`, () => {
        expect(BigInt(divide(a, b))).to.equal(exactQuotient(a, b));
      });
    }

    it("is 0 if the divisor is 0", () => {
      expect(divide(ONE, 0)).to.equal(0);
    });
  });

  it("a share becomes a u16 rounded down, and never more than 65535", () => {
    const cases = [0, 1, ONE / 2, ONE - 1, ONE, ONE + 1, 2 * ONE];
    expect(cases.map(toU16)).to.deep.equal([0, 0, 32_767, 65_534, 65_535, 65_535, 65_535]);
  });

  it("normalised values are their shares, rounded down; zeros stay zeros", () => {
    expect([...normalise(Float64Array.of(1, 2, 0))]).to.deep.equal([ONE / 3, (2 * ONE) / 3, 0].map(Math.floor));
    expect([...normalise(Float64Array.of(0, 0))]).to.deep.equal([0, 0]);
    expect(totalOf(normalise(Float64Array.of(3, 3, 3)))).to.equal(ONE - 1);
  });
});
