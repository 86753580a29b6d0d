import { ContradictionError } from "../../chain/contradiction";

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
