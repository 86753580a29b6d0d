/** A text that is not JSON, or not an array where one should be. */
export class MalformedJsonError extends Error {
  override readonly name = "MalformedJsonError";
}

/** What ends each item of an array, and what ends the text after the last. */
export interface ArrayEnds {
  readonly itemEnd: "]" | "}";
  readonly end: string;
}

/**
 * The items of a JSON array, parsed as its text comes in pieces of any length, so that an array of any length needs
 * bounded memory. Items are arrays or objects without such brackets inside: then every `],` or `},` is an item's end.
 * Throws MalformedJsonError.
 */
export function* arrayItems(pieces: Iterable<string>, { itemEnd, end }: ArrayEnds): Generator {
  let text = "";
  let isInside = false;
  let isAfterComma = false;
  for (const piece of pieces) {
    text += piece;
    if (!isInside) {
      text = text.trimStart();
      if (text === "") continue;
      if (!text.startsWith("[")) break;
      isInside = true;
      text = text.slice(1);
    }
    const lastItemEnd = text.lastIndexOf(`${itemEnd},`);
    if (lastItemEnd === -1) continue;
    yield* parsed(text.slice(0, lastItemEnd + 1));
    text = text.slice(lastItemEnd + 2);
    isAfterComma = true;
  }
  text = text.trimEnd();
  const lastItem = text.slice(0, -end.length).trim();
  if (!isInside || !text.endsWith(end) || (isAfterComma && lastItem === "")) {
    throw new MalformedJsonError("The list of rewards is not a whole JSON array.");
  }
  yield* parsed(lastItem);
}

function parsed(items: string): unknown[] {
  try {
    return JSON.parse(`[${items}]`) as unknown[];
  } catch {
    throw new MalformedJsonError("The list of rewards is not valid JSON.");
  }
}
