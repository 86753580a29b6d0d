import { expect } from "chai";
import { describeRows } from "../../../scripts/lab/bench/describeRows";

describe("The benchmark's table", () => {
  it("shows targets met and missed, peers where there are any, and digits that say something", () => {
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
