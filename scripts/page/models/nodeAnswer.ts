/** Whether a node that somebody published answers from this browser. */

/** What was found out, for people. */
export interface NodeAnswer {
  readonly tone: "good" | "warn" | "bad";
  readonly sentence: string;
}

const patienceMilliseconds = 8_000;

/** No blob has this hash: a node that lives says so. */
const nobodysBlob = `/v1/blobs/0x${"0".repeat(64)}`;

/** The question to a node; undefined where the endpoint is none that a browser could ask. */
export function questionTo(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") return undefined;
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}${nobodysBlob}`;
}

/** Asks a node, as a stranger and without following it elsewhere. */
export async function askNode(question: string): Promise<NodeAnswer> {
  try {
    const { status } = await fetch(question, {
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(patienceMilliseconds),
    });
    return status === 404
      ? { tone: "good", sentence: "It answers." }
      : { tone: "warn", sentence: `Something answers with status ${status}, which no node of this network does.` };
  } catch {
    return { tone: "bad", sentence: "It does not answer from this browser." };
  }
}
