import { expect } from "chai";
import { growthExponent, growthRows } from "../../../scripts/lab/bench/measure";

describe("Growth", () => {
  for (const [title, seconds, exponent] of [
    ["constant work", [3, 3], 0],
    ["linear work", [0.5, 5], 1],
    ["quadratic work", [0.01, 1], 2],
  ] as const) {
    it(`of ${title} has the exponent ${exponent}`, () => {
      const [smaller, larger] = seconds;
      const measured = growthExponent({ size: 100, cpuSeconds: smaller }, { size: 1_000, cpuSeconds: larger });
      expect(measured).to.be.closeTo(exponent, 1e-9);
    });
  }

  it("is reported from each size to the next, with that of n · log n as the target", () => {
    const measured = [10, 100, 10_000].map((size) => ({ size, cpuSeconds: size * Math.log(size) }));
    const rows = growthRows("sorting", measured);
    expect(rows.map(({ name, size }) => [name, size])).to.deep.equal([
      ["sorting: growth exponent from 10", 100],
      ["sorting: growth exponent from 100", 10_000],
    ]);
    // Twice the digits, ten times the size: log10(20). Twice the digits, a hundred times the size: log100(200).
    expect(rows[0]!.target).to.be.closeTo(1.30103, 1e-5);
    expect(rows[1]!.target).to.be.closeTo(1.150515, 1e-5);
    for (const { ours, target } of rows) expect(ours).to.be.closeTo(target!, 1e-9);
  });
});
