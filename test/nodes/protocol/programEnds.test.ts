import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, isGone, openWorkers } from "./asking";

/** Writes an answer of this many bytes, mostly blanks. */
const blanks = (bytes: number): string =>
  `printf '{ "result": ""'; head -c ${bytes - 15} /dev/zero | tr '\\0' ' '; echo '}'`;

const empty = `echo '{ "result": "" }'`;

describe("A worker's program", () => {
  const start = openWorkers();

  it("may answer with a line of 2 MiB, but not a byte more", async () => {
    const { worker } = start(`read q; ${blanks(2 << 20)}; read q; ${blanks((2 << 20) + 1)}; read q`);
    expect(await ask(worker, "longest")).to.equal("");
    expect(await ask(worker, "too long")).to.deep.equal({
      ...{ kind: "failed", reason: "answered more than 2097152 bytes" },
    });
  });

  it("has its reason for declining cut at 200 characters", async () => {
    const { worker } = start(`read q; echo '{ "decline": "${"x".repeat(300)}" }'; read q`);
    expect(await ask(worker, "anything")).to.deep.equal({ kind: "declined", reason: "x".repeat(200) });
  });

  it("loses no question if it has exited since the last one: it is started again", async () => {
    const { worker, logs } = start(`read q; ${empty}; read q; exit 7`);
    expect(await ask(worker, "one")).to.equal("");
    expect(await ask(worker, "two")).to.equal("");
    expect(await ask(worker, "three")).to.equal("");
    expect(logs).to.deep.equal(Array(2).fill("The program ended (exit code 7)."));
  });

  it("is started again only after a second if it failed twice in a row", async () => {
    const { worker } = start("read q; exit 3");
    await ask(worker, "one");
    await ask(worker, "two");
    const failed = performance.now();
    await ask(worker, "three");
    expect(performance.now() - failed).to.be.greaterThan(995);
  });

  it("has its time limit for each question, and keeps running after an answer in time", async () => {
    const { worker, logs } = start(`while read q; do echo $$ >&2; ${empty}; done`, { timeoutMilliseconds: 1_000 });
    expect(await ask(worker, "one")).to.equal("");
    await sleep(1_050);
    expect(await ask(worker, "two")).to.equal("");
    while (logs.length < 2) await sleep(5);
    expect(new Set(logs).size, "one process").to.equal(1);
  });

  it("is reported with the signal that ended it", async () => {
    const { worker } = start("read q; kill -KILL $$");
    expect(await ask(worker, "anything")).to.deep.equal({ kind: "failed", reason: "ended (SIGKILL)" });
  });

  it("leaves no child process running when it exits on its own", async () => {
    const { worker, logs } = start("read q; sleep 1000 & echo $! >&2; exit 3");
    expect(await ask(worker, "anything")).to.deep.equal({ kind: "failed", reason: "ended (exit code 3)" });
    await isGone(logs[0]);
  });

  it("counts as ended even if a detached child process holds its output open", async () => {
    const { worker, logs } = start("read q; setsid sleep 1000 & echo $! >&2; sleep 0.1; exit 3");
    expect(await ask(worker, "anything")).to.deep.equal({ kind: "failed", reason: "ended (exit code 3)" });
    process.kill(Number(logs[0]));
  });

  it("is killed if the node closes it and it doesn't exit at the end of its input", async () => {
    const directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    const { worker, logs } = start(
      `echo $$ > ${directory}/pid; read q; ${empty}; read q; ${empty}; read q; sleep 1000`,
    );
    await ask(worker, "anything");
    await ask(worker, "anything else");
    await worker.close();
    await isGone(Number(readFileSync(join(directory, "pid"), "utf8")));
    expect(logs).to.deep.equal([]);
    rmSync(directory, { recursive: true });
  });

  describe("that writes to stderr", () => {
    it("has its last line logged even without a line end, but no empty lines", async () => {
      const { worker, logs } = start(`read q; printf 'one\\n  \\n\\ntwo' >&2; exit 3`);
      await ask(worker, "anything");
      await worker.close();
      while (logs.length < 3) await sleep(5);
      expect(logs.filter((line) => !line.startsWith("The program"))).to.deep.equal(["one", "two"]);
    });

    it("has its lines cut at 1,000 characters", async () => {
      const { worker, logs } = start(
        `read q; for n in 999 1000 1001; do head -c $n /dev/zero | tr '\\0' x >&2; echo >&2; done; ${empty}; read q`,
      );
      await ask(worker, "anything");
      while (logs.length < 3) await sleep(5);
      expect(logs.map(({ length }) => length)).to.deep.equal([999, 1_000, 1_000]);
    });

    it("is still read after it wrote too much", async () => {
      const { worker, logs } = start(`read q; yes | head -c 100000 >&2; echo last >&2; ${empty}; read q`);
      expect(await ask(worker, "anything")).to.equal("");
      while (logs.at(-1) !== "last") await sleep(5);
    });
  });
});

describe("A worker's URL", () => {
  const start = openWorkers();

  it("may have its scheme, http or https, in upper or lower case", async () => {
    const failed = { kind: "failed", reason: "can't be reached (ECONNREFUSED)" };
    for (const scheme of ["https", "HTTPS", "Http"]) {
      expect(await ask(start(`${scheme}://127.0.0.1:1/`).worker, "anything"), scheme).to.deep.equal(failed);
    }
  });
});
