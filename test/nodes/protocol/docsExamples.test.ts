import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { transformSync } from "esbuild";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScorer, type ScoredTask, openWorker } from "../../../scripts/nodes/protocol/questions";
import { ask, never, patience } from "./asking";

const docs = readFileSync(join(__dirname, "../../../docs/nodes.md"), "utf8");

/** The code block of the docs that begins with this file name. */
function example(name: string): string {
  const [, code] = new RegExp(`^\`\`\`\\w+\\n(?:#|//) ${name}\\n([\\s\\S]*?)^\`\`\``, "m").exec(docs)!;
  return code!;
}

describe("The docs' examples of workers and scorers", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-examples-"));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  function write(name: string, code: string): string {
    const file = join(directory, name);
    writeFileSync(file, code);
    return `"${file}"`;
  }

  async function playWith(workerCommand: string, scorerCommand: string): Promise<void> {
    const logs: string[] = [];
    const options = { ...patience, onLog: (line: string) => logs.push(line) };
    const [worker, scorer] = [openWorker(workerCommand, options), openScorer(scorerCommand, options)];
    try {
      expect(await ask(worker, "hello"), logs.join("\n")).to.equal("HELLO");
      expect(await ask(worker, "hé")).to.deep.equal({ kind: "declined", reason: "not ASCII" });
      const task: ScoredTask = {
        taskId: 7,
        typeId: 0,
        feeWei: 10n ** 18n,
        input: Buffer.from("hello"),
        result: Buffer.from("HELLO"),
        submittedAt: 1_900_000_000,
        completedAt: 1_900_000_060,
      };
      const miner = { id: 4, account: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8" } as const;
      const tasks = [
        task,
        { ...task, result: Buffer.from("HULLO") },
        { ...task, result: null },
        { ...task, input: null },
      ];
      const answer = await scorer.answer({ epoch: 12, miner, tasks }, never);
      expect(answer, logs.join("\n")).to.deep.equal({ kind: "scores", scores: [1, 0, 0, 0] });
    } finally {
      await Promise.all([worker.close(), scorer.close()]);
    }
    expect(logs).to.deep.equal([]);
  }

  it("in Python do what they say", async function () {
    if (spawnSync("python3", ["--version"]).error !== undefined) {
      process.stderr.write("Skipped. To run it: install python3\n");
      return this.skip();
    }
    await playWith(
      `python3 ${write("worker.py", example("worker.py"))}`,
      `python3 ${write("scorer.py", example("scorer.py"))}`,
    );
  });

  it("in TypeScript do what they say", async () => {
    const built = (name: string): string =>
      write(`${name}.mjs`, transformSync(example(`${name}.ts`), { loader: "ts" }).code);
    await playWith(`"${process.execPath}" ${built("worker")}`, `"${process.execPath}" ${built("scorer")}`);
  });
});
