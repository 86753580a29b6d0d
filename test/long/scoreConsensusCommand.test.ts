import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { consensusCases } from "../../scripts/commands/offline";
import { runProgram } from "../shared/commandLine";
import { yumaCases } from "../shared/yumaCases";

describe("mdt score consensus", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "consensus-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const fileOf = (json: unknown): string => {
    const path = join(folder, "cases.json");
    writeFileSync(path, JSON.stringify(json));
    return path;
  };
  const run = (json: unknown) => runProgram(["score", "consensus", "--input", fileOf(json), "--json"], {});

  it("prints the results that the published vectors expect for all cases of a file", async () => {
    const { exitCode, stdout } = await run(yumaCases.map(({ input }) => input));
    expect(JSON.parse(stdout)).to.deep.equal(yumaCases.map(({ name, expected }) => ({ name, epochs: expected })));
    expect(exitCode).to.equal(0);
  });

  it("refuses a bad file in one sentence that names the field, and prints nothing", async () => {
    expect(await run({ ...yumaCases[0]!.input, yuma: 4 })).to.deep.equal({
      exitCode: 1,
      stdout: "",
      stderr: "The field yuma must be 2 or 3.\n",
    });
  });

  it("answers with a list for a single case, and with a table per epoch for people", () => {
    const { name, input, expected } = yumaCases[1]!;
    const { json, text } = consensusCases(fileOf(input));
    expect(json).to.deep.equal([{ name, epochs: expected }]);
    expect(text.split("\n\n")).to.have.length(3);
    expect(text.split("\n").slice(0, 4)).to.deep.equal([
      "yuma2 active stake, epoch 0",
      "uid  consensus  incentive     trust  dividends  emission  bonds",
      "  0     0.00 %     0.00 %  100.00 %    50.00 %   25.00 %  2:65535 3:65535",
      "  1     0.00 %     0.00 %  100.00 %    50.00 %   25.00 %  2:65535 3:65535",
    ]);
  });
});
