/** What the errors of nodes mean. Nodes agree on few codes, so that their words count first. */
import { BaseError, type Hex, keccak256 } from "viem";
import { EndpointFault } from "./rpc/endpointState";
import { type Answer, type Call, type RpcError } from "./rpc/jsonRpc";

/**
 * Why a node did not take a transaction, where it says something of the transaction's place in the chain:
 * `alreadyKnown` it has this very transaction; `underpriced` it has another one with the same nonce that pays too well to be
 * replaced by this one; `nonceTaken` a transaction with this nonce is mined; `baseFeeRose` no block takes so low a fee now.
 */
export type SendingRefusal = "alreadyKnown" | "underpriced" | "nonceTaken" | "baseFeeRose";

/**
 * The words of geth, Nethermind, Besu, Erigon, Reth, anvil and Hardhat. What a node has already comes first: viem calls that
 * a nonce too low, and keeps the node's own words beside it.
 */
const refusals: readonly (readonly [SendingRefusal, RegExp])[] = [
  ["alreadyKnown", /already ?known|known transaction|already imported|already in mempool|same hash|already exists/i],
  [
    "underpriced",
    /replacement (transaction|tx) underpriced|replacement ?not ?allowed|fee ?too ?low ?to ?compete|could not replace existing/i,
  ],
  [
    "nonceTaken",
    /nonce.{0,20}(too low|used|has already)|nonce provided for the transaction .{0,20}is lower|old ?nonce|invalid nonce/i,
  ],
  [
    "baseFeeRose",
    /less than (the )?block base fee|below current base fee|max ?fee ?per ?gas.*(too low|less than|lower than)/i,
  ],
];

/** What a node's words mean of the transaction that it was sent; undefined where they say something else. */
export function sendingRefusalOf(words: string): SendingRefusal | undefined {
  return refusals.find(([, pattern]) => pattern.test(words))?.[0];
}

/** What every error in the chain of causes says; viem keeps the node's own words in `details`. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof BaseError ? [error.shortMessage, error.details] : [error.message];
  return [...own, ...(error.cause === undefined ? [] : [wordsOf(error.cause)])].join("\n");
}

/**
 * What a node's answer means to whoever sends a transaction that may have been sent before: the same bytes have the same
 * hash, so "I have that one" is as good as the first answer would have been.
 * @param isOnChain Whether the node knows the transaction with a hash.
 */
export async function answerToSending(
  call: Call,
  answer: Answer,
  isOnChain: (hash: Hex) => Promise<boolean>,
): Promise<Answer> {
  if (call.method !== "eth_sendRawTransaction" || answer.kind === "result") return answer;
  const hash = keccak256(call.params[0] as Hex);
  const refusal = sendingRefusalOf(answer.error.message);
  const isDone = refusal === "alreadyKnown" || (refusal === "nonceTaken" && (await isOnChain(hash)));
  return isDone ? { kind: "result", result: hash } : answer;
}

/** Whose an error answer is. */
export type Verdict =
  /** The node's honest answer: any other would say the same. */
  | { readonly kind: "answer" }
  /** This node can't know, and another may: it is asked, and nobody is blamed. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "fault"; readonly fault: EndpointFault };

const revert = /revert|vm exception|out of gas|invalid opcode/i;
const limit = /rate.?limit|too many requests|request limit|requests per second|quota|compute units|throughput/i;
const notHere =
  /header not found|missing trie node|unknown block|block (is )?not found|state .{0,40}not available|historical state|pruned|not (yet )?synced|syncing|internal error|try again/i;

/** Ranges of logs that a provider finds too large, in the words of geth, Infura, Alchemy, QuickNode, Ankr and others. */
const range =
  /query returned more than|(block )?range (is )?(too|exceed|limit)|exceeds? .{0,30}(block )?range|range .{0,40}(exceed|limit|too (large|wide|big))|too many (results|logs|blocks)|response size|response (is )?too (large|big)|log response|max(imum)? (results|block range)|limited to (a )?[\d,]+ (blocks?|range)|eth_getlogs .{0,40}limited|query timeout|more than [\d,]+ (results|logs|blocks)/i;

/** Whether a node refuses a range of logs, which it may answer in parts. */
export function isRangeRefusal(message: string): boolean {
  return range.test(message) && !/requests? per second/i.test(message);
}

/** Codes of JSON-RPC and its extensions: https://eips.ethereum.org/EIPS/eip-1474#error-codes, and QuickNode's -32007. */
const limitCodes: ReadonlySet<number> = new Set([429, -32005, -32007]);
const elsewhereCodes: ReadonlySet<number> = new Set([-32001, -32002, -32004, -32601]);
const internalError = -32603;

/** Whose fault an error is. */
export function verdictOf({ code, message, data }: RpcError): Verdict {
  if (revert.test(message) || isRangeRefusal(message)) return { kind: "answer" };
  if (limitCodes.has(code) || limit.test(message)) {
    return { kind: "fault", fault: new EndpointFault("limited", `answers that a limit is reached (${code})`) };
  }
  if (elsewhereCodes.has(code) || notHere.test(message)) return { kind: "elsewhere" };
  return code === internalError && data === undefined ? { kind: "elsewhere" } : { kind: "answer" };
}
