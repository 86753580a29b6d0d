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

/** What an endpoint answered contradicts itself or the contracts' views, or can't be: it is wrong, and another may be right. */
export class ContradictionError extends Error {
  override readonly name: string = "ContradictionError";
}

/** An endpoint left out events: what the contracts themselves say does not follow from those that came. */
export class MissingEventsError extends ContradictionError {
  override readonly name = "MissingEventsError";
}

/**
 * Compares what events add up to with what a view of their contract says at the same block. Nodes are known to answer with
 * fewer logs than there are and without an error, and nothing that is computed from those is right.
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
    `${what} is ${fromEvents} according to an endpoint's events, but ${fromView} according to the contract: the endpoint leaves out events.`,
  );
}

/**
 * Whether an endpoint's answers can't be: a ContradictionError, a contract's view whose answer does not decode or that
 * reverts although it never does, and a block that must exist and doesn't.
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

/** Whether a view failed by what was answered, and not because nothing was. */
function isWrongAnswer(causes: readonly unknown[]): boolean {
  const reads = causes.some(
    (cause) => cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError,
  );
  return reads || !causes.some(isWithoutAnswer);
}

/** What viem and a pool throw where no result came. */
function isWithoutAnswer(cause: unknown): boolean {
  const kinds = [RpcError, RpcRequestError, HttpRequestError, TimeoutError, WebSocketRequestError, NoAnswerError];
  return cause instanceof BaseError && kinds.some((kind) => cause instanceof kind);
}

/** No endpoint of a pool gave an answer, for as long as it was tried. */
export class NoAnswerError extends BaseError {
  override readonly name: string = "NoAnswerError";
}

/** The chain that answers is not the one from the start: a development node was started again. */
export class ChainReplacedError extends NoAnswerError {
  override readonly name = "ChainReplacedError";

  /** @param details Who shows another chain, and which. */
  constructor(details = "") {
    const sentence = "The node was restarted with a new chain: deploy to it if needed, and restart this program.";
    super(sentence, { details });
  }
}
