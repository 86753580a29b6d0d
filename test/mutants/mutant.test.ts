import { expect } from "chai";
import { type Equivalent, isListed } from "./mutant";
import { mutantsOf } from "./typescript";

describe("A mutant listed as equivalent", () => {
  const source = "const other = 1;\n  const sum = a < b || c < d;\n";
  const listed: Equivalent = {
    ...{ path: "file.ts", line: "const sum = a < b || c < d;", original: "<", replacement: "<=" },
    reason: "They are never equal.",
  };
  /** The columns of the changes to which an entry of the list applies. */
  const placesOf = (entry: Equivalent, path = "file.ts"): number[] =>
    mutantsOf(path, source)
      .filter((mutant) => isListed(source, mutant, entry))
      .map(({ start }) => start - source.lastIndexOf("\n", start) - 1);

  it("is found by its file, its line and its change", () => {
    expect(placesOf(listed)).to.deep.equal([16, 25]);
    expect(placesOf(listed, "other.ts")).to.deep.equal([]);
    expect(placesOf({ ...listed, line: "const other = 1;" })).to.deep.equal([]);
    expect(placesOf({ ...listed, original: "||" })).to.deep.equal([]);
    expect(placesOf({ ...listed, replacement: ">=" })).to.deep.equal([16, 25]);
    expect(placesOf({ ...listed, replacement: "==" })).to.deep.equal([]);
  });

  it("is found by the text before it if its line has the same change twice", () => {
    expect(placesOf({ ...listed, after: "const sum = a < b || c " })).to.deep.equal([25]);
    expect(placesOf({ ...listed, after: "const sum = a " })).to.deep.equal([16]);
  });
});
