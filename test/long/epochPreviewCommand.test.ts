import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewEpochs } from "../../scripts/commands/offline";
import { UnreadableFileError } from "../../scripts/keeper/archive/jsonFile";
import { runProgram } from "../shared/commandLine";
import { accountOf } from "../shared/rewardLists";
import { cases } from "../shared/vectors/epoch.json";

/** Runs the command as a process of its own. */
const preview = (...args: string[]) => runProgram(["epoch", "preview", ...args], {});

describe("mdt epoch preview", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "preview-"))));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** A file with a text, or with a value as JSON. */
  function fileOf(content: unknown): string {
    const path = join(folder, "input.json");
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  }

  const text = (content: unknown): string[] => previewEpochs(fileOf(content)).text.split("\n");

  it("prints the results that the published vectors expect for all cases of a file, and nothing else", async () => {
    const { exitCode, stdout, stderr } = await preview("--input", fileOf(cases.map(({ input }) => input)), "--json");
    expect(JSON.parse(stdout)).to.deep.equal(cases.map(({ expected }) => expected));
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
  });

  it("prints all of an output that is longer than a pipe's buffer", async () => {
    const miners = Array.from({ length: 5_000 }, (_, i) => ({
      account: accountOf(i + 1),
      performance: "1",
      agreedScoreWad: "1000000000000000000",
      feesWei: "1000000000000000000",
      provenFeesWei: "0",
    }));
    const input = { ...cases.find(({ name }) => name === "commission and delegations")!.input, miners };
    const { stdout, stderr } = await preview("--input", fileOf(input), "--json");
    expect(stderr).to.equal("");
    expect((JSON.parse(stdout) as { minerRewards: unknown[] }).minerRewards).to.have.length(5_000);
  });

  it("refuses a bad file in one sentence that names the field, prints nothing, and exits with 1", async () => {
    const input = { ...cases[0]!.input, poolWie: "0" };
    expect(await preview("--input", fileOf([cases[0]!.input, input]), "--json")).to.deep.equal({
      exitCode: 1,
      stdout: "",
      stderr: "The field [1].poolWie is unknown.\n",
    });
  });

  it("answers with one value for one epoch, and with a list for a list", () => {
    const { input, expected } = cases[0]!;
    expect(previewEpochs(fileOf(input)).json).to.deep.equal(expected);
    expect(previewEpochs(fileOf([input])).json).to.deep.equal([expected]);
    expect(previewEpochs(fileOf([])).json).to.deep.equal([]);
  });

  it("refuses a file that does not exist, and one that is not JSON, by name and in one line", () => {
    const missing = join(folder, "nothing.json");
    expect(() => previewEpochs(missing)).to.throw(
      UnreadableFileError,
      `The file ${missing} can't be read: the file does not exist`,
    );
    const broken = fileOf('{ "epoch":\n 1,\n }');
    expect(() => previewEpochs(broken))
      .to.throw(UnreadableFileError, `The file ${broken} is not JSON: `)
      .with.property("message")
      .not.contains("\n");
  });

  describe("for people", () => {
    const penalised = "with a penalty, a miner below 20 % on average of all its work loses a part";
    const quiet = cases.find(({ name }) => name === "allowance binds, pool still pays")!.input;

    it("shows each amount in MDT with its explanation", () => {
      const { input } = cases.find(({ name }) => name === penalised)!;
      expect(text(input).slice(0, 15)).to.deep.equal([
        "epoch                            0  0 halvings, ceiling 1000 MDT",
        "utility                       0.69  50 % · 0.5 tasks + 30 % · 0.8 difficulty + 20 % · 1 participation",
        "quality                     0.3725  of 3600 MDT in fees, threshold 0.5",
        "emission                       690  base reward · utility, halved",
        "  recycled                       0  from the pool, first",
        "  minted                       690  the shortfall",
        "burned      136.655555555555555555  shortfall of scores below the quality threshold",
        "burned        8.838656226696495152  penalty on miners with poor scores",
        "miners      212.499121551081282625  of 221.337777777777777778, 40 % by fees and scores, at most 50 % of fees · score",
        "validators  221.337777777777777778  of 221.337777777777777778, 40 %: 80 for presence, 141.337777777777777778 for scoring",
        "DAO         110.668888888888888889  20 %",
        "returned      0.000000000000000001  not earned by anyone, returned to the pool",
        "",
        "miners (MDT)",
        "  0x0000000000000000000000000000000000000103  148.548844146159582401",
      ]);
    });

    it("says if the funds, and not the schedule, were the limit", () => {
      expect(text(quiet)[3]).to.match(
        /of 0\.000000000000001, limited to the pool's 0\.00000000000000005 plus the mintable 0\.0000000000000001$/,
      );
    });

    it("shows the twenty accounts with the most, and how many more there are", () => {
      const miners = Array.from({ length: 22 }, (_, i) => ({
        account: accountOf(i + 1),
        performance: "1",
        agreedScoreWad: "1000000000000000000",
        feesWei: i === 21 ? "200000000000000000000" : "100000000000000000000",
        provenFeesWei: "0",
      }));
      const { input } = cases.find(({ name }) => name === penalised)!;
      const lines = text({ ...input, miners });
      expect(lines[14]).to.equal(`  ${accountOf(22)}  24`);
      expect(lines.slice(34, 37)).to.deep.equal(["  and 2 more", "", "validators and delegators (MDT)"]);
    });

    it("says how much a miner can earn at most, or that fees don't limit it", () => {
      const limited = cases.find(({ name }) => name.startsWith("a miner earns at most half of its fees"))!;
      expect(text(limited.input)[8]).to.match(
        /^miners +3\.8 +of 80\.28, 40 % by fees and scores, at most 50 % of fees · score$/,
      );
      const { input } = cases.find(({ name }) => name === "no limit by fees")!;
      expect(text(input)[8]).to.match(/40 % by fees and scores$/);
      expect(text(cases[0]!.input)[8]).to.match(/40 % by performance$/);
    });

    it("says how the validators' pool was split", () => {
      const { input } = cases.find(({ name }) => name === "validators by dividend, a tenth of the stake absent")!;
      expect(text(input)[9]).to.match(
        /, 40 %: 71\.997942915916688094 for presence, 45\.968125 for scoring, 147\.581875 by dividends$/,
      );
    });

    it("warns of a policy that the Treasury's bound on burns does not allow", () => {
      const lines = text({ ...quiet, policy: { qualityThresholdBps: 6_000 } });
      expect(lines.at(-1)).to.equal(
        "This policy could burn more than 70 % of an emission: the Treasury would refuse that.",
      );
    });
  });
});
