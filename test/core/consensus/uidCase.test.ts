import { expect } from "chai";
import { readUidCases, runUidCase } from "../../../scripts/core/consensus/uidCase";
import { RefusedInputError } from "../../../scripts/core/strictJson";

const params = { kappaU16: 32_767, bondsPenaltyU16: 65_535, bondsMovingAverage: 900_000, liquidAlpha: null };
const epoch = {
  stakes: ["1", "1", "0"],
  active: [true, true, true],
  permits: [true, true, false],
  weights: [{ "2": 65_535 }, { "2": 65_535 }, {}],
};
const network = { name: "three", yuma: 3, params, epochs: [epoch] };

const run = (...epochs: readonly object[]) => runUidCase(readUidCases({ ...network, epochs })[0]!).epochs;

describe("A square network of uids", () => {
  it("may come as one case or as an array of cases", () => {
    expect(readUidCases(network)).to.deep.equal([network]);
    expect(readUidCases([network, network])).to.deep.equal([network, network]);
    expect(readUidCases([])).to.deep.equal([]);
  });

  it("carries bonds from epoch to epoch", () => {
    const [first, second] = run(epoch, epoch);
    expect(first!.bondsU16).to.deep.equal([{ "2": 6_553 }, { "2": 6_553 }, {}]);
    expect(second!.bondsU16).to.deep.equal([{ "2": 12_451 }, { "2": 12_451 }, {}]);
  });

  it("uses the bonds that an epoch brings instead of those carried over", () => {
    const [, second] = run(epoch, { ...epoch, bondsIn: [{ "0": 10 }, {}, {}] });
    expect(second!.bondsU16).to.deep.equal([{ "0": 8, "2": 6_553 }, { "2": 6_553 }, {}]);
  });

  it("ignores masked weights and a uid's weight on itself", () => {
    const weights = [{ "0": 65_535, "1": 9, "2": 65_535 }, { "2": 65_535 }, {}];
    expect(run({ ...epoch, weights, masked: [[0, 1]] })).to.deep.equal(run(epoch));
  });

  it("reads null as no masked weights and no bonds of its own", () => {
    expect(run(epoch, { ...epoch, masked: null, bondsIn: null })).to.deep.equal(run(epoch, epoch));
  });

  for (const [title, change, emission] of [
    ["by active stake if nothing was earned", { weights: [{}, {}, {}] }, [500_000_000, 500_000_000, 0]],
    ["by all stake if nobody is active either", { active: [false, false, false] }, [500_000_000, 500_000_000, 0]],
    ["nothing without stake", { stakes: ["0", "0", "0"] }, [0, 0, 0]],
  ] as const) {
    it(`emits ${title}`, () => {
      expect(run({ ...epoch, ...change })[0]!.emission).to.deep.equal(emission);
    });
  }

  it("may have no uids and no epochs", () => {
    const nobody = { stakes: [], active: [], permits: [], weights: [] };
    const nothing = { consensusU16: [], validatorTrustU16: [], incentiveU16: [], dividendsU16: [], emission: [] };
    expect(run()).to.deep.equal([]);
    expect(run(nobody)).to.deep.equal([{ ...nothing, bondsU16: [] }]);
  });

  it("takes one alpha for everyone: a low equal to the high", () => {
    const liquidAlpha = { low: 0.2, high: 0.2, steepness: 1_000 };
    expect(() => readUidCases({ ...network, params: { ...params, liquidAlpha }, epochs: [epoch] })).not.to.throw();
  });

  it("takes any steepness that fits in a signed 16-bit integer", () => {
    for (const steepness of [-32_768, 32_767]) {
      const liquidAlpha = { low: 0.1, high: 0.3, steepness };
      expect(() => readUidCases({ ...network, params: { ...params, liquidAlpha }, epochs: [epoch] })).not.to.throw();
    }
  });

  describe("is refused, naming the field:", () => {
    const inEpoch = (change: object) => ({ ...network, epochs: [{ ...epoch, ...change }] });
    const inParams = (change: object) => ({ ...network, params: { ...params, ...change } });
    const alpha = { low: 0.1, high: 0.3, steepness: 1_000 };
    const digits = "must be a whole number as a string of digits";
    for (const [field, problem, json] of [
      ["", "must be an object", 7],
      ["[1]", "must be an object", [network, null]],
      ["expected", "is unknown", { ...network, expected: [] }],
      ["name", "is missing", { ...network, name: undefined }],
      ["yuma", "must be 2 or 3", { ...network, yuma: 1 }],
      ["epochs", "must be a list", { ...network, epochs: {} }],
      [
        "epochs",
        "must all have the same number of stakes",
        { ...network, epochs: [epoch, { ...epoch, stakes: [], active: [], permits: [], weights: [] }] },
      ],
      ["params.kappaU16", "must be a whole number from 0 to 65535", inParams({ kappaU16: 65_536 })],
      ["params.bondsMovingAverage", "must be a whole number from 0 to 1000000", inParams({ bondsMovingAverage: 1.5 })],
      ...[32_768, -32_769].map(
        (steepness) =>
          [
            "params.liquidAlpha.steepness",
            "must be a whole number from -32768 to 32767",
            inParams({ liquidAlpha: { ...alpha, steepness } }),
          ] as const,
      ),
      ["params.liquidAlpha", "is missing", inParams({ liquidAlpha: undefined })],
      [
        "params.liquidAlpha",
        "must have a low that is at most its high",
        inParams({ liquidAlpha: { ...alpha, low: 0.4 } }),
      ],
      ["params.liquidAlpha.high", "must be a number from 0 to 1", inParams({ liquidAlpha: { ...alpha, high: 1.1 } })],
      ["epochs[0].expected", "is unknown", inEpoch({ expected: {} })],
      ["epochs[0].stakes[1]", digits, inEpoch({ stakes: ["1", "-1", "0"] })],
      ["epochs[0].stakes[0]", digits, inEpoch({ stakes: [1, "1", "0"] })],
      ["epochs[0].active", "must have 3 entries, one for each stake", inEpoch({ active: [true] })],
      ["epochs[0].active[2]", "must be true or false", inEpoch({ active: [true, true, 1] })],
      ["epochs[0].permits", "must have 3 entries, one for each stake", inEpoch({ permits: [] })],
      ["epochs[0].weights", "must have 3 entries, one for each stake", inEpoch({ weights: [{}] })],
      ["epochs[0].weights[0]", "must be an object of uids and whole numbers", inEpoch({ weights: [null, {}, {}] })],
      ["epochs[0].weights[1].2", "must be a whole number from 0 to 65535", inEpoch({ weights: [{}, { "2": -1 }, {}] })],
      ["epochs[0].weights[1].3", "is not a uid, of which there are 3", inEpoch({ weights: [{}, { "3": 1 }, {}] })],
      ["epochs[0].weights[1].01", "is not a uid, of which there are 3", inEpoch({ weights: [{}, { "01": 1 }, {}] })],
      ["epochs[0].bondsIn", "must have 3 entries, one for each stake", inEpoch({ bondsIn: [{}] })],
      ["epochs[0].bondsIn[2].x", "is not a uid, of which there are 3", inEpoch({ bondsIn: [{}, {}, { x: 1 }] })],
      ["epochs[0].masked[0]", "must be a pair of uids", inEpoch({ masked: [[1]] })],
      [
        "epochs[0].masked[1]",
        "must name uids, of which there are 3",
        inEpoch({
          masked: [
            [0, 1],
            [2, 3],
          ],
        }),
      ],
    ] as const) {
      it(`${field === "" ? "the input" : field} ${problem}`, () => {
        expect(() => readUidCases(json))
          .to.throw(RefusedInputError)
          .that.includes({ field, problem });
      });
    }
  });
});
