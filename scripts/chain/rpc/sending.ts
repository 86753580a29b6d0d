import { type Hex, keccak256 } from "viem";
import { type Answer, type Call } from "./jsonRpc";

/**
 * Whether a call may be made again while nobody knows if it arrived: reads, and sending what is signed already. What a node
 * signs itself would be signed again with the next nonce, and a development node told to mine would mine again.
 */
export function isRepeatable({ method }: Call): boolean {
  return /^(eth|net|web3)_/.test(method) && method !== "eth_sendTransaction";
}

/** What nodes say to bytes that they have already: geth, Hardhat, anvil, Nethermind, Besu, Erigon. */
const known = /already known|already imported|known transaction|alreadyknown|same hash|already exists/i;

/** What nodes say where the nonce is used up: perhaps by these very bytes, in a block already. */
const used = /nonce.{0,20}(too low|used|has already)|oldnonce/i;

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
  const { message } = answer.error;
  const isDone = known.test(message) || (used.test(message) && (await isOnChain(hash)));
  return isDone ? { kind: "result", result: hash } : answer;
}
