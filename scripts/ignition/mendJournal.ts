import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, type Hash, type PublicClient, type Transaction } from "viem";
import { deploymentDirectory } from "../chain/deployment";

/** A transaction that Hardhat Ignition has asked for, as its journal records it. */
interface Interaction {
  readonly futureId: string;
  readonly networkInteractionId: number;
  readonly from: Address;
  readonly to: Address | undefined;
  readonly data: string;
  /** Null until it was about to be sent. */
  readonly nonce: number | null;
  readonly hashes: readonly Hash[];
}

/** A line of the journal; which other fields it has depends on its type. */
interface Message {
  readonly type: string;
  readonly futureId?: string;
  readonly networkInteractionId?: number;
  readonly nonce?: number;
  readonly [field: string]: unknown;
}

function journalOf(deploymentId: string): string {
  return join(deploymentDirectory(deploymentId), "journal.jsonl");
}

/** How many of a deployment's contracts and calls are complete. */
export function completedSteps(deploymentId: string): number {
  const file = journalOf(deploymentId);
  return existsSync(file) ? readFileSync(file, "utf8").split("EXECUTION_STATE_COMPLETE").length - 1 : 0;
}

/**
 * Corrects the journal of an interrupted deployment from the chain. Hardhat Ignition resumes only if its account has
 * sent nothing since, and if it noted each transaction that it sent: else it counts nonces wrongly and stops for ever.
 * Mined transactions are confirmed; those that were never sent, or whose nonce another one used, are sent again.
 * @param confirmations How many confirmations a transaction needs before it is believed.
 */
export async function mendJournal(reader: PublicClient, deploymentId: string, confirmations: number): Promise<void> {
  const file = journalOf(deploymentId);
  if (!existsSync(file)) return;
  const lines = readFileSync(file, "utf8").split("\n");
  const whole = lines.filter((line, i) => i < lines.length - 1 || isJson(line));
  if (whole.length < lines.length) writeFileSync(file, whole.join("\n"));
  const messages = whole.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Message);
  const { begun, pending } = openIn(messages);
  const news: object[] = begun.map((futureId) => ({ type: "WIPE_APPLY", futureId }));
  for (const interaction of pending) news.push(...(await newsOf(reader, interaction, confirmations)));
  for (const message of news) appendFileSync(file, `\n${JSON.stringify(message)}`);
}

/** Whether a line is whole, or empty: the process may have ended within the last one. */
function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return line === "";
  }
}

/**
 * Steps that were begun and asked for nothing yet, and transactions that were about to be sent and are not known to be
 * mined.
 */
function openIn(messages: readonly Message[]) {
  const fromOf = new Map<string, Address>();
  const latest = new Map<string, Interaction>();
  for (const message of messages) {
    const { type, futureId = "", networkInteractionId = 0, nonce } = message;
    const interaction = latest.get(futureId);
    if (type.endsWith("_EXECUTION_STATE_INITIALIZE") && "from" in message) {
      fromOf.set(futureId, message.from as Address);
    } else if (type === "NETWORK_INTERACTION_REQUEST") {
      const { id, to, data } = message.networkInteraction as { id: number; to?: Address; data: string };
      const unsent = { nonce: null, hashes: [] };
      latest.set(futureId, { futureId, networkInteractionId: id, from: fromOf.get(futureId)!, to, data, ...unsent });
    } else if (type === "WIPE_APPLY" || type.endsWith("_EXECUTION_STATE_COMPLETE")) {
      latest.delete(futureId);
      fromOf.delete(futureId);
    } else if (interaction?.networkInteractionId !== networkInteractionId) {
      continue;
    } else if (type === "TRANSACTION_PREPARE_SEND") {
      latest.set(futureId, { ...interaction, nonce: nonce! });
    } else if (type === "TRANSACTION_SEND") {
      const { hash } = message.transaction as { hash: Hash };
      latest.set(futureId, { ...interaction, nonce: nonce!, hashes: [...interaction.hashes, hash] });
    } else if (type === "ONCHAIN_INTERACTION_REPLACED_BY_USER" || type === "TRANSACTION_CONFIRM") {
      latest.set(futureId, { ...interaction, nonce: null, hashes: [] });
    }
  }
  return {
    begun: [...fromOf.keys()].filter((futureId) => !latest.has(futureId)),
    pending: [...latest.values()].filter(({ nonce }) => nonce !== null),
  };
}

