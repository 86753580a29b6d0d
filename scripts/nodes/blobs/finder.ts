import { setTimeout as sleep } from "node:timers/promises";
import { type Hex, keccak256 } from "viem";
import { type AskingRules, askEndpoint, withEitherSignal } from "../../chain/askEndpoint";
import { blobPath, hashOfBlob, maxBlobBytes, type BlobStore } from "./store";

/** Finds blobs on this disk and on strangers' nodes. */
export interface BlobFinder {
  /**
   * The blob with a hash; undefined if nobody has it, or none who answers in time. The hash alone is believed.
   * @param endpoints Who may have it, the likeliest first.
   */
  find(hash: Hex, endpoints: readonly string[], stopping: AbortSignal): Promise<Uint8Array | undefined>;
}

export interface FinderOptions extends AskingRules {
  /** Called if the store fails; the blob is found anyway. */
  readonly onFailure?: (error: unknown) => void;
}

/** keccak256 of nothing: on the chain, empty bytes look like bytes that travel off it. */
const emptyHash = keccak256("0x");

/** An endpoint that says nothing for so long has the next one asked, too. */
const hedgeMilliseconds = 300;

/** After this time nobody has it. */
const searchMilliseconds = 30_000;

/** A finder that keeps what it finds. Endpoints that hang, lie or are gone cost the honest ones a fraction of a second each. */
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

/** What an endpoint has of a hash; undefined if that is nothing, something else, or no answer. */
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
