import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");

describe("README", () => {
  it("names for each rule, and for each thing that remains possible, a test that exists", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const rules = readme.slice(readme.indexOf("| rule"), readme.indexOf("**Every number is exact.**"));
    const remaining = readme.slice(readme.indexOf("## What remains possible"), readme.indexOf("## Networks"));
    const rows = rules.trim().split("\n").slice(2);
    const points = remaining.split(/\n- /).slice(1);
    const testsOf = (text: string): readonly string[] =>
      [...text.matchAll(/\b(?:contracts|core|integration|lab|long|nodes|shared|staking|work)\/[\w./]+/g)].map(
        ([name]) => name,
      );
    for (const sentence of [...rows, ...points]) {
      const tests = testsOf(sentence);
      expect(tests, sentence).not.to.deep.equal([]);
      for (const name of tests) {
        const places = ["test", "test/contracts"].map((folder) => join(root, folder, `${name}.test.ts`));
        expect(places.some(existsSync), name).to.equal(true);
      }
    }
    expect([rows.length, points.length].every((count) => count > 5)).to.equal(true);
  });
});
