/** What the errors of nodes mean. Nodes agree on few codes, so that their words count first. */
import { BaseError, type Hex, keccak256, RpcError as GeneralRpcError, RpcRequestError } from "viem";
import { wideRangeOf, wordsOfNode } from "./logRange";
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

/** What a node's words mean of the transaction that it was sent; undefined if they say something else. */
export function sendingRefusalOf(words: string): SendingRefusal | undefined {
  return refusals.find(([, pattern]) => pattern.test(words))?.[0];
}

/** Whether a node says that an account can't pay for gas; in the words of the same nodes. */
export function saysCoinIsMissing(words: string): boolean {
  return /insufficient funds|insufficient (account )?balance|(doesn't|does not) have enough (funds|balance)|upfront cost exceeds|exceeds (account )?balance|exceeds the balance of the account/i.test(
    words,
  );
}

/** What every error in the chain of causes says; viem keeps the node's own words in `details`. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error instanceof BaseError ? [error.shortMessage, error.details] : [error.message];
  return [...own, ...(error.cause === undefined ? [] : [wordsOf(error.cause)])].join("\n");
}

/**
 * What a node's answer means to anyone who sends a transaction that may have been sent before: the same bytes have the
 * same hash, so "I have that one" is as good as the first answer would have been.
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
export type Classification =
  /** The node's honest answer: any other would say the same. */
  | { readonly kind: "answer" }
  /** Another endpoint may answer otherwise: each in use is asked, and nobody is blamed. */
  | { readonly kind: "doubt" }
  /** This node can't know, and may soon: it is asked again where there is no other, and nobody is blamed. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "fault"; readonly fault: EndpointFault }
  /** Too many calls or too wide a range of logs, and the words don't say which: said again, it is the range. */
  | { readonly kind: "eitherLimit"; readonly fault: EndpointFault };

const revert = /revert|vm exception|out of gas|invalid opcode/i;
const notHere =
  /header not found|missing trie node|unknown block|block (is )?not found|state .{0,40}not available|historical state|pruned|not (yet )?synced|syncing|internal error|try again/i;

/** Limits of how often may be asked. */
const pace =
  /rate.?limit|request rate|rate (is )?exceeded|too many requests|request limit|requests? (per|\/)|per (second|minute|day)|\/ ?(s|sec|second|minute|day)\b/i;
/** Limits of how much may be asked: of that a single question can be too much. */
const budget = /quota|compute units|throughput|capacity|credits/i;
/** What a question asks for, where that is too much. */
const extent =
  /\branges?\b|\b(blocks|results|logs|events|records)\b|response|query (timeout|returned)|too (large|big|wide|long)/i;

/** Codes of JSON-RPC and its extensions: https://eips.ethereum.org/EIPS/eip-1474#error-codes, and QuickNode's -32007. */
const paceCodes: ReadonlySet<number> = new Set([429, -32007]);
const limitCode = -32005;
const elsewhereCodes: ReadonlySet<number> = new Set([-32001, -32002, -32004, -32601]);
const internalError = -32603;

/** Of an answer that is too long to be read: a node's own codes are none of JSON-RPC's, or below zero. */
export const tooLongCode = 0;

/**
 * Whose fault an error is. A range of logs that is refused in whatever words may be answered by another endpoint, or in
 * parts; only limits of how often may be asked are none of it.
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
    const fault = new EndpointFault("limited", `answered that a limit is reached (${code})`);
    return { kind: isOfRange && !isOfPace && !paceCodes.has(code) ? "eitherLimit" : "fault", fault };
  }
  if (isOfRange) return { kind: "doubt" };
  if (elsewhereCodes.has(code) || notHere.test(message)) return { kind: "elsewhere" };
  return { kind: code === internalError && data === undefined ? "elsewhere" : "doubt" };
}

/**
 * What a node said, where that is all there is to say of an error: viem has sentences of its own for JSON-RPC's codes, which
 * hide what the node wants.
 */
export function nodeSentenceOf(error: unknown): string | undefined {
  const said = rpcErrorOf(error);
  if (said === undefined || !(error instanceof BaseError)) return undefined;
  const general = error.walk((cause) => cause instanceof GeneralRpcError || cause instanceof RpcRequestError);
  const isGeneral = general instanceof BaseError && general.shortMessage === error.shortMessage;
  return (isGeneral && wordsOfNode(said)) || undefined;
}

/** The error member of the answer that an error stands for. */
export function rpcErrorOf(error: unknown): RpcError | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const answered = error.walk((cause) => cause instanceof RpcRequestError);
  if (!(answered instanceof RpcRequestError)) return undefined;
  return { code: answered.code, message: answered.details, data: answered.data };
}
