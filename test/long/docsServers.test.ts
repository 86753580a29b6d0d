import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type DevelopmentNode } from "../shared/node";
import { startProgram } from "../shared/runningProgram";
import { startSettledNode } from "../shared/settledNode";

const docs = readFileSync(join(__dirname, "..", "..", "docs", "operations.md"), "utf8");

/** The requests in docs/operations.md to the server at a port: everything after its address. */
function questionsTo(port: number): readonly string[] {
  return [...docs.matchAll(/^curl http:\/\/127\.0\.0\.1:(\d+)(\S*)/gm)].flatMap(([, asked, path]) =>
    Number(asked) === port ? [path!] : [],
  );
}

describe("The servers of docs/operations.md", () => {
  let node: DevelopmentNode;

  before(async () => {
    node = await startSettledNode();
  });

  after(() => {
    node.stop();
  });

  for (const [port, args] of [
    [8080, ["dashboard"]],
    [9464, ["keeper", "start"]],
  ] as const) {
    it(`npx mdt ${args.join(" ")} answers each request in the docs, and stops on SIGINT`, async () => {
      expect(docs).to.match(new RegExp(`^npx mdt ${args.join(" ")}`, "m"));
      const questions = questionsTo(port);
      expect(questions).to.have.length.above(2);
      const program = await startProgram([...args, "--port", "0"], {
        MDT_RPC_URL: node.url,
        MDT_DATA: node.dataDirectory,
      });
      const url = await program.url();
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
      expect((await program.end("SIGINT")).exitCode).to.equal(0);
    });
  }
});
