import { expect } from "chai";
import { mutated } from "./mutant";
import { mutantsOf } from "./typescript";

/** A text with each of its faults, in the order of the changes. */
const faultsOf = (source: string): string[] => mutantsOf("file.ts", source).map((mutant) => mutated(source, mutant));

describe("Faults put into TypeScript", () => {
  const cases: readonly (readonly [source: string, faults: readonly string[]])[] = [
    ["a + b;", [";", "a - b;"]],
    ['x = a + "b";', [";"]],
    ["const c = a < b;", ["const c = a <= b;", "const c = a >= b;"]],
    ["const c = a && b;", ["const c = a || b;"]],
    ["const c = a ?? b;", ["const c = a;"]],
    ["const c = !a;", ["const c = a;"]],
    ["if (a) b();", ["if (true) b();", "if (false) b();", "if (a) ;"]],
    ["const c = a ? b : d;", ["const c = true ? b : d;", "const c = false ? b : d;"]],
    ["const c = 2n;", ["const c = 3n;", "const c = 1n;"]],
    ["const c = { 1: 0 };", ["const c = { 1: 1 };"]],
    ["const c = 0.5;", []],
    ["const c = true;", ["const c = false;"]],
    ["const c = a(b, d);", ["const c = a(d, b);"]],
    ["const c = Math.max(a, b) + min(b, d);", ["const c = Math.max(a, b) - min(b, d);"]],
    ["const c = a.sort(f);", ["const c = a;"]],
    ["function f() { return; }", ["function f() { ; }"]],
    ['import { a } from "1"; type B = 1 | 2; interface C { d: 3 }', []],
  ];
  for (const [source, faults] of cases) {
    it(`for "${source}" number ${faults.length}`, () => {
      expect(faultsOf(source)).to.deep.equal(faults);
    });
  }

  it("are reported at their line", () => {
    expect(mutantsOf("file.ts", "\nconst a = 0;\n")).to.deep.equal([
      { path: "file.ts", line: 2, start: 11, end: 12, original: "0", replacement: "1", rule: "number" },
    ]);
  });
});
