import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runScenario } from "../../scripts/lab/simulator/runScenario";
import { formatMdt } from "../../scripts/show/amounts";
import { runProgram } from "../shared/commandLine";

const root = join(__dirname, "..", "..");
const doc = readFileSync(join(root, "docs", "simulator.md"), "utf8");

/** Each section that shows a command: its prose, the command, and the output below it. */
const sections = doc.split(/^## /m).flatMap((section) => {
  const shown = /^([\s\S]*?)```sh\nnpx hardhat (.*)\n```\n\n```text\n([\s\S]*?)\n```/.exec(section);
  return shown === null ? [] : [{ prose: shown[1]!, command: shown[2]!, output: shown[3]! }];
});

/** The lines of the table of incomes: the years' totals and medians in MDT. */
const incomes = ["taskFeesWei", "medianMinerWei", "medianValidatorWei", "medianDelegatorWei"] as const;

/** The two last columns of the table "The price of soundness", line by line. */
const soundness = [...doc.matchAll(/^\| .* \| +([\d,]+) \| +([\d,]+) \| +([\d,]+) \|$/gm)].map(
  ([, , described, now]) => [described, now],
);

describe("docs/simulator.md", () => {
  it("shows the four scenarios", () => {
    expect(sections).to.have.length(4);
  });

  for (const { prose, command, output } of sections) {
    it(`shows what is printed by: ${command}`, async () => {
      const { exitCode, stdout, stderr } = await runProgram(command.split(" "), {});
      expect(exitCode, stderr).to.equal(0);
      expect(stdout.trimEnd()).to.equal(output);
    });

    it(`has only figures in its sentences that are in the tables of: ${command}`, () => {
      const figures = [...prose.matchAll(/`([\d.,]+)`/g)].map(([, figure]) => figure!);
      expect(figures).not.to.deep.equal([]);
      for (const figure of figures) expect(output.split(/[\s*-]+/), figure).to.include(figure);
    });
  }

  it("states the price of soundness as the scenarios of honest use give it", () => {
    const expected = ["calm", "growth"].flatMap((name) => {
      const { policies } = runScenario(join(root, "scripts", "lab", "simulator", "scenarios", `${name}.json`));
      const yearsOf = (policy: string) => policies.find((candidate) => candidate.name === policy)!.years;
      const [described, now] = [yearsOf("As first described"), yearsOf("As configured")];
      return [0, 9].flatMap((year) =>
        incomes.map((income) => [described, now].map((years) => formatMdt(years[year]![income], 0))),
      );
    });
    expect(soundness).to.deep.equal(expected);
  });
});
