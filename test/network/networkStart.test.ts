import { expect } from "chai";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { type AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { readerOf } from "../../scripts/chain/connection";
import { deploymentDirectory, deploymentIdOf } from "../../scripts/chain/deployment";
import { buildProject, hardhatScript, runHardhat } from "../shared/commandLine";
import { whyNotProving } from "../shared/describeProving";

interface Person {
  readonly name: string;
  readonly role: string;
  readonly behaviour: string;
  readonly account: string;
  readonly earnedWei: string;
  readonly expectedWei: string;
}

/** What `network start --json` prints. */
interface Report {
  readonly epochs: readonly {
    epoch: number;
    settled: boolean;
    verified: boolean;
    emissionWei: string;
    provenFeesWei: string;
    signedWei: string | null;
  }[];
  readonly people: readonly Person[];
  readonly warnings: readonly string[];
}

/** The command while it runs, in a process group of its own, as a terminal would give it. */
interface Running {
  readonly child: ChildProcess;
  /** Waits for a line that it says on stderr, now or later. */
  said(line: RegExp): Promise<RegExpExecArray>;
  /** Waits until it has ended. @returns What it printed. */
  ended(): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }>;
}

function start(...args: string[]): Running {
  const child = spawn(process.execPath, [hardhatScript, "network", "start", ...args, ...anyPorts], { detached: true });
  const lines: string[] = [];
  let stdout = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const reading = createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  const closed = once(child, "close");
  return {
    child,
    async said(line) {
      for (;;) {
        const found = lines.map((one) => line.exec(one)).find((one) => one !== null);
        if (found) return found;
        if (child.exitCode !== null) throw new Error(`It ended: ${lines.join("\n")}`);
        await Promise.race([once(reading, "line"), closed]);
      }
    },
    async ended() {
      await closed;
      return { exitCode: child.exitCode, stdout, stderr: lines.join("\n") };
    },
  };
}

const anyPorts = ["--json", "--port", "0", "--rpc-port", "0"];

/** The processes that a process has started, by id, with their command lines. */
function childrenOf({ pid }: ChildProcess): ReadonlyMap<number, string> {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  const read = rows.map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)!);
  return new Map(read.filter((row) => Number(row[2]) === pid).map((row) => [Number(row[1]), row[3]!]));
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const foldersInTmp = () => readdirSync(tmpdir()).filter((name) => name.startsWith("moderntensor-network-"));

/** The folder that records the deployment on a running network's chain; other chains have folders beside it. */
async function recordOf(running: Running): Promise<string> {
  const [, url] = await running.said(/^Chain +(http\S+)/);
  return deploymentDirectory(await deploymentIdOf(readerOf(url!)));
}

describe("network start", () => {
  before(() => buildProject());

  it("pays everyone in a living network what they should earn, verified and without warnings, and leaves nothing behind", async () => {
    const folders = foldersInTmp();
    const running = start("--epochs", "3", "--epoch-seconds", "32");
    const record = await recordOf(running);
    expect(existsSync(record)).to.equal(true);
    const [, processes, mebibytes] = await running.said(/(\d+) processes use (\d+) MiB/);
    const started = childrenOf(running.child);
    const { exitCode, stdout, stderr } = await running.ended();
    expect([exitCode, stderr.includes("Warning")]).to.deep.equal([0, false], stderr);

    const { epochs, people, warnings } = JSON.parse(stdout) as Report;
    expect(warnings).to.deep.equal([]);
    expect(epochs).to.have.lengthOf(3);
    // An image that is proven costs 4.8 MDT, half of it after a halving.
    const provenWei = epochs.reduce((sumWei, { provenFeesWei }) => sumWei + BigInt(provenFeesWei), 0n);
    expect(provenWei >= (whyNotProving === undefined ? 48n * 10n ** 17n : 0n)).to.equal(true, `${provenWei}`);
    for (const { settled, verified, emissionWei, signedWei } of epochs) {
      expect([settled, verified]).to.deep.equal([true, true]);
      expect(BigInt(emissionWei) > 0n).to.equal(true);
      // Two thirds of the stake have signed it, and nobody settled it alone.
      expect(BigInt(signedWei ?? "0") > 0n).to.equal(true);
    }

    const count = (role: string) => people.filter((person) => person.role === role).length;
    expect([count("validator"), count("miner")]).to.deep.equal([4, 8]);
    for (const { name, earnedWei, expectedWei } of people) expect([name, earnedWei]).to.deep.equal([name, expectedWei]);
    const earned = (role: string, behaviour: string) =>
      people.filter((one) => one.role === role && one.behaviour === behaviour).map((one) => BigInt(one.earnedWei));
    for (const wei of [...earned("validator", "honest"), ...earned("miner", "honest")]) expect(wei > 0n).to.equal(true);
    expect(earned("miner", "dead")).to.deep.equal([0n]);
    const good = earned("miner", "honest");
    const average = good.reduce((sum, wei) => sum + wei, 0n) / BigInt(good.length);
    for (const wei of earned("miner", "poor")) expect(wei < average / 2n).to.equal(true);

    expect(Number(processes)).to.equal(started.size + 1);
    expect(Number(mebibytes)).to.be.at.most(2_048);
    expect([...started.keys()].filter(isAlive)).to.deep.equal([]);
    expect(foldersInTmp()).to.have.members(folders);
    expect(existsSync(record)).to.equal(false);
  });

  it("reports a process that exits, and restarts it; Ctrl-C, pressed once or more, ends all processes", async () => {
    const folders = foldersInTmp();
    const running = start("--epoch-seconds", "32");
    const record = await recordOf(running);
    await running.said(/processes use/);
    const started = childrenOf(running.child);
    const [pid] = [...started].find(([, args]) => args.includes("miner start"))!;
    process.kill(pid, "SIGKILL");
    const [, who] = await running.said(/^Warning: (Miner \w+): ended by itself \(SIGKILL\)/);
    await running.said(/^Epoch \d+: .* verified/);
    const restarted = [...childrenOf(running.child).keys()];
    expect(restarted).to.have.lengthOf(started.size);
    expect(restarted).not.to.include(pid);

    for (let time = 0; time < 3; time++) process.kill(-running.child.pid!, "SIGINT");
    const { exitCode, stdout } = await running.ended();
    expect(exitCode).to.equal(0);
    const { epochs, warnings } = JSON.parse(stdout) as Report;
    expect(epochs.every(({ verified }) => verified)).to.equal(true);
    expect(warnings.filter((sentence) => sentence.startsWith(`${who}: ended by itself`))).to.have.lengthOf(1);
    expect([...started.keys(), ...restarted].filter(isAlive)).to.deep.equal([]);
    expect(foldersInTmp()).to.have.members(folders);
    expect(existsSync(record)).to.equal(false);
  });

  it("says in one sentence that a port is taken, or that an epoch can't have the given seconds", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const refused = (...args: string[]) => runHardhat(["network", "start", ...args], {});
    expect(await refused("--rpc-port", String(port))).to.deep.equal({
      exitCode: 1,
      stdout: "",
      stderr: `Port ${port} is taken: end what listens there, or choose another with --rpc-port.\n`,
    });
    server.close();
    expect(await refused("--epoch-seconds", "65")).to.deep.equal({
      exitCode: 1,
      stdout: "",
      stderr: "--epoch-seconds must be from 16 to 64, or a multiple of 32 up to 86400, not 65.\n",
    });
  });
});
