/**
 * Which answers are possible, for the calls that this program makes. Nothing is checked that honest nodes disagree on.
 */
import { type Hex, keccak256 } from "viem";
import { rangeOf } from "../logRange";
import { type Call } from "./jsonRpc";

type Fields = Readonly<Record<string, unknown>>;
type Check = (result: unknown, params: readonly unknown[]) => boolean;

const isHex = (value: unknown, bytes?: number): value is string =>
  typeof value === "string" &&
  /^0x(?:[0-9a-f]{2})*$/i.test(value) &&
  (bytes === undefined || value.length === 2 + 2 * bytes);

/** @param below Quantities of this size and larger are impossible. */
const isQuantity = (value: unknown, below = 1n << 256n): value is string =>
  typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value) && BigInt(value) < below;

/** Block numbers, nonces and amounts of gas: programs count them as plain numbers. */
const isCount = (value: unknown): value is string => isQuantity(value, 1n << 53n);

const isMissing = (value: unknown): boolean => value === undefined || value === null;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const areQuantities = (fields: Fields, names: readonly string[]): boolean =>
  names.every((name) => isMissing(fields[name]) || isQuantity(fields[name]));

/** Years 2004 to 36812. Block 0 may have any time. */
const isTime = (timestamp: unknown, number: unknown): boolean =>
  isQuantity(timestamp, 1n << 40n) && (number === "0x0" || BigInt(timestamp) >= 1n << 30n);

const blockQuantities = ["baseFeePerGas", "blobGasUsed", "difficulty", "excessBlobGas", "gasLimit", "gasUsed", "size"];

const isBlock: Check = (result, [wanted]) => {
  if (result === null) return true;
  if (!isObject(result)) return false;
  const { number, hash, timestamp, transactions } = result;
  const isPending = wanted === "pending";
  return (
    isTime(timestamp, number) &&
    areQuantities(result, [...blockQuantities, "totalDifficulty"]) &&
    (isMissing(transactions) || Array.isArray(transactions)) &&
    (isPending ? isMissing(number) || isCount(number) : isCount(number) && isHex(hash, 32)) &&
    (!isQuantity(wanted) || BigInt(number as string) === BigInt(wanted))
  );
};

/** A log of a mined block. */
const isLog = (log: unknown): log is Fields & { readonly address: string; readonly topics: readonly string[] } =>
  isObject(log) &&
  isHex(log.address, 20) &&
  isHex(log.data) &&
  Array.isArray(log.topics) &&
  log.topics.every((topic) => isHex(topic, 32)) &&
  isHex(log.blockHash, 32) &&
  isHex(log.transactionHash, 32) &&
  [log.blockNumber, log.logIndex, log.transactionIndex].every(isCount);

const lowerCase = (value: unknown): string => String(value).toLowerCase();

const listed = (value: unknown): ReadonlySet<string> => new Set([value].flat().map(lowerCase));

const areLogs: Check = (result, params) => {
  if (!Array.isArray(result)) return false;
  const { address, topics } = (params[0] ?? {}) as { readonly address?: unknown; readonly topics?: readonly unknown[] };
  const addresses = isMissing(address) ? undefined : listed(address);
  const wanted = (topics ?? []).map((topic) => (topic === null ? undefined : listed(topic)));
  const range = rangeOf({ method: "eth_getLogs", params });
  return result.every(
    (log) =>
      isLog(log) &&
      (addresses === undefined || addresses.has(lowerCase(log.address))) &&
      wanted.every((any, i) => any === undefined || any.has(lowerCase(log.topics[i]))) &&
      (range === undefined ||
        (BigInt(log.blockNumber as string) >= range.fromBlock && BigInt(log.blockNumber as string) <= range.toBlock)),
  );
};

const receiptQuantities = ["cumulativeGasUsed", "effectiveGasPrice", "gasUsed", "transactionIndex"];

const isReceipt: Check = (result, [hash]) =>
  result === null ||
  (isObject(result) &&
    lowerCase(result.transactionHash) === lowerCase(hash) &&
    isCount(result.blockNumber) &&
    areQuantities(result, receiptQuantities) &&
    Array.isArray(result.logs) &&
    result.logs.every(isLog));

const checks: Readonly<Record<string, Check>> = {
  eth_blockNumber: isCount,
  eth_chainId: isCount,
  eth_getTransactionCount: isCount,
  eth_estimateGas: isCount,
  eth_gasPrice: (result) => isQuantity(result),
  eth_maxPriorityFeePerGas: (result) => isQuantity(result),
  eth_getBalance: (result) => isQuantity(result),
  eth_call: (result) => isHex(result),
  eth_getCode: (result) => isHex(result),
  eth_sendRawTransaction: (result, [signed]) => lowerCase(result) === keccak256(signed as Hex),
  eth_sendTransaction: (result) => isHex(result, 32),
  eth_getBlockByNumber: isBlock,
  eth_getLogs: areLogs,
  eth_getTransactionByHash: (result, [hash]) =>
    result === null || (isObject(result) && lowerCase(result.hash) === lowerCase(hash)),
  eth_getTransactionReceipt: isReceipt,
};

/** How many characters of an impossible result are shown. */
const shownCharacters = 60;

/** What is wrong with a result, as the rest of a sentence about its endpoint; undefined if it may be right. */
export function flawOf({ method, params }: Call, result: unknown): string | undefined {
  if (checks[method]?.(result, params) !== false) return undefined;
  const text = JSON.stringify(result);
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return `gave an impossible answer to ${method}: ${shown}`;
}

/** Whether a result says that there is nothing, which another endpoint may know better. */
export function isNothing({ method }: Call, result: unknown): boolean {
  return result === null || (method === "eth_call" && result === "0x");
}
