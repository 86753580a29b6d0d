import { expect } from "chai";
import {
  readUidCases,
  runUidCase,
  type UidEpoch,
  type UidEpochResult,
  type UidRow,
} from "../../../scripts/core/consensus/uidCase";
import { scenarios } from "../../shared/vectors/yuma3Scenarios.json";

type Scenario = (typeof scenarios)[number];

/** Half a unit of the last stated digit, plus the error of 16 bits and of a sigmoid. */
const tolerance = 2e-4;

function run(yuma: 2 | 3, params: object, epochs: readonly object[]): readonly UidEpochResult[] {
  return runUidCase(readUidCases({ name: "", yuma, params, epochs })[0]!).epochs;
}

/** A row for each uid, from rows of weights on the uids from `firstUid` on. */
function rowsOf(rows: readonly (readonly number[])[], firstUid: number, uids: number): readonly UidRow[] {
  return Array.from({ length: uids }, (_, uid) =>
    Object.fromEntries((rows[uid] ?? []).map((weight, k) => [String(firstUid + k), weight])),
  );
}

describe("Subtensor's own tests hold", () => {
  describe("for Yuma 3:", () => {
    const params = { kappaU16: 32_767, bondsPenaltyU16: 0, bondsMovingAverage: 975_000 };
    const liquidAlpha = { low: 0.1, high: 0.3, steepness: 1_000 };

    function epochsOf({ stakes, weights, stated }: Scenario): readonly UidEpoch[] {
      const validators = stakes.length;
      const miners = weights[0]!.rows[0]!.length;
      const epochs = stated.at(-1)!.epoch + 1;
      return Array.from({ length: epochs }, (_, epoch) => {
        const { rows } = weights.findLast(({ fromEpoch }) => fromEpoch <= epoch)!;
        return {
          stakes: [...stakes, ...new Array<string>(miners).fill("0")],
          active: new Array<boolean>(validators + miners).fill(true),
          permits: Array.from({ length: validators + miners }, (_any, uid) => uid < validators),
          weights: rowsOf(rows, validators, validators + miners).map((row) => ({ ...row })),
        };
      });
    }

    /** Runs the epochs; before the epoch that the scenario names, drops everyone's bonds in its miner. */
    function outcomeOf(scenario: Scenario): readonly UidEpochResult[] {
      const chosen = { ...params, liquidAlpha: scenario.hasLiquidAlpha ? liquidAlpha : null };
      const epochs = epochsOf(scenario);
      const { reset } = scenario;
      if (reset === undefined) return run(3, chosen, epochs);
      const { bondsU16 } = run(3, chosen, epochs.slice(0, reset.beforeEpoch)).at(-1)!;
      const forgotten = String(scenario.stakes.length + reset.miner);
      const bondsIn = bondsU16.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([uid]) => uid !== forgotten)),
      );
      return run(
        3,
        chosen,
        epochs.map((epoch, number) => (number === reset.beforeEpoch ? { ...epoch, bondsIn } : epoch)),
      );
    }

    for (const scenario of scenarios) {
      it(`${scenario.name} (${scenario.source})`, () => {
        const outcome = outcomeOf(scenario);
        const validators = scenario.stakes.length;
        for (const { epoch, dividends, bonds } of scenario.stated) {
          const { dividendsU16, bondsU16 } = outcome[epoch]!;
          dividends.forEach((share, uid) => {
            expect(dividendsU16[uid]! / 65_535, `dividend of ${uid} in ${epoch}`).to.be.closeTo(share, tolerance);
          });
          bonds.forEach((row, uid) => {
            row.forEach((bond, miner) => {
              const held = (bondsU16[uid]![String(validators + miner)] ?? 0) / 65_535;
              expect(held, `bond of ${uid} in miner ${miner} in ${epoch}`).to.be.closeTo(bond, tolerance);
            });
          });
        }
      });
    }
  });

  describe("for simple networks:", () => {
    const params = { kappaU16: 32_767, bondsPenaltyU16: 65_535, bondsMovingAverage: 900_000, liquidAlpha: null };
    const all = (uids: number) => new Array<boolean>(uids).fill(true);
    const epoch = (stakes: readonly number[], weights: readonly UidRow[], more: Partial<UidEpoch> = {}) => ({
      stakes: stakes.map(String),
      active: all(stakes.length),
      permits: all(stakes.length),
      weights,
      ...more,
    });

    it("a single uid that values itself earns by stake alone (test_1_graph)", () => {
      expect(run(2, params, [epoch([1_000_000_000], [{ "0": 65_535 }])])[0]).to.deep.include({
        ...{ consensusU16: [0], incentiveU16: [0], dividendsU16: [0], emission: [1_000_000_000] },
      });
    });

    it("ten uids that value themselves share by stake (test_10_graph)", () => {
      const weights = Array.from({ length: 10 }, (_, uid) => ({ [uid]: 65_535 }));
      const [result] = run(2, params, [epoch(new Array<number>(10).fill(1), weights)]);
      expect(new Set(result!.emission)).to.deep.equal(new Set([99_999_999]));
      expect(new Set([...result!.incentiveU16, ...result!.dividendsU16])).to.deep.equal(new Set([0]));
    });

    it("64 validators of 512 uids value all others alike (test_512_graph)", () => {
      const [validators, uids] = [64, 512];
      const others = Object.fromEntries(
        Array.from({ length: uids - validators }, (_, k) => [String(validators + k), 65_535]),
      );
      const isValidator = Array.from({ length: uids }, (_, uid) => uid < validators);
      const network = epoch(
        isValidator.map((yes) => (yes ? 328_125_000_000_000 : 0)),
        isValidator.map((yes, uid) => (yes ? others : { [uid]: 65_535 })),
        { permits: isValidator },
      );
      const result = run(2, params, [network, network, network])[2]!;
      const seen = (values: readonly number[], from: number, to: number) => [...new Set(values.slice(from, to))];
      expect(seen(result.dividendsU16, 0, validators)).to.deep.equal([1_023]);
      expect(seen(result.emission, 0, validators)).to.deep.equal([7_812_500]);
      expect(seen(result.consensusU16, validators, uids)).to.deep.equal([146]);
      expect(seen(result.incentiveU16, validators, uids)).to.deep.equal([146]);
      expect(seen(result.emission, validators, uids)).to.deep.equal([1_116_071]);
      expect(result.bondsU16[0]).to.deep.equal(others);
    });

    it("no weights, own weights and outdated weights emit by stake; a valid weight shares with its miner (test_zero_weights)", () => {
      const valued = [{ "1": 65_535 }, {}];
      const epochs = [
        epoch([1, 0], [{}, {}]),
        epoch([1, 0], [{}, { "1": 65_535 }]),
        epoch([1, 0], valued, { masked: [[0, 1]] }),
        epoch([1, 0], valued),
      ];
      expect(run(2, params, epochs).map(({ emission }) => emission)).to.deep.equal([
        ...[1, 2, 3].map(() => [1_000_000_000, 0]),
        [500_000_000, 500_000_000],
      ]);
    });

    it("a weight on a uid that has been re-registered counts only from validators that set it again (test_outdated_weights)", () => {
      const both = { "2": 65_535, "3": 32_768 };
      const weights = [both, both, { "2": 65_535 }, { "3": 65_535 }];
      const [, second] = run(2, params, [
        epoch([1, 1, 1, 1], weights),
        epoch([1, 1, 1, 0], weights, { permits: [true, true, true, false], masked: [[1, 3]] }),
      ]);
      expect(second!.dividendsU16[0]).to.equal(32_767);
      expect(second!.emission[0]).to.equal(250_000_000);
      expect(second!.bondsU16[0]).to.deep.equal({ "2": 65_535, "3": 65_535 });
    });
  });
});
