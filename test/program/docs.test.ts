import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { table } from "../../scripts/commands/table";

const root = join(__dirname, "../..");
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");
const documents = [
  "README.md",
  ...readdirSync(join(root, "docs")).flatMap((name) => (/\.md$/.test(name) ? [`docs/${name}`] : [])),
];

/** The names of tests in a sentence, as in `core/laws`. */
const testsOf = (text: string): readonly string[] =>
  [...text.matchAll(/\b(?:contracts|core|integration|lab|long|nodes|shared|staking|work)\/[\w./]+/g)].map(
    ([name]) => name,
  );

/** The anchor that a heading gets on GitHub. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

describe("README and docs", () => {
  it("name an existing test for each rule and for each attack that remains possible", () => {
    const concepts = textOf("docs/concepts.md");
    const readme = textOf("README.md");
    const rules = concepts.slice(concepts.indexOf("| rule"));
    const remaining = readme.slice(readme.indexOf("## What remains possible"), readme.indexOf("## Working on it"));
    const rows = rules.trim().split("\n").slice(2);
    const points = remaining.split(/\n- /).slice(1);
    expect([rows.length, points.length].every((count) => count > 15)).to.equal(true);
    for (const sentence of [...rows, ...points]) {
      const tests = testsOf(sentence);
      expect(tests, sentence).not.to.deep.equal([]);
      for (const name of tests) {
        const places = ["test", "test/contracts"].map((folder) => join(root, folder, `${name}.test.ts`));
        expect(places.some(existsSync), name).to.equal(true);
      }
    }
  });

  it("link only to files and headings that exist", () => {
    for (const document of documents) {
      const links = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
      for (const link of links.filter((one) => !/^https?:/.test(one))) {
        const [path, anchor] = link.split("#") as [string, string?];
        const target = path === "" ? document : join(dirname(document), path);
        expect(existsSync(join(root, target)), `${document}: ${link}`).to.equal(true);
        if (anchor === undefined) continue;
        const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
        expect(headings, `${document}: ${link}`).to.include(anchor);
      }
    }
  });

  /** Files that a reader of the docs makes: records of deployments, a configuration, a model. */
  const isMade = (path: string): boolean => /deployments|\/mine\.json$|parity/i.test(path);

  it("name only existing files, and for each behaviour the code that decides it, in its file", () => {
    for (const document of documents) {
      const paths = textOf(document).matchAll(/(?<![\w./-])(?:scripts|contracts|circuits|tasks|test)\/[\w./-]*\w/g);
      for (const [path] of paths)
        expect(
          isMade(path) || [path, `${path}.test.ts`, `test/${path}.test.ts`].some((one) => existsSync(join(root, one))),
          `${document}: ${path}`,
        ).to.equal(true);
    }
    const [, decisions = ""] = textOf("docs/architecture.md").split("## Where a behaviour is decided");
    const rows = [...decisions.matchAll(/^\| .* \| (`.+`) in `(.+)` +\|$/gm)];
    expect(rows).to.have.length.above(20);
    for (const [, names, file] of rows)
      for (const [, name] of names!.matchAll(/`(\w+)`/g))
        expect(textOf(file!), `${name} in ${file}`).to.match(new RegExp(`\\b(?:function|class|const) ${name}\\b`));
  });

  it("name Hardhat, as do messages, only for commands that mdt doesn't have", () => {
    const sources = ["scripts", "tasks"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
    );
    for (const source of sources.filter((name) => /\.tsx?$/.test(name))) {
      for (const [, command] of textOf(source).matchAll(/npx hardhat ([a-z]+)/g)) {
        expect(table, `${source}: npx hardhat ${command!}`).not.to.have.any.keys(command!);
        expect(table[""].commands, `${source}: npx hardhat ${command!}`).not.to.have.any.keys(command!);
      }
    }
  });

  it("keep the README to at most 200 lines", () => {
    expect(textOf("README.md").split("\n").length).to.be.at.most(200);
  });
});
