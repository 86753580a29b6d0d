import { expect } from "chai";
import fc from "fast-check";
import { readUidCases, runUidCase } from "../../../scripts/core/consensus/uidCase";
import { alphaFor, yumaEpoch } from "../../../scripts/core/consensus/yuma";
import { denseYuma } from "../../shared/denseYuma";
import { yumaCases } from "../../shared/yumaCases";
import { dense, networks, parameters, rules, sparse, voicesOf } from "../../shared/yumaNetworks";
import { ONE } from "../../../scripts/core/consensus/fixed32";
import { EMPTY_ROW } from "../../../scripts/core/consensus/sparseRow";
import { type LiquidAlpha } from "../../../scripts/core/policy/policy";

const bits = (shares: Float64Array): readonly bigint[] => Array.from(shares, BigInt);

describe("Yuma consensus", () => {
  describe("matches the published vectors:", () => {
    for (const { name, input, expected } of yumaCases) {
      const { epochs } = runUidCase(readUidCases(input)[0]!);
      expected.forEach((result, epoch) => {
        it(`${name}, epoch ${epoch}`, () => {
          expect(epochs[epoch]).to.deep.equal(result);
        });
      });
    }
  });

  it("equals the formula computed cell by cell in bigints, for any network and parameters", () => {
    fc.assert(
      fc.property(networks(7, 7), parameters, rules, (network, chosen, rule) => {
        const outcome = yumaEpoch(rule, voicesOf(network), network.minerCount, chosen);
        expect({
          consensus: bits(outcome.consensus),
          incentive: bits(outcome.incentive),
          validatorTrust: bits(outcome.validatorTrust),
          dividends: bits(outcome.dividends),
          bonds: outcome.bonds.map((row) => dense(row, network.minerCount)),
        }).to.deep.equal(denseYuma(rule, network, chosen));
      }),
      { numRuns: 200 },
    );
  });
});

const share = fc.integer({ min: 0, max: ONE });
const settings: fc.Arbitrary<LiquidAlpha> = fc
  .record({
    bounds: fc.tuple(fc.float({ min: 0, max: 1, noNaN: true }), fc.float({ min: 0, max: 1, noNaN: true })),
    steepness: fc.oneof(fc.constantFrom(0, 100, 200, 1_000), fc.integer({ min: -32_768, max: 32_767 })),
  })
  .map(({ bounds, steepness }) => ({ low: Math.min(...bounds), high: Math.max(...bounds), steepness }));

/** The formula in floating point, with subtensor's bounds on the exponent. */
function expectedAlpha({ low, high, steepness }: LiquidAlpha, distance: number): number {
  const exponent = Math.max(-20, Math.min(20, (-steepness / 100) * (distance - 0.5)));
  return low + (high - low) / (1 + Math.exp(exponent));
}

describe("Liquid alpha", () => {
  it("follows the sigmoid of how far a buyer's weight lies above the consensus", () => {
    fc.assert(
      fc.property(settings, share, share, (chosen, consensus, weight) => {
        const alpha = alphaFor(chosen)(consensus, weight, 0) / ONE;
        expect(alpha).to.be.closeTo(expectedAlpha(chosen, Math.max(0, weight - consensus) / ONE), 1e-7);
      }),
    );
  });

  it("follows the sigmoid of how far a seller's weight lies below its bond, whatever the consensus", () => {
    fc.assert(
      fc.property(settings, share, fc.tuple(share, share), (chosen, consensus, pair) => {
        const [weight, bond] = [Math.min(...pair), Math.max(...pair)];
        fc.pre(weight < bond);
        const alpha = alphaFor(chosen)(consensus, weight, bond) / ONE;
        expect(alpha).to.be.closeTo(expectedAlpha(chosen, (bond - weight) / ONE), 1e-7);
      }),
    );
  });

  it("equals subtensor's power series up to x^31, each term rounded down, up to an exponent of 14 and at the maximum of 20", () => {
    const one = BigInt(ONE);
    const series = (x: bigint): bigint => {
      let [term, result] = [x, one + x];
      for (let i = 2n; i < 32n; i++) {
        term = ((term * x) >> 32n) / i;
        result += term;
      }
      return result;
    };
    const alpha = alphaFor({ low: 0, high: 1, steepness: -2_800 });
    for (let step = 0; step < 1_000; step++) {
      const distance = ONE - step * 1_000_003;
      const exponent = 28n * (BigInt(distance) - one / 2n);
      expect(BigInt(alpha(0, distance, 0)), `distance ${distance}`).to.equal((one << 32n) / (one + series(exponent)));
    }
    // Larger exponents count as 20.
    const steepest = alphaFor({ low: 0, high: 1, steepness: -32_768 });
    expect(BigInt(steepest(0, ONE, 0))).to.equal((one << 32n) / (one + series(20n * one)));
  });

  it("never leaves its bounds", () => {
    fc.assert(
      fc.property(settings, share, share, share, (chosen, consensus, weight, bond) => {
        const alpha = alphaFor(chosen)(consensus, weight, bond);
        expect(alpha).to.be.within(Math.round(chosen.low * ONE), Math.round(chosen.high * ONE));
      }),
    );
  });

  it("is the fixed moving average if both bounds equal it", () => {
    const liquidAlpha = { low: 0.1, high: 0.1, steepness: 1_000 };
    fc.assert(
      fc.property(networks(5, 5), parameters, (network, chosen) => {
        const fixed = { ...chosen, bondsMovingAverage: 900_000, liquidAlpha: null };
        const run = (rule: typeof fixed | { liquidAlpha: LiquidAlpha }) =>
          yumaEpoch("yuma3", voicesOf(network), network.minerCount, { ...fixed, ...rule });
        expect(run({ liquidAlpha })).to.deep.equal(run(fixed));
      }),
    );
  });

  describe("applied to bonds", () => {
    const bondOf = (weights: readonly number[], liquidAlpha: LiquidAlpha | null): number => {
      const voice = { stake: 1n, permitted: true, active: true };
      const { bonds } = yumaEpoch("yuma3", [{ ...voice, weights: sparse(weights), bonds: sparse([40_000, 0]) }], 2, {
        kappaU16: 32_767,
        bondsPenaltyU16: 0,
        bondsMovingAverage: 900_000,
        liquidAlpha,
      });
      return dense(bonds[0] ?? EMPTY_ROW, 2)[0]!;
    };

    it("treats a miner that a row no longer lists like one with a weight of 0", () => {
      const halfway = { low: 0.5, high: 0.5, steepness: 0 };
      expect(bondOf([0, 65_535], halfway)).to.equal(19_999);
    });

    it("gives way to the fixed moving average without any consensus", () => {
      const halfway = { low: 0.5, high: 0.5, steepness: 0 };
      expect(bondOf([0, 0], halfway)).to.equal(bondOf([0, 0], null));
      expect(bondOf([0, 0], null)).to.equal(35_999);
    });
  });
});
