/** Asking a node that somebody published for what no node has. */

/** No blob has this hash: a node that lives says so. */
const nobodysBlob = `/v1/blobs/0x${"0".repeat(64)}`;

/** The question to a node; undefined where the endpoint is none that a browser could ask. */
export function questionTo(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${nobodysBlob}`;
}
