import { expect } from "chai";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { registerMiner } from "../../scripts/actions/miners";
import { inputOf, submitTask } from "../../scripts/actions/tasks";
import { type Connection } from "../../scripts/chain/connection";
import { buildProject, type Outcome } from "../shared/commandLine";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

/** Not the synchronous kind: a blocked process doesn't notice that a node closed a connection. */
const execute = promisify(execFile);

const project = join(__dirname, "..", "..");
const keeperKey = toHex(
  mnemonicToAccount("test test test test test test test test test test test junk").getHdKey().privateKey!,
);

/** Every folder of node_modules that holds a package. */
function packagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /(^|node_modules\/)(@[^/]+\/)?[^@/.][^/]*\/package\.json$/.test(path),
  );
}

function megabytesOf(folder: string): number {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).blocks * 512);
  return sizes.reduce((sum, bytes) => sum + bytes, 0) / 2 ** 20;
}

describe("Installed without development dependencies", function () {
  this.timeout(600_000);
  let node: DevelopmentNode;
  let connection: Connection;
  const folder = mkdtempSync(join(tmpdir(), "moderntensor-installs-"));

  before(async () => {
    node = await startNode();
    connection = await node.deploy();
  });

  after(() => {
    node.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs `keeper start` in `cwd` until it has seen the epoch that is due final. */
  async function settleOne(
    cwd: string,
    command: string,
    args: readonly string[],
  ): Promise<Pick<Outcome, "exitCode" | "stderr">> {
    const { treasury } = connection.contracts;
    const epoch = await treasury.read.nextEpochToSettle();
    await node.advanceTo(await treasury.read.revealEnd([epoch]));
    const child = spawn(command, [...args, "keeper", "start", "--json"], {
      cwd,
      env: { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: join(folder, "data"), MDT_PRIVATE_KEY: keeperKey },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Epochs that were settled before are reported too.
    createInterface(child.stdout).on("line", (line) => {
      const { kind, figures } = JSON.parse(line) as { kind: string; figures?: { epoch: number } };
      if (kind === "final" && figures?.epoch === Number(epoch)) child.kill("SIGTERM");
    });
    const stderr = text(child.stderr);
    const [exitCode] = (await once(child, "exit")) as [number];
    expect(await treasury.read.nextEpochToSettle()).to.equal(epoch + 1n);
    return { exitCode, stderr: await stderr };
  }

  it("mdt works, and its keeper settles epochs, after npm ci --omit=dev alone", async () => {
    const checkout = join(folder, "checkout");
    const { stdout: files } = await execute("git", ["ls-files", "-z"], { cwd: project });
    for (const file of files.split("\0").filter((name) => name !== ""))
      cpSync(join(project, file), join(checkout, file));
    const records = join("scripts", "ignition", "deployments", connection.deployment.id);
    cpSync(join(project, records), join(checkout, records), { recursive: true });
    await execute("npm", ["ci", "--omit=dev"], { cwd: checkout });
    const modules = join(checkout, "node_modules");
    const tools = [
      "hardhat",
      "ethers",
      "solc",
      "ts-node",
      "typescript",
      "wabt",
      "@openzeppelin",
      "@foundry-rs",
      "@aztec",
      "@noir-lang",
    ];
    expect(tools.filter((tool) => existsSync(join(modules, tool)))).to.deep.equal([]);
    expect(packagesIn(modules).length).to.be.at.most(80);
    expect(megabytesOf(modules)).to.be.at.most(150);
    const { stdout: help } = await execute("npx", ["mdt", "--help"], { cwd: checkout });
    expect(help).to.match(/^Usage: mdt /);
    const { exitCode, stderr } = await settleOne(checkout, process.execPath, ["dist/mdt.mjs"]);
    expect([exitCode, stderr]).to.deep.equal([0, ""]);

    // The prover isn't installed, and the command says so.
    await registerMiner(connection, nodeAccount(1));
    await submitTask(connection, nodeAccount(2), {
      minerId: 1,
      typeId: 3,
      seconds: 86_400,
      ...inputOf(Uint8Array.of(1)),
    });
    const proving = ["dist/mdt.mjs", "task", "prove", "--task", "1", "--file", "package.json"];
    const env = { ...process.env, MDT_RPC_URL: node.url, MDT_DATA: join(folder, "data") };
    const failed = await execute(process.execPath, proving, { cwd: checkout, env }).catch((error: unknown) => error);
    expect(failed)
      .to.have.property("stderr")
      .that.matches(
        /^This machine can't prove results of model 0x[0-9a-f]{64}: the prover is not installed: run "npm install --prefix \S+\/checkout\/circuits"\.\n$/,
      );
  });

  it("the bundle settles epochs in an empty folder, with nothing but Node, and takes at most 25 MB", async () => {
    await buildProject("bundle");
    const empty = join(folder, "empty");
    cpSync(join(project, "bundle"), empty, { recursive: true });
    expect(megabytesOf(empty)).to.be.at.most(25);
    const { exitCode, stderr } = await settleOne(empty, process.execPath, ["dist/mdt.mjs"]);
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
  });

  it("each unit for systemd starts a command of the program", async () => {
    const folderOfUnits = join(project, "docs", "systemd");
    for (const unit of readdirSync(folderOfUnits)) {
      const [, command] = /^ExecStart=\/usr\/bin\/node (.*)$/m.exec(readFileSync(join(folderOfUnits, unit), "utf8"))!;
      const { stdout: help } = await execute(process.execPath, [...command!.split(" "), "--help"], { cwd: project });
      expect(help).to.match(/^Usage: mdt (keeper start|keeper watch|miner start|validator start|dashboard) /);
    }
  });
});
