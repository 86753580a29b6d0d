import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../shared/commandLine";
import { perfect } from "../lab/simulator/scenarios";

describe("mdt policy simulate", () => {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-simulator-"));
  const [scenario, report] = [join(directory, "scenario.json"), join(directory, "report.html")];

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("prints exact wei, runs the requested number of epochs, and writes the report", async () => {
    writeFileSync(scenario, JSON.stringify(perfect));
    const command = ["policy", "simulate", "--scenario", scenario, "--epochs", "2", "--json", "--html", report];
    const { exitCode, stdout, stderr } = await runProgram(command, {});
    expect(exitCode, stderr).to.equal(0);
    const { epochs, policies } = JSON.parse(stdout) as {
      epochs: number;
      policies: { name: string; kind: string; total: object; halvings: object[]; cap: object }[];
    };
    expect([epochs, ...policies.map(({ name, kind }) => `${kind} ${name}`)]).to.deep.equal([
      2,
      "policy As configured",
      "reference Bittensor's schedule",
      "reference Fixed",
    ]);
    expect(policies[2]!.total).to.deep.equal({
      emissionWei: "10000000000000000000000",
      mintedWei: "10000000000000000000000",
      blockRewardsWei: "0",
      recycledWei: "0",
      burnedWei: "0",
      taskFeesWei: "0",
      supplyWei: "2110000000000000000000000",
    });
    expect(policies[0]!.halvings[0]).to.deep.equal({ halving: 1, epoch: 1_461, withinRun: false });
    expect(policies[2]!.cap).to.deep.equal({ kind: "reached", epoch: 2_921, withinRun: false });
    expect(readFileSync(report, "utf8")).to.contain("<h1>Perfect</h1>");
  });
});
