/** A URL inside a text; its path, query and user may hold a key for an API. */
const url = /\b(?:https?|wss?):\/\/[^\s"'<>)]+/g;

/** The event without what is nobody else's business: of every URL in it only the origin is left. */
export function redact<E extends object>(event: E): E {
  return redacted(event) as E;
}

function redacted(value: unknown): unknown {
  if (typeof value === "string") return value.replace(url, (found) => originOf(found));
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redacted(item)]));
}

function originOf(found: string): string {
  return URL.canParse(found) ? new URL(found).origin : "(an endpoint)";
}