/**
 * Lines for the journal on one transaction, from the chain; none if it is still pending, or was dropped, which Ignition
 * notices itself.
 */
async function newsOf(reader: PublicClient, interaction: Interaction, confirmations: number): Promise<object[]> {
  const { futureId, networkInteractionId, from, to, data, hashes } = interaction;
  const nonce = interaction.nonce!;
  const sendAgain = { type: "ONCHAIN_INTERACTION_REPLACED_BY_USER", futureId, networkInteractionId };
  const mined = await reader.getTransactionCount({ address: from, blockTag: "latest" });
  if (mined <= nonce) {
    const isOnItsWay = (await reader.getTransactionCount({ address: from, blockTag: "pending" })) > nonce;
    return hashes.length > 0 || isOnItsWay ? [] : [sendAgain];
  }
  const transaction = (await minedAmong(reader, hashes)) ?? (await minedWith(reader, from, nonce));
  const isOurs = transaction.input === data && transaction.to?.toLowerCase() === to?.toLowerCase();
  const receipt = await reader.waitForTransactionReceipt({ hash: transaction.hash, confirmations });
  if (!isOurs) return [sendAgain];
  const { hash, maxFeePerGas, maxPriorityFeePerGas, gasPrice } = transaction;
  const wei = (value: bigint) => ({ _kind: "bigint", value: String(value) });
  const fees =
    maxFeePerGas === undefined
      ? { gasPrice: wei(gasPrice) }
      : { maxFeePerGas: wei(maxFeePerGas), maxPriorityFeePerGas: wei(maxPriorityFeePerGas) };
  const { blockHash, blockNumber, contractAddress, logs, status } = receipt;
  const about = { futureId, networkInteractionId };
  const sent = { type: "TRANSACTION_SEND", ...about, nonce, transaction: { hash, fees } };
  const confirmed = {
    type: "TRANSACTION_CONFIRM",
    ...about,
    hash,
    receipt: {
      blockHash,
      blockNumber: Number(blockNumber),
      ...(status === "success" && contractAddress ? { contractAddress: getAddress(contractAddress) } : {}),
      logs: logs.map(({ address, logIndex, data: logged, topics }) => ({ address, logIndex, data: logged, topics })),
      status: status === "success" ? "SUCCESS" : "FAILURE",
    },
  };
  return hashes.includes(hash) ? [confirmed] : [sent, confirmed];
}

/** The one of these transactions that is mined; undefined if none is, or none was noted. */
async function minedAmong(reader: PublicClient, hashes: readonly Hash[]): Promise<Transaction | undefined> {
  for (const hash of hashes) {
    const receipt = await reader.getTransactionReceipt({ hash }).catch(() => undefined);
    if (receipt !== undefined) return reader.getTransaction({ hash });
  }
  return undefined;
}

/**
 * Finds the mined transaction of an account with a nonce: in the first block after which the account has sent more.
 * Needs a node that keeps old states.
 */
async function minedWith(reader: PublicClient, from: Address, nonce: number): Promise<Transaction> {
  let [low, high] = [0n, await reader.getBlockNumber()];
  while (low < high) {
    const middle = (low + high) / 2n;
    const count = await reader.getTransactionCount({ address: from, blockNumber: middle });
    if (count > nonce) high = middle;
    else low = middle + 1n;
  }
  const { transactions } = await reader.getBlock({ blockNumber: high, includeTransactions: true });
  return transactions.find((one) => one.from.toLowerCase() === from.toLowerCase() && one.nonce === nonce)!;
}
