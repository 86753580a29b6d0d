import { expect } from "chai";
import { changesBetween, DEFAULT_POLICY } from "../../scripts/core/policy/policy";

describe("Two policies compared", () => {
  it("differ in nothing if they are equal", () => {
    expect(changesBetween(DEFAULT_POLICY, { ...DEFAULT_POLICY })).to.deep.equal([]);
  });

  it("differ in the fields whose values do, in the order of their definition", () => {
    const other = { ...DEFAULT_POLICY, liquidAlpha: { low: 0.5, high: 0.9, steepness: 2 }, kappaU16: 1 };
    const changes = changesBetween(DEFAULT_POLICY, other);
    expect(changes.map(({ field }) => field)).to.deep.equal(["kappaU16", "liquidAlpha"]);
    expect(changes[0]).to.deep.equal({ field: "kappaU16", from: 32_767, to: 1 });
    expect(changes[1]!.from).to.equal(null);
  });
});
