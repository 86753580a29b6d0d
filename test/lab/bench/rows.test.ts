import { expect } from "chai";
import { gasDifferences, gasSnapshotOf, readGasSnapshot } from "../../../scripts/lab/bench/gas/gasRows";
import { type BenchRow, describeRows } from "../../../scripts/lab/bench/measure";

describe("The benchmark's table", () => {
  it("shows targets met and missed, peers if there are any, and significant digits", () => {
    const table = describeRows([
      { name: "claim", unit: "gas", size: 16_384, ours: 59_500, target: 59_500, peer: "bare", peerValue: 57_999 },
      { name: "tree", unit: "s", size: 1_000_000, ours: 3.00567, target: 3, peer: "library", peerValue: null },
      { name: "proof", unit: "ms", size: 10, ours: 0.0371234, target: null, peer: null, peerValue: null },
    ]);
    expect(table.split("\n").map((line) => line.trim().split(/\s{2,}/))).to.deep.equal([
      ["what", "size", "ours", "unit", "target", "peer", "who"],
      ["claim", "16,384", "59,500", "gas", "59,500", "met", "57,999", "bare"],
      ["tree", "1,000,000", "3.01", "s", "3", "MISSED"],
      ["proof", "10", "0.0371", "ms"],
    ]);
  });
});

function gas(name: string, size: number, ours: number, peerValue: number | null = null): BenchRow {
  const peer = peerValue === null ? null : "bare";
  return { name, unit: "gas", size, ours, target: null, peer, peerValue };
}

describe("The gas snapshot", () => {
  it("has each row and its peer by name and size", () => {
    expect(gasSnapshotOf([gas("claim", 16, 9, 5), gas("claim", 32, 10), gas("settle", 1, 7)])).to.deep.equal({
      "claim (16)": 9,
      "claim (16), bare": 5,
      "claim (32)": 10,
      "settle (1)": 7,
    });
  });

  it("in the repository includes the calls that have a target", () => {
    expect(readGasSnapshot()).to.include.keys(
      "settle: steady state (1)",
      "settle, claim delay: steady state (1)",
      "claim, first time (16384)",
      "claim, repeated (16384)",
      "claimMany of 2^14 leaves, repeated, per account (250)",
    );
  });

  describe("compared with measurements", () => {
    const recorded = { "claim (16)": 9, "settle (1)": 7 };

    it("does not differ if every number is equal", () => {
      expect(gasDifferences(recorded, [gas("settle", 1, 7), gas("claim", 16, 9)])).to.deep.equal([]);
    });

    for (const [title, rows, line] of [
      [
        "a call that takes more gas",
        [gas("claim", 16, 12), gas("settle", 1, 7)],
        "claim (16): 12, 3 more than recorded",
      ],
      ["a call that takes less gas", [gas("claim", 16, 8), gas("settle", 1, 7)], "claim (16): 8, 1 less than recorded"],
      [
        "a recorded call that is no longer measured",
        [gas("claim", 16, 9)],
        "settle (1): 7 is recorded, but no longer measured",
      ],
      [
        "a call that is not recorded",
        [gas("claim", 16, 9), gas("settle", 1, 7), gas("stake", 1, 5)],
        "stake (1): 5, not recorded",
      ],
    ] as const) {
      it(`names ${title}`, () => {
        expect(gasDifferences(recorded, rows)).to.deep.equal([line]);
      });
    }
  });
});
