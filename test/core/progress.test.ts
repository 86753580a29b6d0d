import { expect } from "chai";
import { counted } from "../../scripts/core/progress";

describe("Progress", () => {
  it("of a sequence is reported after every interval while its items are taken", () => {
    const reports: unknown[] = [];
    const items = counted(["a", "b", "c", "d", "e"], "letters", 2, (...report) => reports.push(report));
    expect([...items]).to.deep.equal(["a", "b", "c", "d", "e"]);
    expect(reports).to.deep.equal([
      ["letters", 2],
      ["letters", 4],
    ]);
  });
});
