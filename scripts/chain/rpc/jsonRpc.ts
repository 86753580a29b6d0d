import { type EndpointFault } from "./endpointState";

/** One JSON-RPC call. */
export interface Call {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * Whether a call may be repeated although the first may have arrived: reads, and sending signed transactions. A
 * transaction that the node signs itself would be signed again with the next nonce, and a development node asked to
 * mine would mine again.
 */
export function isRepeatable({ method }: Call): boolean {
  return /^(eth|net|web3)_/.test(method) && method !== "eth_sendTransaction";
}

/** The error member of a JSON-RPC answer. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A node's answer to one call. */
export type Answer =
  | { readonly kind: "result"; readonly result: unknown }
  /**
   * @param fault What the HTTP status says is wrong with the endpoint; counts only if the error itself does not say
   * more.
   */
  | { readonly kind: "error"; readonly error: RpcError; readonly fault?: EndpointFault };

/** The response is no answer to the request: not JSON, cut off, another id, a member missing. */
export class MalformedAnswerError extends Error {
  override readonly name = "MalformedAnswerError";
}

/** The node answers a batch with one error, which says nothing about its calls. */
export class BatchRefusedError extends Error {
  override readonly name = "BatchRefusedError";
  constructor(readonly error: RpcError) {
    super(error.message);
  }
}

/** The body that asks for `calls`; ids count up from `firstId`. A single call travels alone: not every node takes batches. */
export function requestText(calls: readonly Call[], firstId: number): string {
  const bodies = calls.map(({ method, params }, i) => ({ jsonrpc: "2.0", id: firstId + i, method, params }));
  return JSON.stringify(bodies.length === 1 ? bodies[0] : bodies);
}

/**
 * The answers to `count` calls with ids from `firstId` on, in the order of the calls. Nodes may answer a batch in any
 * order, so every id must be there exactly once: else one call would get another's answer.
 * @throws MalformedAnswerError if that is not what `text` holds; BatchRefusedError if it is one error for the whole
 * batch.
 */
export function readAnswers(count: number, firstId: number, text: string): readonly Answer[] {
  const body = parse(text);
  if (count > 1 && !Array.isArray(body)) {
    const refusal = readAnswer(body);
    if (refusal.kind === "error") throw new BatchRefusedError(refusal.error);
    throw new MalformedAnswerError(`answered a batch of ${count} calls with a single answer`);
  }
  const entries: readonly unknown[] = Array.isArray(body) ? body : [body];
  const answers = new Map(entries.map((entry) => [(entry as { readonly id?: unknown } | null)?.id, entry]));
  if (entries.length !== count || answers.size !== count) {
    throw new MalformedAnswerError(`gave ${answers.size} answers to ${count} calls`);
  }
  return Array.from({ length: count }, (_, i) => {
    const entry = answers.get(firstId + i);
    if (entry === undefined) throw new MalformedAnswerError("gave an answer with an unknown id");
    return readAnswer(entry);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedAnswerError(`answered with ${text.length} characters that are not JSON`);
  }
}

/** @throws MalformedAnswerError if an answer has neither a result nor an error. */
export function readAnswer(entry: unknown): Answer {
  const { result, error } = (entry ?? {}) as { readonly result?: unknown; readonly error?: Partial<RpcError> | null };
  if (typeof error?.code === "number" && typeof error.message === "string") {
    return { kind: "error", error: { code: error.code, message: error.message, data: error.data } };
  }
  if (result === undefined) throw new MalformedAnswerError("gave an answer without a result or an error");
  return { kind: "result", result };
}

/** The wire to one endpoint. It repeats nothing and judges nothing. */
export interface Link {
  /**
   * Asks, and waits for all the answers, in the order of the calls.
   * @throws EndpointFault if they don't come whole and in time.
   */
  ask(calls: readonly Call[], timeoutMilliseconds: number): Promise<readonly Answer[]>;
  close(): void;
}
