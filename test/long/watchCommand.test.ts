import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { hardhatScript } from "../shared/commandLine";
import { type DevelopmentNode, nodeAccount } from "../shared/node";
import { startSettledNode } from "../shared/settledNode";

describe("npx hardhat keeper watch", function () {
  this.timeout(600_000);
  let node: DevelopmentNode;

  before(async () => {
    node = await startSettledNode();
  });

  after(() => {
    node.stop();
  });

  it("--once exits 0 where all is well, and tells one JSON event per line with --json", async () => {
    const { exitCode, stdout } = await node.command("keeper", "watch", "--once", "--json");
    const kinds = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect({ exitCode, kinds }).to.deep.equal({ exitCode: 0, kinds: ["started", "verified", "looked"] });
  });

  it("--once exits 1 on an alert", async () => {
    const { exitCode, stderr } = await node.command("keeper", "watch", "--once", "--known", nodeAccount(1));
    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^There were alerts: \d+\.$/m);
  });

  it("--veto does not begin where its account may not veto", async () => {
    const { exitCode, stderr } = await node.command("keeper", "watch", "--veto", "--from", "5");
    expect(exitCode).to.equal(1);
    expect(stderr).to.include(`${nodeAccount(5)} may not veto`);
  });

  it("runs until SIGTERM, and then exits 0", async () => {
    const child = spawn(process.execPath, [hardhatScript, "keeper", "watch", "--veto", "--json"], {
      env: { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, HARDHAT_NETWORK: "localhost" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!said.includes('"looked"') && text.includes('"looked"')) child.kill("SIGTERM");
      said += text;
    });
    expect((await ended)[0]).to.equal(0);
    expect(said).to.include("Stopped: SIGTERM.");
  });
});
