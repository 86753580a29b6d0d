import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { type Address, type Hex, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { writeKeystore } from "../../scripts/chain/keystore";
import { transact } from "../../scripts/chain/transact";
import { acceptedEpochIn } from "../../scripts/keeper/run/objections";
import { buildProject, mdtProgram, type Outcome } from "../shared/commandLine";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

const password = "a password that nobody may see";
/** The part of an endpoint's URL that many providers use as a key. */
const apiKey = "an-api-key-of-the-endpoint";

function keyOf(addressIndex: number): Hex {
  const { privateKey } = mnemonicToAccount("test test test test test test test test test test test junk", {
    addressIndex,
  }).getHdKey();
  return toHex(privateKey!);
}

/** A call of a command, and everything that it wrote. */
interface Running {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

describe("mdt keeper start", () => {
  let node: DevelopmentNode;
  let connection: Connection;
  /** Before anything was deployed. */
  let undeployed: Outcome;
  const everyOutput: string[] = [];

  before(async () => {
    await buildProject();
    node = await startNode();
    undeployed = await start([], { MDT_PRIVATE_KEY: keyOf(0) }).outcome;
    connection = await node.deploy();
  });

  after(() => {
    node.stop();
    const secrets = [password, apiKey, keyOf(0).slice(2), keyOf(5).slice(2)];
    expect(secrets.filter((secret) => everyOutput.join().includes(secret))).to.deep.equal([]);
  });

  /** Runs `keeper start` with further arguments; it is asked to end with SIGTERM once its output has `enough`. */
  function start(args: readonly string[], env: Readonly<Record<string, string>>, enough?: string): Running {
    const child = spawn(process.execPath, [mdtProgram, "keeper", "start", ...args], {
      env: {
        ...process.env,
        MDT_RPC_URL: `${node.url}/${apiKey}`,
        MDT_DATA: node.dataDirectory,
        MDT_PRIVATE_KEY: "",
        HARDHAT_NETWORK: "localhost",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let seen = "";
    child.stdout.on("data", (piece: Buffer) => {
      const wasEnough = enough === undefined || seen.includes(enough);
      seen += piece.toString();
      if (!wasEnough && seen.includes(enough)) child.kill("SIGTERM");
    });
    return { child, outcome: outcomeOf(child) };
  }

  async function outcomeOf(child: ChildProcess): Promise<Outcome> {
    const [stdout, stderr] = [text(child.stdout!), text(child.stderr!)];
    const [exitCode] = (await once(child, "exit")) as [number];
    const outcome = { exitCode, stdout: await stdout, stderr: await stderr };
    everyOutput.push(outcome.stdout, outcome.stderr);
    return outcome;
  }

  /** Lets one more epoch become due. */
  async function becomeDue(): Promise<number> {
    const { treasury } = connection.contracts;
    const epoch = await treasury.read.nextEpochToSettle();
    await node.advanceTo(await treasury.read.revealEnd([epoch]));
    return Number(epoch);
  }

  it("with --json writes an event per line and nothing else, and on SIGTERM stops with a line that says so", async () => {
    const epoch = await becomeDue();
    const { exitCode, stdout, stderr } = await start(["--json"], { MDT_PRIVATE_KEY: keyOf(0) }, '"kind":"final"')
      .outcome;
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string; epoch?: number; reason?: string; endpoints?: string[] });
    expect(events[0]).to.deep.include({ kind: "started", keeper: nodeAccount(0), endpoints: [node.url] });
    expect(events.find(({ kind }) => kind === "mined")).to.include({ epoch });
    expect(events.at(-1)).to.include({ kind: "stopped", reason: "SIGTERM", msg: "Stopped: SIGTERM." });
  });

  it("without --json writes sentences for people, and signs with the key of a keystore", async () => {
    const keystore = join(node.dataDirectory, "keystore.json");
    await writeKeystore(keystore, keyOf(0), password);
    expect(statSync(keystore).mode & 0o777).to.equal(0o600);
    const epoch = await becomeDue();
    const env = { MDT_KEYSTORE: keystore, MDT_KEYSTORE_PASSWORD: password };
    const { exitCode, stdout, stderr } = await start([], env, `Epoch ${epoch} is final`).outcome;
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    const sentences = stdout.trimEnd().split("\n");
    expect(sentences[0]).to.match(
      new RegExp(`Keeper ${nodeAccount(0)} started for chain-31337-\\w+ via ${node.url}\\.$`),
    );
    expect(sentences.filter((line) => !/^\[[-\d: ]+\] INFO: .*\.$/.test(line))).to.deep.equal([]);
    expect(sentences.some((line) => line.includes(`Epoch ${epoch} is settled in block`))).to.equal(true);
    expect(sentences.at(-1)).to.match(/Stopped: SIGTERM\.$/);
  });

  it("posts its warnings to the webhook in MDT_WEBHOOK, including those still queued when it ends", async () => {
    const alerts: unknown[] = [];
    const receiver = createServer((request, response) => {
      void json(request).then((alert) => {
        alerts.push(alert);
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const { port } = receiver.address() as AddressInfo;
    const { exitCode, stderr } = await start(
      ["--json"],
      {
        MDT_PRIVATE_KEY: keyOf(0),
        MDT_RPC_URL: `${node.url},http://127.0.0.1:1/${apiKey}`,
        MDT_WEBHOOK: `http://127.0.0.1:${port}/${apiKey}`,
      },
      '"kind":"endpointDisabled"',
    ).outcome;
    receiver.close();
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    expect(alerts[0]).to.include({ service: "keeper", level: "warn", kind: "endpointDisabled", count: 1 });
    expect(JSON.stringify(alerts)).not.to.include(apiKey);
  });

  it("ends with one sentence, exit code 1 and nothing on stdout if it can't begin", async () => {
    const outcomes = await Promise.all([
      start(["--json"], { MDT_PRIVATE_KEY: `${keyOf(0)}00` }).outcome,
      start(["--json"], { MDT_RPC_URL: `http://127.0.0.1:1/${apiKey}`, MDT_PRIVATE_KEY: keyOf(0) }).outcome,
    ]);
    const failed = { exitCode: 1, stdout: "" };
    expect([...outcomes, undeployed]).to.deep.equal([
      { ...failed, stderr: "MDT_PRIVATE_KEY must be 0x and 64 hexadecimal digits.\n" },
      { ...failed, stderr: outcomes[1].stderr },
      { ...failed, stderr: undeployed.stderr },
    ]);
    // Which of the first questions fails first is random.
    expect(outcomes[1].stderr).to.match(
      /^No endpoint answered eth_\w+: http:\/\/127\.0\.0\.1:1 can't be reached \(ECONNREFUSED\)\.\n$/,
    );
    expect(undeployed.stderr).to.match(/^Nothing is deployed on .*\.\n$/);
  });

  it("needs no key if a Safe settles: the file's call, made by the role's holder, settles the epoch", async () => {
    const epoch = await becomeDue();
    const file = join(node.dataDirectory, "safe.json");
    const { exitCode, stderr } = await node.command("epoch", "settle", "--safe", file, "--json");
    expect(exitCode, stderr).to.equal(0);
    const batch = JSON.parse(readFileSync(file, "utf8")) as { transactions: { to: Address; data: Hex }[] };
    const [{ to, data }] = batch.transactions as [{ to: Address; data: Hex }];
    const { settlementQuorum, treasury } = connection.contracts;
    expect([batch.transactions.length, to]).to.deep.equal([1, settlementQuorum.address]);
    expect(Number(await treasury.read.nextEpochToSettle())).to.equal(epoch);
    await transact(connection, nodeAccount(0), {
      ...settlementQuorum,
      functionName: "multicall",
      args: [[data]],
    });
    expect(Number(await treasury.read.nextEpochToSettle())).to.equal(epoch + 1);
  });

  it("lets keeper accept record the next epoch to settle, and no other, in its data directory", async () => {
    const epoch = await becomeDue();
    const accept = (which: number, ...json: readonly string[]) =>
      node.command("keeper", "accept", "--epoch", `${which}`, ...json);
    const nothing = { exitCode: 0, stdout: `Nothing to do: epoch ${epoch - 1} is settled.\n`, stderr: "" };
    expect(await accept(epoch - 1)).to.deep.equal(nothing);
    const tooEarly = { exitCode: 1, stdout: "", stderr: `Epoch ${epoch} must be settled first: check that one.\n` };
    expect(await accept(epoch + 1)).to.deep.equal(tooEarly);
    const directory = join(node.dataDirectory, connection.deployment.id);
    expect(acceptedEpochIn(directory)).to.equal(undefined);
    const { stdout } = await accept(epoch, "--json");
    expect(JSON.parse(stdout)).to.deep.equal({ epoch, file: join(directory, "accepted-epoch") });
    expect(acceptedEpochIn(directory)).to.equal(epoch);
  });
});
