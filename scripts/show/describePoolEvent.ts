import { type PoolEvent } from "../chain/rpc/poolEvents";

/** What a pool of endpoints saw, as one sentence for people. */
export function describePoolEvent(event: PoolEvent): string {
  switch (event.kind) {
    case "endpointLeftAside":
      return `${event.endpoint} is left aside: ${event.reason}`;
    case "endpointBack":
      return `${event.endpoint} is back.`;
    case "rpcError":
      return `${event.endpoint} failed to answer ${event.method}: ${event.reason}`;
  }
}
