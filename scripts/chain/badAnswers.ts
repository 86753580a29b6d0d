import {
  BaseError,
  BlockNotFoundError,
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  getAbiItem,
  HttpRequestError,
  RpcError,
  RpcRequestError,
  TimeoutError,
  WebSocketRequestError,
} from "viem";

/**
 * An endpoint's answer contradicts itself or the contracts' views, or is impossible: it is wrong, and another may be
 * right.
 */
export class ContradictionError extends Error {
  override readonly name: string = "ContradictionError";
}

/** An endpoint omitted events: those that came don't add up to what the contracts say. */
export class MissingEventsError extends ContradictionError {
  override readonly name = "MissingEventsError";
}

/**
 * Compares what events add up to with a view of their contract at the same block. Nodes are known to omit logs without
 * an error, and anything computed from the rest is wrong.
 * @param what What is compared, as the beginning of a sentence.
 * @throws MissingEventsError
 */
export function requireWholeEvents<T extends bigint | boolean | string>(
  what: string,
  fromEvents: T,
  fromView: T,
): void {
  if (fromEvents === fromView) return;
  throw new MissingEventsError(
    `${what} is ${fromEvents} according to an endpoint's events, but ${fromView} according to the contract: the endpoint omits events.`,
  );
}

/**
 * Whether an error shows that an endpoint's answers are wrong: a ContradictionError, a contract's view that does not
 * decode or that reverts although it never should, or a missing block that must exist.
 */
export function isContradiction(error: unknown): boolean {
  const causes = causesOf(error);
  return causes.some(
    (cause) =>
      cause instanceof ContradictionError ||
      cause instanceof BlockNotFoundError ||
      (cause instanceof ContractFunctionExecutionError && isOfView(cause) && isWrongAnswer(causes)),
  );
}

function causesOf(error: unknown): readonly unknown[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}

function isOfView({ abi, functionName }: ContractFunctionExecutionError): boolean {
  const item = getAbiItem({ abi, name: functionName });
  return item?.type === "function" && (item.stateMutability === "view" || item.stateMutability === "pure");
}

/** Whether a view failed because of its answer, and not because none came. */
function isWrongAnswer(causes: readonly unknown[]): boolean {
  const reads = causes.some(
    (cause) => cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError,
  );
  return reads || !causes.some(isWithoutAnswer);
}

/** Whether this is an error that viem or a pool throws if no result came. */
function isWithoutAnswer(cause: unknown): boolean {
  const kinds = [RpcError, RpcRequestError, HttpRequestError, TimeoutError, WebSocketRequestError, NoAnswerError];
  return cause instanceof BaseError && kinds.some((kind) => cause instanceof kind);
}

/** No endpoint of a pool gave an answer in all attempts. */
export class NoAnswerError extends BaseError {
  override readonly name: string = "NoAnswerError";
}

/** Another chain answers than at the start: a development node was restarted. */
export class ChainReplacedError extends NoAnswerError {
  override readonly name = "ChainReplacedError";

  /** @param details Which endpoints show another chain, and which chain. */
  constructor(details = "") {
    const sentence = "The node was restarted with a new chain: deploy to it if needed, and restart this program.";
    super(sentence, { details });
  }
}
