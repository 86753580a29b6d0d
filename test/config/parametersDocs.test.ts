import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_POLICY } from "../../scripts/core/policy/policy";

const root = join(__dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Every number of a file by its path, as docs/parameters.md writes it, without texts that are names. */
function numbersOf(value: unknown, path = ""): readonly (readonly [string, string])[] {
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, inside]) =>
      numbersOf(inside, Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
    );
  }
  const isName = /^chain\.|\.(name|verifier|modelHash)$|^dao$|fromEpoch$/.test(path);
  return isName ? [] : [[path, value === "finalized" ? '"finalized"' : String(value)]];
}

describe("docs/parameters.md", () => {
  const rows = new Map(
    [...read("docs/parameters.md").matchAll(/^\| `([^`]+)` +\| (\S+) +\| (\S+) +\| (.+?) +\|$/gm)].map(
      ([, field, local, reference, why]) => [field!, { local: local!, reference: reference!, why: why! }],
    ),
  );

  for (const network of ["local", "reference"] as const) {
    it(`lists every number of ${network}.json, with a reason`, () => {
      const numbers = new Map(numbersOf(JSON.parse(read(`scripts/config/${network}.json`))));
      for (const [field, value] of numbers) expect([field, rows.get(field)?.[network]]).to.deep.equal([field, value]);
      const defaults = new Map(
        numbersOf(JSON.parse(JSON.stringify({ ...DEFAULT_POLICY, participationFloorWei: "0" }))),
      );
      for (const [field, row] of rows) {
        const expected = numbers.get(field) ?? defaults.get(field.replace("policies[0].policy.", "")) ?? "–";
        expect([field, expected]).to.deep.equal([field, row[network]]);
        expect(row.why).to.match(/^[A-Z].+\.$/);
      }
    });
  }
});
