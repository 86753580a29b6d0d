import { createPublicClient, custom, type EIP1193Provider, http, type PublicClient } from "viem";

/** Reads made together travel in one JSON-RPC batch of up to so many calls. */
const callsPerBatch = 200;

/** Through what the page reads the chain. */
export type ReadSource =
  { readonly kind: "endpoint"; readonly url: string } | { readonly kind: "wallet"; readonly provider: EIP1193Provider };

/** A client that only reads. */
export function createReader(source: ReadSource): PublicClient {
  const transport =
    source.kind === "endpoint"
      ? http(source.url, { batch: { batchSize: callsPerBatch }, retryCount: 1, timeout: 20_000 })
      : custom(source.provider, { retryCount: 0 });
  return createPublicClient({ transport, cacheTime: 0, pollingInterval: 500 });
}
