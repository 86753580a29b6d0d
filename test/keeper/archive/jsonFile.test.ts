import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  fileSentence,
  handwrittenBytes,
  readJsonFile,
  UnreadableFileError,
} from "../../../scripts/keeper/archive/jsonFile";
import { writeWhole } from "../../../scripts/keeper/archive/textFile";

/** The sentence about the error that `attempt` throws. */
async function problemOf(attempt: () => unknown): Promise<string | undefined> {
  try {
    await attempt();
  } catch (error) {
    return fileSentence(error);
  }
  return expect.fail("Nothing went wrong.");
}

describe("The reason why a file can't be read or written", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-files-"));
    writeFileSync(join(directory, "file"), "");
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("is given for a missing file, and for a directory", async () => {
    const missing = join(directory, "missing.json");
    expect(await problemOf(() => readFileSync(missing))).to.equal(
      `Can't read or write ${missing}: the file does not exist: check the name.`,
    );
    expect(() => readJsonFile(directory)).to.throw(
      UnreadableFileError,
      `The file ${directory} can't be read: it is a directory: name a file.`,
    );
  });

  it("is the system's message if there is no better one", () => {
    expect(() => readJsonFile("a\0b")).to.throw(UnreadableFileError, "must be a string");
  });

  it("is one line if the file isn't JSON, or has a duplicate field", () => {
    const file = join(directory, "written.json");
    for (const [text, problem] of [
      ["", "is not JSON: Unexpected end of JSON input"],
      ['{"1": 60000, "1": 5}', "contains the field 1 twice"],
      ['{ "miners": [ {\n "account": 1, "account": 1 } ] }', "contains the field miners[0].account twice"],
    ] as const) {
      writeFileSync(file, text);
      expect(() => readJsonFile(file))
        .to.throw(UnreadableFileError)
        .that.includes({ path: file, problem });
    }
    writeFileSync(file, '\uFEFF{"1": 5}');
    expect(readJsonFile(file)).to.deep.equal({ "1": 5 });
  });

  it("is that the file is too large, which is found out before reading it", () => {
    const file = join(directory, "large.json");
    writeFileSync(file, "[1]");
    expect(readJsonFile(file, 3)).to.deep.equal([1]);
    expect(() => readJsonFile(file, 2)).to.throw(
      UnreadableFileError,
      `The file ${file} is too large: the limit is 2 bytes.`,
    );
    truncateSync(file, 600_000_000);
    const before = process.cpuUsage();
    for (const most of [handwrittenBytes, undefined]) {
      expect(() => readJsonFile(file, most)).to.throw(UnreadableFileError, "is too large: the limit is ");
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000, "milliseconds").to.be.below(100);
  });

  it("is that a pipe holds too much; the rest isn't read", async () => {
    const pipe = join(directory, "pipe");
    execFileSync("mkfifo", [pipe]);
    const whileWriting = async (command: string, read: () => void) => {
      const writer = spawn("sh", ["-c", `exec ${command} > "$0"`, pipe]);
      read();
      await once(writer, "exit");
    };
    await whileWriting(`echo '{"1": 5}'`, () => {
      expect(readJsonFile(pipe, 100)).to.deep.equal({ "1": 5 });
    });
    await whileWriting("yes", () => {
      expect(() => readJsonFile(pipe, 100)).to.throw(
        UnreadableFileError,
        `The file ${pipe} is too large: the limit is 100 bytes.`,
      );
    });
  });

  it("names the file to be written, not its unfinished temporary file", async () => {
    const place = join(directory, "file", "report.html");
    expect(await problemOf(() => writeWhole(place, ["text"]))).to.match(/file.*: part of its path is a file/);
    expect(await problemOf(() => writeWhole(directory, ["text"]))).to.equal(
      `Can't read or write ${directory}: it is a directory: name a file.`,
    );
  });

  for (const [code, meaning] of [
    ["EACCES", "permission denied: change its permissions, or choose another place"],
    ["EROFS", "the place is read-only: choose another"],
    ["ENOSPC", "the disk is full: make room, or choose another place"],
  ] as const) {
    it(`explains ${code} and what to do about it`, () => {
      const path = "/reports/a.html.12.1.unfinished";
      const error = Object.assign(new Error("raw"), { code });
      expect(fileSentence(error)).to.equal(`Can't read or write a file: ${meaning}.`);
      expect(fileSentence(Object.assign(error, { path }))).to.equal(`Can't read or write /reports/a.html: ${meaning}.`);
    });
  }

  it("is undefined for other errors", () => {
    expect([fileSentence(new Error("other")), fileSentence("text")]).to.deep.equal([undefined, undefined]);
  });
});
