/** Handing a task's input, which the chain does not carry, to the miner's node. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection } from "../../chain/connection";
import { endpointsOf } from "../../chain/endpoints/published";
import { type AskingRules, askEndpoint, askingProblem } from "../../chain/endpoints/askEndpoint";
import { blobPath, hashOfBlob } from "../blobs/blob";

/** What keeps an input from being handed over, as the rest of a sentence that begins with "The miner's node". */
type OnTrouble = (reason: string) => void;

const retryMilliseconds = 500;

/**
 * Puts an input to the miner's node until that keeps it: a node that has not seen the task yet refuses it.
 * @param allowPrivate Whether the node may be at a private address.
 * @returns Whether it was kept before `stopping`.
 */
export async function handOver(
  { contracts }: Connection,
  minerId: number,
  input: Uint8Array,
  allowPrivate: boolean,
  stopping: AbortSignal,
  onTrouble: OnTrouble = () => undefined,
): Promise<boolean> {
  const { account } = await contracts.taskRegistry.read.minerOf([minerId]);
  while (!stopping.aborted) {
    const [endpoint] = await endpointsOf({ contracts }, [account]);
    if (endpoint === undefined) onTrouble("has published no endpoint");
    else {
      const sent = await sendBlob(endpoint, input, { allowPrivate, stopping });
      if (sent.kind === "kept") return true;
      if (sent.kind === "failed") onTrouble(sent.reason);
    }
    await sleep(retryMilliseconds, undefined, { signal: stopping }).catch(() => undefined);
  }
  return false;
}

/** What became of a blob that was sent. */
type BlobSending =
  | { readonly kind: "kept" }
  /** The node knows of no open task that names it: perhaps not yet. */
  | { readonly kind: "unwanted" }
  | { readonly kind: "failed"; readonly reason: string };

/** Puts a blob to a node; whatever goes wrong is the answer, with a reason that names no URL. */
export async function sendBlob(
  endpoint: string,
  bytes: Uint8Array,
  options: AskingRules & { readonly stopping: AbortSignal },
): Promise<BlobSending> {
  try {
    const request = { path: blobPath(await hashOfBlob(bytes)), body: bytes, mostBytes: 0 };
    const { status } = await askEndpoint(endpoint, request, options, options.stopping);
    if (status === 201) return { kind: "kept" };
    return status === 409 ? { kind: "unwanted" } : { kind: "failed", reason: `answers ${status}` };
  } catch (error) {
    return { kind: "failed", reason: askingProblem(error) };
  }
}
