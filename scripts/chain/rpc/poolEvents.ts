/** What a pool of endpoints sees. An endpoint is named by its origin alone: a path or a query may hold a key. */
export type PoolEvent =
  | { readonly kind: "endpointDisabled"; readonly endpoint: string; readonly reason: string }
  | { readonly kind: "endpointEnabled"; readonly endpoint: string }
  | { readonly kind: "rpcError"; readonly endpoint: string; readonly method: string; readonly reason: string };

/** A listener. Must not throw. */
export type PoolListener = (event: PoolEvent) => void;

/** How an endpoint is doing. */
export interface EndpointHealth {
  /** Origin of its URL. */
  readonly endpoint: string;
  /** Why it is disabled for now; null where it is used. */
  readonly disabled: string | null;
  /** The newest block that it claimed; null where it has not been asked. */
  readonly headBlock: bigint | null;
}

/** An endpoint's URL as it may be shown. */
export function originOf(url: string): string {
  return new URL(url).origin;
}
