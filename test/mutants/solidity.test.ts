import { expect } from "chai";
import { readFileSync } from "node:fs";
import equivalents from "./equivalent.json";
import { type Equivalent, mutated } from "./mutant";
import { mutantsOf } from "./solidity";

/** Signs of two and three bytes come first, because solc counts bytes. */
const before = "/// Σ ⌈½⌉\ncontract C { function f() external m { ";
const after = " } }";

/** A statement with each of its faults, except that its function loses its modifier. */
const faultsOf = (statement: string): string[] => {
  const source = before + statement + after;
  return mutantsOf("C.sol", source)
    .filter(({ rule }) => rule !== "removed modifier")
    .map((mutant) => mutated(source, mutant).slice(before.length, -after.length));
};

describe("Faults put into Solidity", () => {
  const cases: readonly (readonly [statement: string, faults: readonly string[]])[] = [
    ["a = b + c;", ["{}", "a = b - c;"]],
    ["a += b;", ["{}", "a -= b;", "a = b;"]],
    ["return a < b;", ["return a <= b;", "return a > b;"]],
    ["return a && b;", ["return a || b;"]],
    ["return (a) && (b);", ["return (a) || (b);"]],
    ["return !a;", ["return a;"]],
    ["++a;", ["{}", "--a;"]],
    ["return a ? b : c;", ["return true ? b : c;", "return false ? b : c;"]],
    ["if (a) revert E();", ["if (true) revert E();", "if (a) {}"]],
    ["if (a) b = c;", ["if (true) b = c;", "if (false) b = c;", "if (a) {}"]],
    ["emit E(a, b);", ["{}", "emit E(b, a);"]],
    ["return f(a, b, c);", ["return f(b, a, c);", "return f(a, c, b);"]],
    ["return Math.min(a, b);", []],
    ["return S({x: a, y: b});", ["return S({x: b, y: a});"]],
    ["return 1_000;", ["return 1001;"]],
    ["return 1e27;", ["return (1e27 + 1);"]],
    ["return 3 days;", ["return 4 days;"]],
    ["return true;", ["return false;"]],
    ['return "1";', []],
    ["uint256[3] memory a;", []],
    [
      "assembly { mstore(0, add(a, b)) }",
      ["assembly { {} }", "assembly { mstore(1, add(a, b)) }", "assembly { mstore(0, sub(a, b)) }"],
    ],
  ];
  for (const [statement, faults] of cases) {
    it(`for "${statement}" number ${faults.length}`, () => {
      expect(faultsOf(statement)).to.have.members(faults);
    });
  }

  it("include removed modifiers, at their line", () => {
    const start = before.indexOf("m {");
    expect(mutantsOf("C.sol", before + after)).to.deep.equal([
      { path: "C.sol", line: 2, start, end: start + 1, original: "m", replacement: "", rule: "removed modifier" },
    ]);
  });

  it("need a source that solc can parse", () => {
    expect(() => mutantsOf("C.sol", "contract {")).to.throw(Error, "solc can't parse it");
  });

  it("that are listed as equivalent still exist, each with a reason", () => {
    for (const { path, line, original, replacement, reason } of equivalents as readonly Equivalent[]) {
      if (!path.endsWith(".sol")) continue;
      const source = readFileSync(path, "utf8");
      const there = mutantsOf(path, source).filter(
        (mutant) =>
          mutant.original === original &&
          mutant.replacement === replacement &&
          source.split("\n")[mutant.line - 1]!.trim() === line,
      );
      expect(there, `${path}: ${line}`).to.have.lengthOf(1);
      expect(reason).to.not.equal("");
    }
  });
});
