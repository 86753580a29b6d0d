import { expect } from "chai";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreadableFileError, readOwnJson, setAside } from "../../../scripts/keeper/archive/jsonFile";

describe("A file that can't be used", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "moderntensor-aside-"));
    path = join(folder, "watch.json");
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("is renamed, with a sentence that says what is wrong and its new name", () => {
    writeFileSync(path, "half");
    expect(setAside(path, "is not JSON")).to.equal(
      `${path} is not JSON; it is set aside as watch.json.set-aside and created again.`,
    );
    expect([existsSync(path), readFileSync(`${path}.set-aside`, "utf8")]).to.deep.equal([false, "half"]);
    writeFileSync(path, "other");
    expect(setAside(path, "is not JSON", ": name another")).to.equal(
      `${path} is not JSON; it is set aside as watch.json.set-aside: name another.`,
    );
    expect(readFileSync(`${path}.set-aside`, "utf8")).to.equal("other");
  });

  it("is renamed even if it is a directory or a link, and replaces the one set aside before", () => {
    mkdirSync(join(path, "inside"), { recursive: true });
    setAside(path, "is not a file");
    expect(existsSync(join(`${path}.set-aside`, "inside"))).to.equal(true);
    const elsewhere = join(folder, "elsewhere.json");
    writeFileSync(elsewhere, "kept");
    symlinkSync(elsewhere, path);
    setAside(path, "is not JSON");
    symlinkSync(elsewhere, path);
    setAside(path, "is not JSON");
    expect([existsSync(path), readFileSync(elsewhere, "utf8")]).to.deep.equal([false, "kept"]);
  });

  it("stays if it can't be renamed, and the sentence says so", () => {
    expect(setAside(path, "is not JSON")).to.equal(
      `${path} is not JSON, and can't be set aside as watch.json.set-aside: the file does not exist: check the name.`,
    );
    expect(setAside(`${path}\0`, "is not JSON")).to.match(/and can't be set aside as .*: The argument 'path' must be/);
  });

  it("is read as undefined if it doesn't exist, and refused if it isn't a file", () => {
    expect(readOwnJson(path)).to.equal(undefined);
    mkdirSync(path);
    expect(() => readOwnJson(path)).to.throw(UnreadableFileError, `The file ${path} is not a file.`);
    expect(() => readOwnJson("/dev/null")).to.throw(UnreadableFileError, "The file /dev/null is not a file.");
  });
});
