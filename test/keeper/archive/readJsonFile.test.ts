import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSentence, readJsonFile, UnreadableFileError } from "../../../scripts/keeper/archive/readJsonFile";
import { writeWhole } from "../../../scripts/keeper/archive/textFile";

/** What goes wrong when `attempt` is made, in words. */
async function problemOf(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt();
  } catch (error) {
    return fileSentence(error);
  }
  return expect.fail("Nothing went wrong.");
}

describe("Why a file could not be read or written", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-files-"));
    writeFileSync(join(directory, "file"), "");
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("is said for what is not there, and for what is a directory", async () => {
    const missing = join(directory, "missing.json");
    expect(await problemOf(() => readFileSync(missing))).to.equal(
      `Can't read or write ${missing}: there is no such file: check the name.`,
    );
    expect(() => readJsonFile(directory)).to.throw(
      UnreadableFileError,
      `The file ${directory} can't be read: it is a directory: name a file in it.`,
    );
  });

  it("is said in the system's own words where there are no better ones", () => {
    expect(() => readJsonFile("a\0b")).to.throw(UnreadableFileError, "must be a string");
  });

  it("names the file that was to be written, not what it is called until it is whole", async () => {
    const place = join(directory, "file", "report.html");
    expect(await problemOf(() => writeWhole(place, ["text"]))).to.match(/file.*: a part of its path is a file/);
    expect(await problemOf(() => writeWhole(directory, ["text"]))).to.equal(
      `Can't read or write ${directory}: it is a directory: name a file in it.`,
    );
  });

  for (const [code, meaning] of [
    ["EACCES", "this user may not: change its permissions, or choose another place"],
    ["EROFS", "nothing can be written there: choose another place"],
    ["ENOSPC", "the disk is full: make room, or choose another place"],
  ] as const) {
    it(`is said for ${code}`, () => {
      const path = "/reports/a.html.12.1.unfinished";
      const error = Object.assign(new Error("raw"), { code });
      expect(fileSentence(error)).to.equal(`Can't read or write a file: ${meaning}.`);
      expect(fileSentence(Object.assign(error, { path }))).to.equal(`Can't read or write /reports/a.html: ${meaning}.`);
    });
  }

  it("is nothing for other errors", () => {
    expect([fileSentence(new Error("other")), fileSentence("text")]).to.deep.equal([undefined, undefined]);
  });
});
