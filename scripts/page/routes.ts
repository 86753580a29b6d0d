/** The page's views; the address after "#" names one, so that every view has a link and "back" works. */
export const routes = [
  { id: "network", hash: "#/network", title: "Network" },
  { id: "tasks", hash: "#/tasks", title: "Tasks" },
  { id: "mine", hash: "#/mine", title: "Mine" },
  { id: "do", hash: "#/do", title: "Do" },
] as const;

export type RouteId = (typeof routes)[number]["id"];

/** The current place: a view, and what follows it, as in `#/do/stake` or `#/network/12`. */
export interface Route {
  readonly id: RouteId;
  /** What comes after the view's name, decoded; empty for the view itself. */
  readonly rest: readonly string[];
  /** The name in the address that no view has. */
  readonly unknown?: string;
}

/** Reads the part of an address from "#" on; an unknown view leads to the network. */
export function readRoute(hash: string): Route {
  const [name, ...rest] = hash
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map(decode);
  const known = routes.find(({ id }) => id === name);
  if (known !== undefined) return { id: known.id, rest };
  return { id: "network", rest: [], ...(name === undefined ? {} : { unknown: name }) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
