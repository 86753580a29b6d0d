/** What a line does to one request, which is a call or a batch of calls. */
export type Fault =
  | { readonly kind: "pass" }
  /** The node never sees it, and the connection breaks. */
  | { readonly kind: "dropCall" }
  /** The node has done it, and the connection breaks before the answer. */
  | { readonly kind: "dropAnswer" }
  /** It waits on its way there: later calls overtake it. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** Its answer waits on the way back: later answers overtake it. */
  | { readonly kind: "delayAnswer"; readonly milliseconds: number }
  /** The node gets it twice. */
  | { readonly kind: "duplicate" }
  /** Half an answer, and the connection ends. */
  | { readonly kind: "truncate" }
  /** An answer that is no JSON. */
  | { readonly kind: "garble" }
  /** An answer to another question. */
  | { readonly kind: "wrongId" }
  /** The answers of a batch, last first: which JSON-RPC allows. */
  | { readonly kind: "reorder" }
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** Nothing comes back, and the connection stays open. */
  | { readonly kind: "hang" }
  /** Every answer to `method` is this result. */
  | { readonly kind: "claim"; readonly method: string; readonly result: unknown }
  /** Every answer to `method` is this error. */
  | { readonly kind: "refuse"; readonly method: string; readonly code: number; readonly message: string }
  /** Every result of `method` is changed so. */
  | { readonly kind: "rewrite"; readonly method: string; readonly change: (result: unknown) => unknown }
  /** Signed transactions are taken, and never arrive. */
  | { readonly kind: "swallow" }
  /** Events in which `text` occurs are left out, as if there were none. */
  | { readonly kind: "leaveOut"; readonly text: string }
  /** Wherever a result has `text` it has `instead`: a lie that fits together. */
  | { readonly kind: "forge"; readonly text: string; readonly instead: string }
  /** The head is said to be so many blocks further. */
  | { readonly kind: "shiftHead"; readonly blocks: bigint }
  /** The answer of a node that is so many blocks behind, and knows nothing of them. */
  | { readonly kind: "stale"; readonly blocks: bigint };

interface Message {
  readonly id: number;
  readonly method?: string;
  readonly result?: unknown;
}

/** The text of an answer after the line has changed it. */
export function rewritten(fault: Fault, request: string, answer: string): string {
  if (fault.kind === "garble") return `<html>${answer.slice(1)}`;
  const asked = new Map(listOf(request).map(({ id, method }) => [id, method]));
  const body = JSON.parse(answer) as Message | readonly Message[];
  if (!Array.isArray(body)) return JSON.stringify(changed(fault, asked, body as Message));
  const messages = (body as readonly Message[]).map((message) => changed(fault, asked, message));
  return JSON.stringify(fault.kind === "reorder" ? messages.reverse() : messages);
}

function changed(fault: Fault, asked: ReadonlyMap<number, string | undefined>, message: Message): object {
  const { id, result } = message;
  const method = asked.get(id);
  if (fault.kind === "wrongId") return { ...message, id: id + 1 };
  if (fault.kind === "claim" && method === fault.method) return { jsonrpc: "2.0", id, result: fault.result };
  if (fault.kind === "rewrite" && method === fault.method && result !== undefined) {
    return { ...message, result: fault.change(result) };
  }
  if (fault.kind === "refuse" && method === fault.method) {
    return { jsonrpc: "2.0", id, error: { code: fault.code, message: fault.message } };
  }
  if (fault.kind === "leaveOut" && method === "eth_getLogs") {
    const kept = (result as readonly object[]).filter((log) => !JSON.stringify(log).includes(fault.text));
    return { ...message, result: kept };
  }
  if (fault.kind === "forge") {
    return { ...message, result: JSON.parse(JSON.stringify(result).replaceAll(fault.text, fault.instead)) as unknown };
  }
  if (fault.kind === "shiftHead" && method === "eth_blockNumber") {
    const head = BigInt(result as string) + fault.blocks;
    return { ...message, result: `0x${(head > 0n ? head : 0n).toString(16)}` };
  }
  return message;
}

function listOf(text: string): readonly Message[] {
  const body = JSON.parse(text) as Message | readonly Message[];
  return Array.isArray(body) ? (body as readonly Message[]) : [body as Message];
}

/** Faults by chance: which, and how often. */
export interface Chances {
  /** Of all requests, this part meets a fault. */
  readonly rate: number;
  /** The faults among which the chance chooses. */
  readonly faults: readonly Fault[];
}

/**
 * A plan in which faults come by chance, the same for the same seed.
 * @param seed Any whole number.
 */
export function faultsByChance(seed: number, { rate, faults }: Chances): () => Fault {
  const next = randomNumbers(seed);
  return () => (next() < rate ? faults[Math.floor(next() * faults.length)]! : { kind: "pass" });
}

/** Numbers from 0 to 1: mulberry32, a generator of 32 bits of state. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
