import { type Hex, hexToBytes } from "viem";
import { isImage } from "../../nodes/digits/image";
import { textOf } from "../../show/bytes";

/** How strangers' bytes are shown: as a picture of grey squares, a digit, or text, and as nothing else. */
export type TaskContent =
  /** They travel off chain: only their hash is known here. */
  | { readonly kind: "offChain" }
  | { readonly kind: "empty" }
  /** 7 × 7 grey values, 0 (paper) to 255 (ink), row by row. */
  | { readonly kind: "image"; readonly greys: readonly number[] }
  | { readonly kind: "digit"; readonly text: string }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "hex"; readonly text: string };

/** What a task's input or result is. @param bytes Null if they travel off chain. */
export function contentOf(bytes: string | null): TaskContent {
  if (bytes === null) return { kind: "offChain" };
  const values = hexToBytes(bytes as Hex);
  if (values.length === 0) return { kind: "empty" };
  if (values.length === 1 && values[0]! < 10) return { kind: "digit", text: String(values[0]) };
  const text = textOf(values);
  if (text !== undefined && text.trim() !== "") return { kind: "text", text };
  return isImage(values) ? { kind: "image", greys: [...values] } : { kind: "hex", text: bytes };
}

/** The beginning of a text, with "…" if it was cut. @param most Characters. */
export function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join("")}…`;
}

/** No node has a blob with this hash: a running node that is asked for it says so. */
const nobodysBlob = `/v1/blobs/0x${"0".repeat(64)}`;

/** The URL that shows whether a node answers; undefined if a browser can't ask its endpoint. */
export function questionTo(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${nobodysBlob}`;
}
