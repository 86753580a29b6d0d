import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readerOf } from "../../scripts/chain/connection";
import { type DevelopmentNode, type Listening, spawnNode, startUnique } from "./node";

/** The package of anvil for this platform. The one for Linux on x64 is installed with the others; another one by hand. */
const anvilPackage = `@foundry-rs/anvil-${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;

/** anvil's program; undefined if its package is not installed. */
function anvilProgram(): string | undefined {
  try {
    return require.resolve(`${anvilPackage}/bin/anvil`);
  } catch {
    return undefined;
  }
}

/** The minimum number of blocks whose state anvil keeps in memory. */
const statesInMemory = 10n;

/** A node that can be restarted. */
export interface LastingNode extends DevelopmentNode {
  /**
   * Ends it in an orderly way, and starts it again at the same address with the same chain and an empty mempool. Its time
   * goes on a second after its newest block.
   */
  restart(): Promise<void>;
  /**
   * The oldest block that can become the newest one again. anvil has the states of ten blocks in memory, once there are many;
   * the others it reads from files, as it does all of them after a restart, and what it takes back to those has lost its
   * contracts.
   * @param head The newest block; to be told before each time when blocks are taken back.
   */
  oldestReturn(head: bigint): bigint;
}

/**
 * Starts anvil as a second opinion: a node that nobody of this project and nobody of Hardhat wrote. It has the accounts and
 * the rules of this project's Hardhat node, and mines a block per transaction and none besides. Its time goes a second per
 * block, however slow the machine is. A test is skipped, and says how to change that, on platforms other than Linux on x64
 * if anvil isn't installed.
 * @param slotsInAnEpoch A block is final once twice this many blocks lie on it.
 */
export async function startAnvil(test: Pick<Mocha.Context, "skip">, slotsInAnEpoch = 1): Promise<LastingNode> {
  const program = anvilProgram();
  if (program === undefined) {
    if (process.platform === "linux" && process.arch === "x64") {
      throw new Error("anvil is not installed: run npm ci without leaving out optional packages.");
    }
    process.stderr.write(`Skipped. To run it: npm install --no-save ${anvilPackage}@1.7.1\n`);
    return test.skip();
  }
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-anvil-"));
  const rules = ["--hardfork", "osaka", "--chain-id", "31337", "--accounts", "40"];
  // Verification asks for the state of old blocks; anvil forgets what is older than a few thousand unless it is told not to.
  const memory = ["--preserve-historical-states", "--max-persisted-states", "1000000", "--cache-path", directory];
  const chain = ["--slots-in-an-epoch", String(slotsInAnEpoch), ...memory];
  let listening: Listening;
  const start = async (port: string): Promise<Listening> => {
    const address = ["--host", "127.0.0.1", "--port", port];
    // Where a state is loaded, anvil makes a block 0 of its own beside the one in it: they have to be the same.
    const origin = ["--state", state, "--timestamp", String(genesisTime)];
    const { url, child } = await spawnNode(
      program,
      [...address, ...rules, ...chain, ...origin],
      /Listening on ([\d.:]+)\s/,
    );
    return { url: `http://${url}`, child };
  };
  let chains = 0;
  let state = "";
  let genesisTime = 0;
  let restartedAt = 0n;
  let highest = 0n;
  const node = await startUnique("anvil", async () => {
    state = join(directory, `${chains++}.json`);
    genesisTime = Math.floor(Date.now() / 1_000);
    return (listening = await start("0"));
  });
  const goBySeconds = () => node.control.setBlockTimestampInterval({ interval: 1 });
  await goBySeconds();
  return {
    ...node,
    async restart() {
      const { number, timestamp } = await readerOf(node.url).getBlock();
      const ended = once(listening.child, "exit");
      listening.child.kill("SIGTERM");
      await ended;
      listening.child = (await start(new URL(node.url).port)).child;
      await node.control.setNextBlockTimestamp({ timestamp: timestamp + 1n });
      await goBySeconds();
      restartedAt = number;
    },
    oldestReturn(head) {
      if (head > highest) highest = head;
      const inMemory = highest - (statesInMemory - 1n);
      return inMemory > restartedAt ? inMemory : restartedAt;
    },
    stop() {
      // Its chain is not needed any more, so it need not be written.
      listening.child.kill("SIGKILL");
      node.stop();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
