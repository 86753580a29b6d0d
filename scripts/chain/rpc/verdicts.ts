import { EndpointFault } from "./faults";
import { type RpcError } from "./jsonRpc";

/** What an error answer means. */
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

/** Whose fault an error is. Nodes disagree about codes, so that words count first. */
export function verdictOf({ code, message, data }: RpcError): Verdict {
  if (revert.test(message) || isRangeRefusal(message)) return { kind: "answer" };
  if (limitCodes.has(code) || limit.test(message)) {
    return { kind: "fault", fault: new EndpointFault("limited", `answers that a limit is reached (${code})`) };
  }
  if (elsewhereCodes.has(code) || notHere.test(message)) return { kind: "elsewhere" };
  return code === internalError && data === undefined ? { kind: "elsewhere" } : { kind: "answer" };
}
