import { hashOfBlob } from "./blob";
import { type AskingRules, EndpointError, exchangeBlob } from "./exchange";

/** What became of a blob that was sent. */
export type BlobSending =
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
    const { status } = await exchangeBlob(endpoint, await hashOfBlob(bytes), bytes, options, options.stopping);
    if (status === 201) return { kind: "kept" };
    return status === 409 ? { kind: "unwanted" } : { kind: "failed", reason: `answers ${status}` };
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException;
    const reason = error instanceof EndpointError ? error.message : `can't be reached (${code ?? name})`;
    return { kind: "failed", reason };
  }
}
