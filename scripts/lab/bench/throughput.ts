import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, bytesToHex, createWalletClient, keccak256, parseEther } from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { registerMiner } from "../../actions/miners";
import { startOf } from "../../views/epochTimes";
import { type Connection } from "../../chain/connection";
import { transact } from "../../chain/transact";
import { openBlobFinder } from "../../nodes/blobs/finder";
import { openBlobStore } from "../../nodes/blobs/store";
import { Submissions } from "../../nodes/clients/submissions";
import { digitImages } from "../../nodes/digits/samples";
import { openMiner } from "../../nodes/miner/miner";
import { type MinerEvent } from "../../nodes/run/nodeEvents";
import { type Node } from "../../nodes/run/node";
import { viewChain } from "../../nodes/run/nodeView";
import { Outbox } from "../../nodes/run/outbox";
import { type BenchRow, row } from "./measure";
import { inTemporaryFolder } from "../temporaryFolder";

/** A freshly deployed network on a node that mines each transaction at once. */
export interface Place {
  readonly connection: Connection;
  /** Moves time to `timestamp`, unix seconds. */
  readonly advanceTo: (timestamp: bigint) => Promise<void>;
  /** Two accounts that the node signs for: the first holds tokens for everyone, the second pays for tasks. */
  readonly funder: Address;
  readonly client: Address;
}

const TASKS = 200;
const TASKS_ALONE = 10;

/**
 * How many tasks go from a client to the chain, to miners, through the built-in model, and back to the chain, where
 * they count. One process is client and miners; like nodes, miners look, decide and send, each for its own account.
 * @param node The node's name.
 * @param sizes Numbers of miners.
 */
export async function throughputRows(
  node: string,
  place: Place,
  sizes: readonly number[],
): Promise<readonly BenchRow[]> {
  const accounts = await registeredMiners(place, Math.max(...sizes));
  const rows: BenchRow[] = [];
  const alone = await measured(place, accounts.slice(0, 1), TASKS_ALONE, 1);
  rows.push(row(`a task alone, submitted to counted: ${node}`, "s", 1, alone.seconds / TASKS_ALONE));
  for (const size of sizes) {
    const { seconds, transactions } = await measured(place, accounts.slice(0, size), TASKS, TASKS);
    rows.push(row(`tasks a second, submitted to counted: ${node}`, "tasks/s", size, TASKS / seconds));
    rows.push(row(`tasks completed by a transaction: ${node}`, "tasks", size, TASKS / transactions));
  }
  return rows;
}

/** Registers accounts that may complete tasks, and gives them coin for gas. */
async function registeredMiners(
  { connection, funder, advanceTo }: Place,
  count: number,
): Promise<readonly HDAccount[]> {
  const { token, taskRegistry } = connection.contracts;
  // Not the node's own accounts.
  const accounts = Array.from({ length: count }, (_, i) =>
    mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: 1_000 + i }),
  );
  let activeFrom = 0;
  for (const account of accounts) {
    const priceWei = await taskRegistry.read.registrationPriceWei();
    const args = [account.address, 2n * priceWei] as const;
    await transact(connection, funder, { ...token, functionName: "transfer", args });
    await sendCoin(connection, funder, account.address);
    activeFrom = (await registerMiner(connection, account)).activeFromEpoch;
  }
  await advanceTo(BigInt(startOf(connection, activeFrom)));
  return accounts;
}

async function sendCoin({ transport, reader }: Connection, from: Address, to: Address): Promise<void> {
  const wallet = createWalletClient({ account: from, transport });
  const hash = await wallet.sendTransaction({ to, value: parseEther("1"), chain: null });
  await reader.waitForTransactionReceipt({ hash });
}

/** What a run took. */
interface Run {
  readonly seconds: number;
  /** Transactions that completed tasks. */
  readonly transactions: number;
}

/** @param atATime How many tasks are pending at a time; divides `tasks`. */
function measured(place: Place, accounts: readonly HDAccount[], tasks: number, atATime: number): Promise<Run> {
  return inTemporaryFolder((folder) => measuredIn(folder, place, accounts, tasks, atATime));
}

async function measuredIn(
  folder: string,
  { connection, client }: Place,
  accounts: readonly HDAccount[],
  tasks: number,
  atATime: number,
): Promise<Run> {
  const { taskRegistry } = connection.contracts;
  const stopping = new AbortController();
  let completed = 0;
  let transactions = 0;
  const tell = (event: MinerEvent): void => {
    if (event.kind !== "mined" || event.hasReverted) return;
    transactions++;
    completed += event.duties.length;
  };
  const working = Promise.all(
    accounts.map((account) =>
      mine(connection, account, { folder, pauseMilliseconds: 2 * accounts.length, tell, stopping: stopping.signal }),
    ),
  );
  try {
    const feeWei = await taskRegistry.read.minimumFeeWei([1], { blockTag: "pending" });
    const minerIds = await Promise.all(accounts.map(({ address }) => taskRegistry.read.minerIdOf([address])));
    const deadline = Number((await connection.reader.getBlock()).timestamp) + 86_400;
    const submissions = new Submissions(connection, client);
    const began = performance.now();
    for (let from = 0; from < tasks; from += atATime) {
      const orders = Array.from({ length: atATime }, (_, i) => {
        const { image } = digitImages[(from + i) % digitImages.length]!;
        const bytes = { inputHash: keccak256(image), input: bytesToHex(image) };
        const minerId = minerIds[(from + i) % minerIds.length]!;
        return submissions.submit({ minerId, typeId: 1, feeWei, deadline, ...bytes });
      });
      await Promise.race([Promise.all(orders), working]);
      while (completed < from + atATime) await Promise.race([sleep(5), working]);
    }
    return { seconds: (performance.now() - began) / 1_000, transactions };
  } finally {
    stopping.abort("measured");
    await working;
  }
}

interface Mining {
  readonly folder: string;
  /** Pause between two looks if there is nothing to do: all miners together look at most 500 times a second. */
  readonly pauseMilliseconds: number;
  readonly tell: (event: MinerEvent) => void;
  readonly stopping: AbortSignal;
}

/** Looks, decides and sends as a miner's node does, until it is stopped. */
async function mine(
  connection: Connection,
  signer: HDAccount,
  { folder: directory, pauseMilliseconds, tell, stopping }: Mining,
): Promise<void> {
  const blobs = await openBlobStore(join(directory, "blobs"));
  const node: Node<MinerEvent> = {
    ...{ connection, signer, directory, blobs, tell, stopping, random: Math.random },
    ...{ singleEndpoints: () => [], endpointCount: 1, accuse: () => false },
    finder: openBlobFinder(blobs, { allowPrivate: false }),
    clock: () => performance.now() / 1_000,
    onServingFailure: (error) => {
      throw error;
    },
  };
  const role = await openMiner(node, { worker: "digits", concurrency: 64, taskSeconds: 60, types: null });
  const outbox = new Outbox({ ...node, dryRun: false });
  while (!stopping.aborted) {
    const view = await viewChain(connection, signer.address);
    const { duties } = await role.look(view);
    await outbox.advance(view, duties);
    if (!outbox.isBusyWith(duties)) await sleep(pauseMilliseconds);
  }
  await role.close();
}
