import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ask, isGone, moody, openWorkers } from "../nodes/protocol/asking";

describe("A worker that is a program, in the long run", () => {
  const start = openWorkers();

  it("is started again after ever longer pauses if it keeps exiting", async () => {
    const { worker } = start("exit 4");
    const began = performance.now();
    for (let i = 0; i < 4; i++) expect(await ask(worker, "anything")).to.have.property("reason", "ended (exit code 4)");
    expect(performance.now() - began).to.be.at.least(3_000);
  });

  it("is started again at once if it has answered in between", async () => {
    const { worker } = start(moody);
    for (let i = 0; i < 5; i++) {
      expect(await ask(worker, "crash")).to.have.property("reason", "ended (exit code 3)");
      expect(await ask(worker, "logs")).to.equal("logged");
    }
  });

  it("is killed with all processes that it started if it doesn't exit at the end of its input", async () => {
    const answer = '{ "result": "" }';
    const { worker, logs } = start(`read question; sleep 1000 & echo $! >&2; echo $$ >&2; echo '${answer}'; wait`);
    expect(await ask(worker, "anything")).to.equal("");
    await worker.close();
    expect(logs).to.have.length(2);
    await Promise.all(logs.map(isGone));
  });

  it("ends when the node is killed", async () => {
    const program = `
      const { ask, moody, patience } = require(${JSON.stringify(join(__dirname, "../nodes/protocol/asking"))});
      const { openWorker } = require(${JSON.stringify(join(__dirname, "../../scripts/nodes/protocol/questions"))});
      ask(openWorker(moody, patience), "number").then((number) => process.stdout.write(number));`;
    const node = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(node, "exit").then(([code]) => expect.fail(`The node ended with exit code ${code}.`));
    const [number] = (await Promise.race([once(node.stdout.setEncoding("utf8"), "data"), ended])) as [string];
    ended.catch(() => undefined); // It is killed on purpose below.
    node.kill("SIGKILL");
    await isGone(number);
  });
});
