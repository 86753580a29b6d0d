import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Declaration, optionOf } from "../../scripts/commands/command";
import { commandHelp } from "../../scripts/commands/help";
import { hardhatCommands, table } from "../../scripts/commands/table";
import { mdtProgram, type Outcome, runProgram } from "../shared/commandLine";

const project = join(__dirname, "..", "..");
const failed = (complaint: string): Outcome => ({ exitCode: 1, stdout: "", stderr: `${complaint}\n` });

const run = (...args: string[]): Promise<Outcome> => runProgram(args, { MDT_RPC_URL: "" });

describe("The program mdt", () => {
  it("lists every command of the table, and those that run with Hardhat", async () => {
    const { exitCode, stdout, stderr } = await run("--help");
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    const listed = stdout.split("\n").map((line) => /^ {2}(\w[\w -]*?) {2}/.exec(line)?.[1]);
    const named = Object.entries(table).flatMap(([scope, { commands }]) =>
      Object.keys(commands).map((name) => `${scope} ${name}`.trim()),
    );
    expect(listed).to.include.members([...named, ...Object.keys(hardhatCommands)]);
    expect(await run()).to.deep.equal({ exitCode, stdout, stderr });
  });

  it("shows the options of each command of the table", async () => {
    for (const [scope, { commands }] of Object.entries(table)) {
      for (const [name, declaration] of Object.entries<Declaration>(commands)) {
        const help = commandHelp(scope, name, declaration);
        expect(help).to.include(declaration.description);
        for (const option of ["json", ...Object.keys(declaration.params)])
          expect(help).to.include(`${optionOf(option)} `);
      }
    }
    const { exitCode, stdout } = await run("epoch", "settle", "--help");
    expect([exitCode, stdout]).to.deep.equal([0, `${commandHelp("epoch", "settle", table.epoch.commands.settle)}\n`]);
  });

  it("prints its version", async () => {
    const { version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { version: string };
    expect(await run("--version")).to.deep.equal({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it("ends quietly if nobody reads its output to the end", () => {
    const command = `"${process.execPath}" "${mdtProgram}" --help | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect([stdout, stderr]).to.deep.equal(["Usage: mdt [--network NAME] COMMAND [OPTIONS]\n0\n", ""]);
  });

  it("fails if its output can't be written", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [mdtProgram, "--help"], { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect([status, stderr.toString()]).to.deep.equal([
      1,
      "Can't write the output: ENOSPC: no space left on device, write.\n",
    ]);
  });

  it("lists the commands of a scope", async () => {
    const { exitCode, stdout } = await run("score");
    expect(exitCode).to.equal(0);
    expect([...stdout.matchAll(/^ {2}score (\w+) /gm)].map(([, name]) => name)).to.deep.equal(
      Object.keys(table.score.commands),
    );
  });

  it("lets bash complete scopes, commands and options", async () => {
    const { stdout } = await run("completion");
    const completed = (...typed: string[]) => {
      const words = `COMP_WORDS=(mdt ${typed.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${typed.length}`;
      const script = `${stdout}\n${words}; _mdt; echo "\${COMPREPLY[*]}"`;
      return spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout.trimEnd();
    };
    expect([completed("ep"), completed("epoch", "se"), completed("epoch", "settle", "--sa")]).to.deep.equal([
      "epoch",
      "settle",
      "--safe",
    ]);
    expect(completed("task", "")).to.equal(Object.keys(table.task.commands).join(" "));
    expect(completed("supply", "--")).to.equal("--json");
  });

  it("prints a configuration to fill in, and lists all that is still missing at once", async () => {
    const folder = mkdtempSync(join(tmpdir(), "moderntensor-"));
    const file = join(folder, "mine.json");
    const { stdout } = await run("config", "template");
    writeFileSync(file, stdout);
    const unfilled = await run("config", "check", "--file", file);
    expect([unfilled.exitCode, unfilled.stdout.trimEnd().split("\n")]).to.deep.equal([
      1,
      [
        "chain.name: must be a name of 1 to 40 characters.",
        "chain.currency.name: must be a name of 1 to 40 characters.",
        "chain.currency.symbol: must be 2 to 6 characters, or wallets refuse it.",
        'dao: must be an address: 0x and 40 hexadecimal digits, not "".',
      ],
    ]);
    const filled = { name: "Mine", currency: { name: "Coin", symbol: "COIN" } };
    const dao = `0x${"11".repeat(20)}`;
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(stdout) as object), chain: filled, dao }));
    expect(await run("config", "check", "--file", file, "--json")).to.deep.equal({
      exitCode: 0,
      stdout: '{"network":"mine","problems":[]}\n',
      stderr: "",
    });
    rmSync(folder, { recursive: true });
  });

  it("computes an epoch from a file exactly as the vectors expect", async () => {
    const vectors = join(project, "test", "shared", "vectors", "epoch.json");
    const { cases } = JSON.parse(readFileSync(vectors, "utf8")) as { cases: { input: unknown; expected: unknown }[] };
    const folder = mkdtempSync(join(tmpdir(), "moderntensor-"));
    const input = join(folder, "inputs.json");
    writeFileSync(input, JSON.stringify(cases.map((one) => one.input)));
    const { exitCode, stdout, stderr } = await run("epoch", "preview", "--input", input, "--json");
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout)).to.deep.equal(cases.map((one) => one.expected));
  });

  describe("answers in one sentence and with exit code 1", () => {
    for (const [words, complaint] of [
      ["epok", 'Unknown command "epok": "mdt --help" lists the commands.'],
      [
        "epoch statos",
        `Unknown command "epoch statos". Commands of epoch: ${Object.keys(table.epoch.commands).join(", ")}.`,
      ],
      ["epoch status --jsn", 'Unexpected --jsn after "epoch status". Options: --json.'],
      ["epoch verify", "--epoch is missing: Last epoch to check."],
      ["epoch verify --epoch", "--epoch needs a value."],
      [
        "supply --network refrence",
        'Unknown network "refrence". Networks in scripts/config: local, reference; localhost means local.',
      ],
      ["constructor", 'Unknown command "constructor": "mdt --help" lists the commands.'],
      [
        "epoch toString",
        `Unknown command "epoch toString". Commands of epoch: ${Object.keys(table.epoch.commands).join(", ")}.`,
      ],
      ["supply --constructor", 'Unexpected --constructor after "supply". Options: --json.'],
      ["supply --json --json", "--json is given twice."],
      ["--bogus", "Unknown option --bogus: options come after a command."],
      ["epoch --bogus", "Unknown option --bogus: options come after a command."],
      ["node", '"node" needs Hardhat, in a checkout of the project: npx hardhat node.'],
      ["deploy", '"deploy" needs Hardhat, in a checkout of the project: npx hardhat deploy.'],
      [
        "epoch preview --input missing.json",
        "The file missing.json can't be read: the file does not exist: check the name.",
      ],
    ] as const) {
      it(`"${words}": ${complaint}`, async () => {
        expect(await run(...words.split(" "))).to.deep.equal(failed(complaint));
      });
    }

    it("if --network has no name after it", async () => {
      expect(await run("--network")).to.deep.equal(failed("--network needs a value."));
    });

    for (const url of ["nowhere", "http://", "ftp://node.example"]) {
      it(`if MDT_RPC_URL is not an endpoint's address: ${url}`, async () => {
        expect(await runProgram(["supply"], { MDT_RPC_URL: url })).to.deep.equal(
          failed("Endpoint 1 must be a URL that begins with http:, https:, ws: or wss:."),
        );
      });
    }

    it("if nothing answers at the endpoint", async () => {
      expect(await runProgram(["supply"], { MDT_RPC_URL: "http://127.0.0.1:1" })).to.deep.equal(
        failed(
          'No node answers at http://127.0.0.1:1: check MDT_RPC_URL, or start a development chain with "npx hardhat node".',
        ),
      );
    });
  });
});
