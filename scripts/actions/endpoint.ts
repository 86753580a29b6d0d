/** Where an account's node is reached, as the Directory says it. */
import { callOf, inNextBlock, type Planned, type Site } from "./plan";

/** The most bytes of an endpoint: the Directory's MAX_ENDPOINT_BYTES. */
export const maxEndpointBytes = 256;

/** What the account has published; empty where it has not. */
export function readEndpoint({ contracts, account }: Site): Promise<string> {
  return contracts.directory.read.endpointOf([account], inNextBlock);
}

/** Publishes where the account's node is reached. @param current What is published now. */
export function planSetEndpoint({ contracts }: Site, current: string, endpoint: string): Planned {
  const isGone = endpoint === "";
  if (endpoint === current) {
    return {
      kind: "nothing",
      sentence: isGone ? "You have published no endpoint." : "This endpoint is already published.",
    };
  }
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.directory, functionName: "setEndpoint", args: [endpoint] }),
      payment: null,
      statements: isGone
        ? [`Your endpoint ${current} is no longer published.`]
        : [
            `You publish ${endpoint} as your node's address, for everyone to read.`,
            "Clients and validators fetch inputs and results from it that are not on chain. You can change or remove it at any time.",
          ],
      outcomeOf: () => ({
        sentence: isGone ? "You no longer publish an endpoint." : `Your endpoint is now ${endpoint}.`,
      }),
    },
  };
}
