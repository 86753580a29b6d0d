import { type AskingRules, askEndpoint, askingProblem } from "../../chain/endpoints/askEndpoint";
import { blobPath, hashOfBlob } from "./blob";

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
    const request = { path: blobPath(await hashOfBlob(bytes)), body: bytes, mostBytes: 0 };
    const { status } = await askEndpoint(endpoint, request, options, options.stopping);
    if (status === 201) return { kind: "kept" };
    return status === 409 ? { kind: "unwanted" } : { kind: "failed", reason: `answers ${status}` };
  } catch (error) {
    return { kind: "failed", reason: askingProblem(error) };
  }
}
