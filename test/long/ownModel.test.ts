import { expect } from "chai";
import { execFile, spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getContractAddress, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { readerOf } from "../../scripts/chain/connection";
import { copyCheckout } from "../shared/checkoutCopy";
import { buildProject, type Outcome } from "../shared/commandLine";
import { describeProving } from "../shared/describeProving";
import { type DevelopmentNode, startNode } from "../shared/node";

const docs = readFileSync(join(__dirname, "..", "..", "docs", "proving.md"), "utf8");
const [, guide] = docs.split("\n**Another model,**");

/** The guide's blocks of code, in order, without their indentation. */
const blocks = [...guide!.matchAll(/^ *```(\w+)\n([\s\S]*?)^ *```/gm)].map(([, language, code]) => ({
  language: language!,
  code: code!.replaceAll(/^ {3}/gm, ""),
}));

/** The content of a file, by the guide. */
const file = (name: string): string => blocks.find(({ code }) => code.includes(` ${name}\n`))!.code;

/** The commands of the shell blocks from the one with `from` to the one with `to`. */
function commands(from: string, to = from): string {
  const shell = blocks.flatMap(({ language, code }) => (language === "sh" ? [code] : []));
  const [first, last] = [from, to].map((words) => shell.findIndex((code) => code.includes(words))) as [number, number];
  return shell.slice(first, last + 1).join("");
}

/** Foundry's program for calls by hand, which npm installs on Linux with x64. */
const PATH = `${join(__dirname, "..", "..", "node_modules", ".bin")}:${process.env.PATH!}`;
const isWithoutCast = spawnSync("cast", ["--version"], { env: { PATH } }).error !== undefined;
const isElsewhere = `${process.platform} ${process.arch}` !== "linux x64";
const suite = isWithoutCast && isElsewhere ? describe.skip : describeProving;

interface Type {
  readonly name: string | null;
  readonly proof: { readonly verifier: string; readonly modelHash: string } | null;
}

interface Deployed {
  readonly genesisTimestamp: number;
  readonly addresses: { readonly TaskRegistry: string };
}

suite("Another model, by docs/proving.md, from its weights to paid work", function () {
  // Each test continues from the checkout and chain as the previous one left them.
  this.bail(true);
  let checkout: string;
  let node: DevelopmentNode;
  let deployed: Deployed;

  before(async () => {
    await buildProject();
    checkout = copyCheckout();
    node = await startNode();
    deployed = await answer("npx hardhat deploy --network localhost --json");
  });

  after(() => {
    node.stop();
    rmSync(checkout, { recursive: true });
  });

  /** Runs commands as a reader types them into a shell, which ends at the first that fails. */
  function shell(script: string, { url, dataDirectory } = node, env = {}): Promise<Outcome> {
    const environment = {
      MDT_RPC_URL: url,
      MDT_DATA: dataDirectory,
      MDT_PRIVATE_KEY: "",
      HARDHAT_NETWORK: "localhost",
    };
    return new Promise((resolve) => {
      const options = { cwd: checkout, env: { ...process.env, ...environment, ...env } };
      const child = execFile("sh", ["-e", "-c", script], options, (_error, stdout, stderr) => {
        resolve({ exitCode: child.exitCode ?? -1, stdout, stderr });
      });
    });
  }

  async function run(script: string, ...where: [DevelopmentNode?, object?]): Promise<string> {
    const { exitCode, stdout, stderr } = await shell(script, ...where);
    expect(exitCode, `${script}: ${stderr}`).to.equal(0);
    return stdout;
  }

  const answer = async <T>(command: string, on = node): Promise<T> => JSON.parse(await run(command, on)) as T;
  const taskTypes = (on = node) => answer<readonly Type[]>("npx mdt task types --json", on);
  const write = (name: string, content: string | Uint8Array): void => {
    writeFileSync(join(checkout, name), content);
  };
  const built = () =>
    JSON.parse(readFileSync(join(checkout, "circuits/parity/model.json"), "utf8")) as { modelHash: string };

  it("is built into circuit, hash and verifier, and mistakes in it are named", async () => {
    await run(commands("mkdir -p circuits/parity"));
    const source = file("circuits/parity/src/main.nr");
    const build = commands("circuits:build");
    const refused = await shell("npm run --silent circuits:build -- parity");
    expect([refused.exitCode, refused.stderr]).to.deep.equal([
      1,
      `The file ${checkout}/circuits/parity/model.json can't be read: the file does not exist: check the name.\n`,
    ]);
    write("circuits/parity/src/main.nr", source.replace("as u32, sum % 2", ", sum % 2"));
    const mistaken = await shell(build);
    expect(mistaken.exitCode).to.equal(1);
    expect(mistaken.stderr).to.match(/same bit width.*\n.*circuits\/parity\/src\/main\.nr:\d+: result_bytes\[0\]/);
    write("circuits/parity/src/main.nr", source);
    expect(await run(build)).to.match(/^parity: \d+ gates, 4096 points, model 0x[0-9a-f]{64}$/m);
  });

  it("gets a task type on a running network, through its governor", async () => {
    const governor = mnemonicToAccount("test test test test test test test test test test test junk");
    const key = { MDT_PRIVATE_KEY: toHex(governor.getHdKey().privateKey!), MDT_KEYSTORE_PASSWORD_FILE: "password" };
    write("password", "a long password\n");
    await run("chmod 600 password; npx mdt keeper keystore --out key.json", node, key);
    const reader = readerOf(node.url);
    const nonce = await reader.getTransactionCount({ address: governor.address });
    const verifier = getContractAddress({ from: governor.address, nonce: BigInt(nonce) });
    const script = commands("cast send --create", "cast calldata")
      .replace("https://a", node.url)
      .replace("REGISTRY=0x…", `REGISTRY=${deployed.addresses.TaskRegistry}`)
      .replace("VERIFIER=0x…", `VERIFIER=${verifier}`);
    const said = (await run(script)).trimEnd().split("\n");
    expect(said).to.include("the same bytes");
    expect((await taskTypes())[4]).to.deep.include({ proof: { verifier, modelHash: built().modelHash } });
    const { transactions } = await reader.getBlock({ includeTransactions: true });
    expect(transactions.map(({ input }) => input)).to.deep.equal([said.at(-1)]);
  });

  it("completes a task with a proof, but not if one bit of it is changed", async () => {
    const lines = commands("npx mdt miner register").trim().split("\n");
    const [register, submit, result, prove, complete] = lines as [string, string, string, string, string];
    await run(register);
    await node.advanceTo(BigInt(deployed.genesisTimestamp + 2 * 64));
    await run(submit);
    write("result", Uint8Array.of(0));
    const untrue = await shell(prove);
    expect(untrue.exitCode).to.equal(1);
    expect(untrue.stderr).to.include("Can't prove task 1: the prover failed");
    await run([result, prove].join("\n"));
    const proof = readFileSync(join(checkout, "proof"));
    const changed = Uint8Array.from(proof);
    changed[proof.length >> 1]! ^= 1;
    write("changed", changed);
    const refused = await shell(complete.replace("--proof proof", "--proof changed"));
    expect([refused.exitCode, refused.stderr]).to.deep.equal([
      1,
      'The verifier rejects the proof of task 1: make one for exactly this task, input and result with "task prove".\n',
    ]);
    expect(await run(complete)).to.match(/^Task 1 is completed and counts for epoch 2/);
  });

  it("has its tasks done and proven by a node with the guide's worker", async function () {
    if (spawnSync("python3", ["--version"]).error !== undefined) {
      process.stderr.write("Skipped. To run it: install python3\n");
      return this.skip();
    }
    write("parity.py", file("parity.py"));
    await run(commands("npx mdt miner register").split("\n")[1]!);
    await run(commands("npx mdt miner start").trimEnd() + " --once");
    const tasks = await answer<readonly { status: string; modelHash: string }[]>("npx mdt task list --json");
    const { modelHash } = built();
    expect(tasks.map((task) => [task.status, task.modelHash])).to.deep.equal([
      ["completed", modelHash],
      ["completed", modelHash],
    ]);
  });

  it("is part of a new local network from the start, with its verifier", async () => {
    const path = "scripts/config/local.json";
    const config = JSON.parse(readFileSync(join(checkout, path), "utf8")) as { tasks: { types: unknown[] } };
    config.tasks.types.push(JSON.parse(blocks.find(({ language }) => language === "json")!.code));
    write(path, JSON.stringify(config));
    const another = await startNode();
    try {
      await run("npx hardhat deploy --network localhost", another);
      const { name, proof } = (await taskTypes(another))[4]!;
      expect([name, proof!.modelHash]).to.deep.equal(["parity", built().modelHash]);
      const artifact = `artifacts/contracts/verifiers/ParityVerifier.sol/ParityVerifier.json`;
      const { deployedBytecode } = JSON.parse(readFileSync(join(checkout, artifact), "utf8")) as {
        deployedBytecode: string;
      };
      const code = await readerOf(another.url).getCode({ address: proof!.verifier as `0x${string}` });
      expect(code).to.equal(deployedBytecode);
    } finally {
      another.stop();
    }
  });
});
