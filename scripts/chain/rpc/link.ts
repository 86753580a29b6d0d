import { type Answer, type Call } from "./jsonRpc";

/** The wire to one endpoint. It repeats nothing and judges nothing. */
export interface Link {
  /**
   * Asks, and waits for all the answers, in the order of the calls.
   * @throws EndpointFault where they don't come, in time and whole.
   */
  ask(calls: readonly Call[], timeoutMilliseconds: number): Promise<readonly Answer[]>;
  close(): void;
}
