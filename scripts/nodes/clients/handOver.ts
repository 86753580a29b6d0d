/** Handing a task's input, which the chain does not carry, to the miner's node. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Connection } from "../../chain/connection";
import { endpointsOf } from "../../chain/endpoints/published";
import { sendBlob } from "../blobs/send";

/** What keeps an input from being handed over, as the rest of a sentence that begins with "The miner's node". */
export type OnTrouble = (reason: string) => void;

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
