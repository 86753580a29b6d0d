import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { preProcessFile } from "typescript";

const root = join(__dirname, "../..");

const files = ["scripts", "tasks"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(folder, name)),
);

/** The files of the project that a file imports, types included. */
function importsOf(file: string): readonly string[] {
  return preProcessFile(readFileSync(join(root, file), "utf8")).importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith(".")) return [];
    const path = resolve(root, dirname(file), fileName);
    const found = [".ts", ".tsx", "/index.ts"].map((end) => path + end).find(existsSync);
    return found === undefined ? [] : [found.slice(root.length + 1)];
  });
}

describe("The files of scripts and tasks", () => {
  it("have no circular imports", () => {
    const imports = new Map(files.map((file) => [file, importsOf(file)]));
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      const begin = path.indexOf(file);
      if (begin !== -1) circles.push([...path.slice(begin), file].join(" -> "));
      if (begin !== -1 || done.has(file)) return;
      for (const imported of imports.get(file) ?? []) visit(imported, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(files.length).to.be.above(300);
    expect([...imports.values()].flat().length).to.be.above(1_000);
    expect(circles).to.deep.equal([]);
  });
});
