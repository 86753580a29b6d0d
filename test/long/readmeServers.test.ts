import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hardhatScript } from "../shared/commandLine";
import { type DevelopmentNode } from "../shared/node";
import { startSettledNode } from "../shared/settledNode";

const readme = readFileSync(join(__dirname, "..", "..", "README.md"), "utf8");

/** What the README asks a server at one port: everything after its address. */
function questionsTo(port: number): readonly string[] {
  return [...readme.matchAll(/^curl http:\/\/127\.0\.0\.1:(\d+)(\S*)/gm)].flatMap(([, asked, path]) =>
    Number(asked) === port ? [path!] : [],
  );
}

describe("The README's servers", () => {
  let node: DevelopmentNode;

  before(async () => {
    node = await startSettledNode();
  });

  after(() => {
    node.stop();
  });

  /** Starts a server as the README does, on a port that is free, and waits until it listens. */
  async function serve(...args: string[]): Promise<{ readonly url: string; readonly child: ChildProcess }> {
    const child = spawn(process.execPath, [hardhatScript, ...args, "--port", "0"], {
      env: { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, HARDHAT_NETWORK: "localhost" },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    for await (const text of child.stderr.setEncoding("utf8")) {
      said += String(text);
      const url = / on (http:\S+)\n/.exec(said)?.[1];
      if (url !== undefined) return { url, child };
    }
    return expect.fail(`${args.join(" ")} ended before it listened: ${said}`);
  }

  for (const [port, args] of [
    [8080, ["dashboard"]],
    [9464, ["keeper", "start"]],
  ] as const) {
    it(`npx hardhat ${args.join(" ")} answers each question that the README asks it, and stops on SIGINT`, async () => {
      expect(readme).to.match(new RegExp(`^npx hardhat ${args.join(" ")}`, "m"));
      const questions = questionsTo(port);
      expect(questions).to.have.length.above(2);
      const { url, child } = await serve(...args);
      for (const question of questions) {
        for (;;) {
          const response = await fetch(`${url}${question}`);
          expect((await response.text()).length).to.be.above(0);
          if (response.ok) break;
          // A keeper that has not looked yet is not ready.
          expect(response.status, question).to.equal(503);
          await new Promise((resolve) => setTimeout(resolve, 500));
        }
      }
      const ended = once(child, "exit");
      child.kill("SIGINT");
      expect((await ended)[0]).to.equal(0);
    });
  }
});
