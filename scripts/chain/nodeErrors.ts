/** What the errors of nodes mean. Nodes agree on few codes, so their words count first. */
import { BaseError, type Hex, keccak256, RpcError as GeneralRpcError, RpcRequestError } from "viem";
import { wideRangeOf, wordsOfNode } from "./logRange";
import { EndpointFault } from "./rpc/endpointState";
import { type Answer, type Call, type RpcError } from "./rpc/jsonRpc";

/**
 * Why a node refused a transaction, if its nonce or fee is the reason. `alreadyKnown`: the node has this very
 * transaction; `underpriced`: it has another one with the same nonce, and this one pays too little to replace it;
 * `nonceTaken`: a transaction with this nonce is mined; `baseFeeRose`: the fee is now too low for any block.
 */
export type SendingRefusal = "alreadyKnown" | "underpriced" | "nonceTaken" | "baseFeeRose";

/**
 * The words of geth, Nethermind, Besu, Erigon, Reth, anvil and Hardhat. `alreadyKnown` comes first: viem calls it a
 * nonce too low, and keeps the node's own words beside that.
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

/** Why a node refused a transaction, from its words; undefined if they say something else. */
export function sendingRefusalOf(words: string): SendingRefusal | undefined {
  return refusals.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Whether a node says that an account can't pay for gas, in the words of the same nodes. */
export function saysCoinIsMissing(words: string): boolean {
  return /insufficient funds|insufficient (account )?balance|(doesn't|does not) have enough (funds|balance)|upfront cost exceeds|exceeds (account )?balance|exceeds the balance of the account/i.test(
    words,
  );
}

/** The words of an error and all its causes; viem keeps the node's own words in `details`. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof BaseError ? [error.shortMessage, error.details] : [error.message];
  return [...own, ...(error.cause === undefined ? [] : [wordsOf(error.cause)])].join("\n");
}

/**
 * Reads the answer to a transaction that may have been sent before: the same bytes have the same hash, so a refusal of
 * a transaction that the node already has counts as success.
 * @param isOnChain Whether the chain's nodes know the transaction with this hash.
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

/** Who caused an error answer. */
export type Classification =
  /** The node's honest answer: any other node would say the same. */
  | { readonly kind: "answer" }
  /** Another endpoint may answer differently: each one in use is asked, and none is blamed. */
  | { readonly kind: "doubt" }
  /** This node can't know yet: it is asked again if there is no other, and none is blamed. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "fault"; readonly fault: EndpointFault }
  /** Too many calls or too wide a range of logs, and the words don't say which: the second time, it is the range. */
  | { readonly kind: "eitherLimit"; readonly fault: EndpointFault };

const revert = /revert|vm exception|out of gas|invalid opcode/i;
const notHere =
  /header not found|missing trie node|unknown block|block (is )?not found|state .{0,40}not available|historical state|pruned|not (yet )?synced|syncing|internal error|try again/i;

/** Words for limits on how often a client may ask. */
const pace =
  /rate.?limit|request rate|rate (is )?exceeded|too many requests|request limit|requests? (per|\/)|per (second|minute|day)|\/ ?(s|sec|second|minute|day)\b/i;
/** Words for limits on how much a client may ask for: a single question can exceed these. */
const budget = /quota|compute units|throughput|capacity|credits/i;
/** Words for a question that asks for too much. */
const extent =
  /\branges?\b|\b(blocks|results|logs|events|records)\b|response|query (timeout|returned)|too (large|big|wide|long)/i;

/** Codes of JSON-RPC and its extensions: https://eips.ethereum.org/EIPS/eip-1474#error-codes, and QuickNode's -32007. */
const paceCodes: ReadonlySet<number> = new Set([429, -32007]);
const limitCode = -32005;
const elsewhereCodes: ReadonlySet<number> = new Set([-32001, -32002, -32004, -32601]);
const internalError = -32603;

/** Our own code for an answer that is too long to read; JSON-RPC's codes are below zero. */
export const tooLongCode = 0;

/**
 * Classifies an error. A refused range of logs, whatever the words, may be answered by another endpoint or in parts,
 * unless the refusal is for asking too often.
 */
export function classify(call: Call, error: RpcError): Classification {
  const { code, message, data } = error;
  const isOfRange = wideRangeOf(call) !== undefined;
  if (code === tooLongCode && isOfRange) return { kind: "answer" };
  if (revert.test(message) || (typeof data === "string" && /^0x/i.test(data))) return { kind: "answer" };
  const words = wordsOfNode(error);
  const isOfPace = pace.test(words);
  if (isOfPace || paceCodes.has(code) || code === limitCode || budget.test(words)) {
    const isOfExtent = call.method === "eth_getLogs" && !isOfPace && extent.test(words);
    if (isOfExtent) return { kind: "doubt" };
    const fault = new EndpointFault("limited", `reported a reached limit (${code})`);
    return { kind: isOfRange && !isOfPace && !paceCodes.has(code) ? "eitherLimit" : "fault", fault };
  }
  if (isOfRange) return { kind: "doubt" };
  if (elsewhereCodes.has(code) || notHere.test(message)) return { kind: "elsewhere" };
  return { kind: code === internalError && data === undefined ? "elsewhere" : "doubt" };
}

/**
 * The node's own words, if viem's error has only its general sentence for a JSON-RPC code, which hides what the node
 * wants; else undefined.
 */
export function nodeSentenceOf(error: unknown): string | undefined {
  const said = rpcErrorOf(error);
  if (said === undefined || !(error instanceof BaseError)) return undefined;
  const general = error.walk((cause) => cause instanceof GeneralRpcError || cause instanceof RpcRequestError);
  const isGeneral = general instanceof BaseError && general.shortMessage === error.shortMessage;
  return (isGeneral && wordsOfNode(said)) || undefined;
}

/** The error member of the JSON-RPC answer behind an error; undefined if there is none. */
export function rpcErrorOf(error: unknown): RpcError | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const answered = error.walk((cause) => cause instanceof RpcRequestError);
  if (!(answered instanceof RpcRequestError)) return undefined;
  return { code: answered.code, message: answered.details, data: answered.data };
}
