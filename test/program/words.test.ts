import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const root = join(__dirname, "../..");
const textOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** The refused forms and their better words, from the table in docs/contributing.md; "…" is one or two words. */
function bannedForms(): readonly { readonly form: RegExp; readonly better: string }[] {
  const [, table = ""] = textOf("docs/contributing.md").split("## Words");
  const rows = [...table.split("\n## ")[0]!.matchAll(/^\| (?!not |-)(.+?) +\| (.+?) +\|$/gm)];
  return rows.flatMap(([, forms, better]) =>
    forms!.split(" · ").map((form) => ({
      form: new RegExp(`(?<![\\w-])${form.replace(" … ", " (?:\\S+ ){1,2}")}(?![\\w-])`, "i"),
      better: better!,
    })),
  );
}

interface Text {
  readonly file: string;
  readonly line: number;
  readonly words: string;
  /** Number of characters of `words` that are on this line; the others are on the next. */
  readonly own: number;
}

/** The texts of a file that people read: sentences of programs, titles of tests, comments of contracts, lines of documents. */
function textsIn(file: string): readonly Text[] {
  if (/^(scripts|tasks|test)\/.*\.tsx?$/.test(file)) return textsOfProgram(file);
  const lines = textOf(file).split("\n");
  const shown = file.endsWith(".sol")
    ? lines.map((line) => /\/\/.*/.exec(line)?.[0] ?? "")
    : file === "docs/contributing.md"
      ? lines.map((line) => (line.startsWith("|") ? "" : line))
      : lines;
  // A form may span two lines; it is reported on the first.
  const plain = shown.map((line) => line.replace(/ *\/+ */g, " "));
  return plain.map((line, i) => ({ file, line: i + 1, words: `${line} ${plain[i + 1] ?? ""}`, own: line.length }));
}

function textsOfProgram(file: string): readonly Text[] {
  const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
  const texts: Text[] = [];
  const isTitle = (node: ts.Node): boolean =>
    ts.isCallExpression(node.parent) &&
    node.parent.arguments[0] === node &&
    /^(describe|it)(\.\w+)?$/.test(node.parent.expression.getText(source));
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isJsxText(node);
    if (isText && (!file.startsWith("test/") || isTitle(node))) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const words = node
        .getText(source)
        .replace(/\$\{[^}]*\}/g, "…")
        .replace(/\s+/g, " ");
      texts.push({ file, line: line + 1, words, own: words.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

describe("Text that people read", () => {
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) =>
      /^(README\.md|docs\/.*\.(md|yml)|contracts\/(?!verifiers).*\.sol|(scripts|tasks|test)\/.*\.tsx?)$/.test(file),
    );

  it("has none of the words that docs/contributing.md advises against", () => {
    const banned = bannedForms();
    expect(banned).to.have.length.above(20);
    const found = files.flatMap(textsIn).flatMap(({ file, line, words, own }) =>
      banned.flatMap(({ form, better }) => {
        const hit = form.exec(words);
        return hit === null || hit.index >= own
          ? []
          : [`${file}:${line}: "${hit[0]}" in "${words.trim().slice(0, 80)}": write ${better}`];
      }),
    );
    expect(found, found.join("\n")).to.deep.equal([]);
  });
});
