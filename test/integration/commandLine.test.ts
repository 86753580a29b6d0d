import { expect } from "chai";
import { runHardhat } from "../shared/commandLine";
import { type Declaration, optionOf } from "../../scripts/commands/command";
import { type CommandTable, parseCommandLine } from "../../scripts/commands/commandLine";

const text = (kind: "required" | "optional" | "flag") => ({ kind, description: "" });
const command = (params: Declaration["params"]): Declaration => ({ description: "", params });
const commands: CommandTable = {
  "": { commands: { supply: command({}) } },
  epoch: {
    commands: {
      verify: command({ epoch: text("required"), outFile: text("optional") }),
      settle: command({ send: text("flag") }),
    },
  },
};

describe("A command line", () => {
  for (const [line, complaint] of [
    ["supply", undefined],
    ["supply --json", undefined],
    ["--network localhost epoch verify --epoch 3 --json", undefined],
    ["epoch verify --epoch 3 --network localhost --out-file x", undefined],
    ["epoch settle --send", undefined],
    ["test some/file.test.ts --anything", undefined],
    ["epoch", undefined],
    ["epoch verify --help", undefined],
    ["epoch verfy --epoch 3", 'Unknown command "epoch verfy". Commands of epoch: verify, settle.'],
    ["epoch verify --epok 3", 'Unexpected --epok after "epoch verify". Options: --epoch, --out-file, --json.'],
    ["supply all", 'Unexpected all after "supply". Options: --json.'],
    ["epoch verify --epoch", "--epoch needs a value."],
    ["epoch verify --epoch --json", "--epoch needs a value."],
  ] as const) {
    it(`"${line}" ${complaint === undefined ? "is left to its command" : `is answered: ${complaint}`}`, () => {
      const parsed = parseCommandLine(line.split(" "), commands, { network: true, help: false });
      expect(parsed.kind === "refused" ? parsed.complaint : undefined).to.equal(complaint);
    });
  }

  it("writes options as they are typed", () => {
    expect(optionOf("commissionBps")).to.equal("--commission-bps");
  });

  it("with an unknown option ends with one sentence on stderr, nothing on stdout, and exit code 1", async () => {
    expect(await runHardhat(["epoch", "status", "--jsn"], {})).to.deep.equal({
      exitCode: 1,
      stdout: "",
      stderr: 'Unexpected --jsn after "epoch status". Options: --json.\n',
    });
  });

  it("lists with --help what every command does, but no commands of plugins", async () => {
    const { stdout } = await runHardhat(["--help"], {});
    const listed = [...stdout.matchAll(/^  ([a-z]\S*) *\t(.*)$/gm)].map(([, name, description]) => ({
      name,
      description,
    }));
    expect(listed.map(({ name }) => name)).to.include.members(["deploy", "epoch", "supply"]);
    expect(listed.filter(({ description }) => description === "")).to.deep.equal([]);
    expect(stdout).not.to.match(/^ {2}check /m);
    const helpOf = async (...words: string[]) => (await runHardhat(["help", ...words], {})).stdout;
    expect(await helpOf("epoch"))
      .to.match(/^ {2}verify .*any difference/m)
      .and.not.to.include("--json: ");
    expect(await helpOf("epoch", "verify")).to.match(/^ {2}--json .*amounts in wei: \{ kind: "verified"/m);
  });

  it("with an unknown command or network ends in the same way", async () => {
    const failed = { exitCode: 1, stdout: "" };
    expect(await runHardhat(["epok"], {})).to.deep.equal({
      ...failed,
      stderr: 'Unknown command "epok": "npx hardhat --help" lists the commands.\n',
    });
    expect(await runHardhat(["supply", "--network", "refrence"], {})).to.deep.equal({
      ...failed,
      stderr: 'Unknown network "refrence". Networks in scripts/config: local, reference; localhost means local.\n',
    });
  });
});
