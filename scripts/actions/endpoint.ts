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
    return { kind: "nothing", sentence: isGone ? "You have published no endpoint." : "That is published already." };
  }
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.directory, functionName: "setEndpoint", args: [endpoint] }),
      payment: null,
      statements: isGone
        ? [`Your endpoint ${current} is no longer published.`]
        : [
            `Everybody can read that your node is reached at ${endpoint}.`,
            "Clients and validators ask it for what travels off chain. You can change it or take it back at any time.",
          ],
      outcomeOf: () => ({
        sentence: isGone ? "No endpoint of yours is published now." : `Your endpoint is ${endpoint} from now on.`,
      }),
    },
  };
}
