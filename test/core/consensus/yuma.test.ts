import { expect } from "chai";
import fc from "fast-check";
import { runUidCase } from "../../../scripts/core/consensus/uidCase";
import { readUidCases } from "../../../scripts/core/consensus/readUidCases";
import { yumaEpoch } from "../../../scripts/core/consensus/yuma";
import { denseYuma } from "../../shared/denseYuma";
import { yumaCases } from "../../shared/yumaCases";
import { dense, networks, parameters, rules, voicesOf } from "../../shared/yumaNetworks";

const bits = (shares: Float64Array): readonly bigint[] => Array.from(shares, BigInt);

describe("Yuma consensus", () => {
  describe("as the published vectors compute it", () => {
    for (const { name, input, expected } of yumaCases) {
      const { epochs } = runUidCase(readUidCases(input)[0]!);
      expected.forEach((result, epoch) => {
        it(`${name}, epoch ${epoch}`, () => {
          expect(epochs[epoch]).to.deep.equal(result);
        });
      });
    }
  });

  it("equals the formula written down cell by cell in bigints, for any network and parameters", () => {
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
