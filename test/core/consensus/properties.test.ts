import { expect } from "chai";
import fc from "fast-check";
import { ONE } from "../../../scripts/core/consensus/fixed32";
import { EMPTY_ROW, rowFrom, type SparseRow } from "../../../scripts/core/consensus/sparseRow";
import { scoreEpoch, type ScoringValidator } from "../../../scripts/core/consensus/scoreEpoch";
import { yumaEpoch, type YumaParameters } from "../../../scripts/core/consensus/yuma";
import { DEFAULT_POLICY } from "../../../scripts/core/policy/policy";
import { type DenseNetwork } from "../../shared/denseYuma";
import { dense, networks, parameters, rules, sparse, u16s, voicesOf } from "../../shared/yumaNetworks";
import { U16_MAX } from "../../../scripts/core/fixedPoint";

const runs = { numRuns: 100 };

/** Every result of an epoch, with bonds as full rows, so that outcomes can be compared. */
function outcomeOf(rule: "yuma2" | "yuma3", network: DenseNetwork, chosen: YumaParameters) {
  const outcome = yumaEpoch(rule, voicesOf(network), network.minerCount, chosen);
  return {
    consensus: [...outcome.consensus],
    incentive: [...outcome.incentive],
    validatorTrust: [...outcome.validatorTrust],
    dividends: [...outcome.dividends],
    bonds: outcome.bonds.map((row) => dense(row, network.minerCount)),
  };
}

/** The numbers from 0 in the order of random keys. */
function orderBy(keys: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).sort((a, b) => keys[a]! - keys[b]! || a - b);
}

function inOrder<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  return order.map((index) => items[index]!);
}

describe("A Yuma epoch", () => {
  it("doesn't change if one row is scaled", () => {
    const factors = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(networks(6, 6), parameters, rules, factors, fc.nat(5), (network, chosen, rule, factor, scaled) => {
        const small = network.weights.map((row) => row.map((weight) => weight % 656));
        const larger = small.map((row, i) => (i === scaled ? row.map((weight) => weight * factor) : row));
        expect(outcomeOf(rule, { ...network, weights: larger }, chosen)).to.deep.equal(
          outcomeOf(rule, { ...network, weights: small }, chosen),
        );
      }),
      runs,
    );
  });

  it("permutes its result if validators and miners are permuted", () => {
    const keys = fc.array(fc.nat(1_000), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(networks(6, 6), parameters, rules, keys, (network, chosen, rule, order) => {
        const validators = orderBy(order, network.stakes.length);
        const miners = orderBy([...order].reverse(), network.minerCount);
        const rows = <T>(matrix: readonly (readonly T[])[]): readonly (readonly T[])[] =>
          inOrder(matrix, validators).map((row) => inOrder(row, miners));
        const before = outcomeOf(rule, network, chosen);
        const after = outcomeOf(
          rule,
          {
            stakes: inOrder(network.stakes, validators),
            active: inOrder(network.active, validators),
            permitted: inOrder(network.permitted, validators),
            weights: rows(network.weights),
            bonds: rows(network.bonds),
            minerCount: network.minerCount,
          },
          chosen,
        );
        expect(after).to.deep.equal({
          consensus: inOrder(before.consensus, miners),
          incentive: inOrder(before.incentive, miners),
          validatorTrust: inOrder(before.validatorTrust, validators),
          dividends: inOrder(before.dividends, validators),
          bonds: rows(before.bonds),
        });
      }),
      runs,
    );
  });

  it("doesn't let a minority below κ raise a miner's consensus above what the majority gives", () => {
    const rows = (count: number) =>
      fc.array(fc.array(u16s, { minLength: 4, maxLength: 4 }), { minLength: count, maxLength: count });
    fc.assert(
      fc.property(rows(3), rows(2), rules, (honest, colluding, rule) => {
        const { consensus } = yumaEpoch(
          rule,
          voicesOf({
            stakes: [20n, 20n, 11n, 24n, 25n],
            active: [true, true, true, true, true],
            permitted: [true, true, true, true, true],
            weights: [...honest, ...colluding],
            bonds: [...honest, ...colluding],
            minerCount: 4,
          }),
          4,
          DEFAULT_POLICY,
        );
        consensus.forEach((weight, miner) => {
          const given = honest.map((row) => {
            const total = row.reduce((sum, value) => sum + value, 0);
            return total === 0 ? 0 : row[miner]! / total;
          });
          expect(weight / ONE).to.be.at.most(Math.max(...given));
        });
      }),
      runs,
    );
  });

  it("isn't affected by a validator without stake, and pays it nothing, under any rule", () => {
    const anyRule = fc.constantFrom("stake", "yuma2", "yuma3");
    fc.assert(
      fc.property(networks(5, 5), parameters, anyRule, fc.array(u16s), (network, chosen, rule, row) => {
        const validators = network.stakes.map((stakeWei, i): ScoringValidator => ({
          stakeWei,
          weights: sparse(network.weights[i]!),
          active: network.active[i]!,
          bonds: sparse(network.bonds[i]!),
        }));
        const said = sparse(row.slice(0, network.minerCount));
        const stakeless = { stakeWei: 0n, weights: said, active: true, bonds: said };
        const without = scoreEpoch(rule, validators, network.minerCount, chosen);
        const withIt = scoreEpoch(rule, [...validators, stakeless], network.minerCount, chosen);
        expect(withIt).to.deep.equal({
          ...without,
          validatorTrust: [...without.validatorTrust, 0n],
          yuma: without.yuma && {
            dividends: [...without.yuma.dividends, 0n],
            bonds: [...without.yuma.bonds, EMPTY_ROW],
          },
        });
      }),
      runs,
    );
  });

  it("pays a validator that copies scores one epoch late less than one that scores itself (yuma3)", () => {
    const stages = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 });
    const averages = fc.integer({ min: 500_000, max: 990_000 });
    fc.assert(
      fc.property(stages, averages, fc.boolean(), (epochsPerStage, bondsMovingAverage, clips) => {
        const bestMiners = epochsPerStage.flatMap((epochs, miner) => new Array<number>(epochs).fill(miner));
        const chosen = { ...DEFAULT_POLICY, bondsMovingAverage, bondsPenaltyU16: clips ? U16_MAX : 0 };
        const earned = dividendsOverTime(bestMiners, epochsPerStage.length, chosen);
        const [ownScores, , , copied] = earned;
        expect(copied).to.be.lessThan(ownScores!);
      }),
      runs,
    );
  });
});

/** Three validators score the best miner of each epoch, a fourth repeats their scores of the epoch before. */
function dividendsOverTime(bestMiners: readonly number[], minerCount: number, chosen: YumaParameters): number[] {
  const scoring = (miner: number | undefined): SparseRow =>
    miner === undefined ? EMPTY_ROW : rowFrom([[miner, U16_MAX]]);
  const earned = [0, 0, 0, 0];
  let bonds: readonly SparseRow[] = earned.map(() => EMPTY_ROW);
  bestMiners.forEach((best, epoch) => {
    const voices = earned.map((_, validator) => ({
      stake: 1n,
      permitted: true,
      active: true,
      weights: scoring(validator === 3 ? bestMiners[epoch - 1] : best),
      bonds: bonds[validator]!,
    }));
    const outcome = yumaEpoch("yuma3", voices, minerCount, chosen);
    ({ bonds } = outcome);
    outcome.dividends.forEach((share, validator) => (earned[validator]! += share));
  });
  return earned;
}
