import { expect } from "chai";
import { attacksOn, networksOf } from "../../scripts/lab/attacks/stress";
import { runProgram } from "../shared/commandLine";

describe("mdt policy stress", () => {
  it("plays the known attacks on the named network", async () => {
    const command = ["--network", "reference", "policy", "stress", "--json"];
    const { exitCode, stdout, stderr } = await runProgram(command, { MDT_RPC_URL: "" });
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    const { rows } = JSON.parse(stdout) as { rows: readonly { network: string; profitWei: string; holds: boolean }[] };
    expect(rows.length).to.be.greaterThan(100);
    for (const row of rows) {
      expect([row.network, row.holds]).to.deep.equal(["reference", true]);
      expect(row.profitWei).to.match(/^-?\d+$/);
    }
  });

  for (const validatorRule of ["yuma2", "yuma3"] as const) {
    it(`finds no bound broken if reference pays by ${validatorRule}`, () => {
      const [reference] = networksOf("reference");
      const network = { ...reference!, policy: { ...reference!.policy, validatorRule } };
      const broken = attacksOn(network).filter(({ holds }) => !holds);
      expect(
        broken.map(({ attack, setting, profitWei, harmWei }) => [attack, setting, profitWei, harmWei]),
      ).to.deep.equal([]);
    });
  }
});
