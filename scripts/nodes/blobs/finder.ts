import { setTimeout as sleep } from "node:timers/promises";
import { type Hex, keccak256 } from "viem";
import { type AskingRules, askEndpoint, withEitherSignal } from "../../chain/askEndpoint";
import { blobPath, hashOfBlob, maxBlobBytes, type BlobStore } from "./store";

/** Finds blobs on this disk and on strangers' nodes. */
export interface BlobFinder {
  /**
   * The blob with a hash; undefined if no node that answers in time has it. Only bytes with this hash are accepted.
   * @param endpoints Nodes that may have it, the likeliest first.
   */
  find(hash: Hex, endpoints: readonly string[], stopping: AbortSignal): Promise<Uint8Array | undefined>;
}

export interface FinderOptions extends AskingRules {
  /** Called if the store fails; the blob is found anyway. */
  readonly onFailure?: (error: unknown) => void;
}

/** keccak256 of no bytes: on chain, an empty blob looks like one that travels off chain. */
const emptyHash = keccak256("0x");

/** If an endpoint says nothing for this long, the next one is asked, too. */
const hedgeMilliseconds = 300;

/** After this time, the blob counts as not found. */
const searchMilliseconds = 30_000;

/**
 * A finder that keeps the blobs that it finds. Each endpoint that hangs, lies or is gone costs a fraction of a second.
 */
export function openBlobFinder(store: BlobStore, options: FinderOptions): BlobFinder {
  const { onFailure = () => undefined } = options;
  return {
    async find(hash, endpoints, stopping) {
      if (hash === emptyHash) return new Uint8Array();
      const own = await store.get(hash).catch(onFailure);
      if (own !== undefined) return own;
      const found = await search(hash, endpoints, options, stopping);
      if (found !== undefined) await store.put(found).catch(onFailure);
      return found;
    },
  };
}

function search(
  hash: Hex,
  endpoints: readonly string[],
  rules: AskingRules,
  stopping: AbortSignal,
): Promise<Uint8Array | undefined> {
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
  };
  const timer = setTimeout(end, searchMilliseconds);
  return withEitherSignal([ending.signal, stopping], async (signal) => {
    let found: Uint8Array | undefined;
    const ask = async (endpoint: string): Promise<void> => {
      const bytes = await ownBlobOf(endpoint, hash, rules, signal);
      found ??= bytes;
      if (bytes !== undefined) end();
    };
    const asked: Promise<void>[] = [];
    for (const endpoint of new Set(endpoints)) {
      const asking = ask(endpoint);
      asked.push(asking);
      await Promise.race([asking, sleep(hedgeMilliseconds, undefined, { signal }).catch(() => undefined)]);
    }
    await Promise.all(asked);
    return found;
  }).finally(() => {
    clearTimeout(timer);
  });
}

/** An endpoint's blob with a hash; undefined if it has none, sends other bytes, or does not answer. */
async function ownBlobOf(
  endpoint: string,
  hash: Hex,
  rules: AskingRules,
  stopping: AbortSignal,
): Promise<Uint8Array | undefined> {
  try {
    const request = { path: blobPath(hash), mostBytes: maxBlobBytes };
    const { status, bytes } = await askEndpoint(endpoint, request, rules, stopping);
    return status === 200 && (await hashOfBlob(bytes)) === hash ? bytes : undefined;
  } catch {
    return undefined;
  }
}
