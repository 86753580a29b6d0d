import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mdtProgram } from "../shared/commandLine";
import { type DevelopmentNode, nodeAccount } from "../shared/node";
import { startSettledNode } from "../shared/settledNode";

describe("mdt keeper watch", () => {
  let node: DevelopmentNode;

  before(async () => {
    node = await startSettledNode();
  });

  after(() => {
    node.stop();
  });

  it("--once exits with code 0 if everything is correct, and writes one JSON event per line with --json", async () => {
    const { exitCode, stdout } = await node.command("keeper", "watch", "--once", "--json");
    const kinds = stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect({ exitCode, kinds }).to.deep.equal({ exitCode: 0, kinds: ["started", "verified"] });
  });

  it("--once exits 1 on an alert", async () => {
    const { exitCode, stderr } = await node.command("keeper", "watch", "--once", "--known", nodeAccount(1));
    expect(exitCode).to.equal(1);
    expect(stderr).to.match(/^Alerts: \d+\.$/m);
  });

  it("--veto does not begin if its account may not veto", async () => {
    const { exitCode, stderr } = await node.command("keeper", "watch", "--veto", "--from", "5");
    expect(exitCode).to.equal(1);
    expect(stderr).to.include(`${nodeAccount(5)} may not veto`);
  });

  it("serves its health and metrics with --port while it runs", async () => {
    const child = spawn(process.execPath, [mdtProgram, "keeper", "watch", "--veto", "--port", "0"], {
      env: { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, HARDHAT_NETWORK: "localhost" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const ended = once(child, "exit");
    let url: string | undefined;
    for await (const text of child.stdout.setEncoding("utf8")) {
      url = /Serving on (http:\S+)\n/.exec(String(text))?.[1];
      if (url !== undefined) break;
    }
    while (!(await fetch(`${url}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await fetch(`${url}/healthz`)).status).to.equal(200);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.match(/^moderntensor_watch_last_judged_epoch \d+$/m);
    expect(metrics).to.match(/^moderntensor_watch_wrong_roots 0$/m);
    expect(metrics).to.match(/^moderntensor_root_vetoed 0$/m);
    child.kill("SIGTERM");
    expect((await ended)[0]).to.equal(0);
  });

  it("--once serves nothing, and says so", async () => {
    const { exitCode, stderr } = await node.command("keeper", "watch", "--once", "--port", "9465");
    expect({ exitCode, stderr }).to.deep.equal({
      exitCode: 1,
      stderr: "--once ends after one check: omit it, or omit --port.\n",
    });
  });

  it("runs until SIGTERM, and then exits 0", async () => {
    const child = spawn(process.execPath, [mdtProgram, "keeper", "watch", "--veto", "--json"], {
      env: { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, HARDHAT_NETWORK: "localhost" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(child, "exit");
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (!said.includes('"verified"') && text.includes('"verified"')) child.kill("SIGTERM");
      said += text;
    });
    expect((await ended)[0]).to.equal(0);
    expect(said).to.include("Stopped: SIGTERM.");
  });
});
