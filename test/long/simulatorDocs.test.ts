import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runHardhat } from "../shared/commandLine";

const doc = readFileSync(join(__dirname, "..", "..", "docs", "simulator.md"), "utf8");

/** Each section that shows a command: its prose, the command, and the output below it. */
const sections = doc.split(/^## /m).flatMap((section) => {
  const shown = /^([\s\S]*?)```sh\nnpx hardhat (.*)\n```\n\n```text\n([\s\S]*?)\n```/.exec(section);
  return shown === null ? [] : [{ prose: shown[1]!, command: shown[2]!, output: shown[3]! }];
});

describe("docs/simulator.md", () => {
  it("shows the three scenarios", () => {
    expect(sections).to.have.length(3);
  });

  for (const { prose, command, output } of sections) {
    it(`shows what is printed by: ${command}`, async () => {
      const { exitCode, stdout, stderr } = await runHardhat(command.split(" "), { HARDHAT_NETWORK: "hardhat" });
      expect(exitCode, stderr).to.equal(0);
      expect(stdout.trimEnd()).to.equal(output);
    });

    it(`takes the figures of its sentences from the tables of: ${command}`, () => {
      const figures = [...prose.matchAll(/`([\d.,]+)`/g)].map(([, figure]) => figure!);
      expect(figures).not.to.deep.equal([]);
      for (const figure of figures) expect(output.split(/[\s*-]+/), figure).to.include(figure);
    });
  }
});
