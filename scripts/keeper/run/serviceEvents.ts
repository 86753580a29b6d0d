/** What every service tells: of what kinds, in what words, and without what is nobody else's business. */
import { BaseError } from "viem";
import { nodeSentenceOf } from "../../chain/nodeErrors";
import { type PoolEvent } from "../../chain/rpc/endpointState";

/** What a service tells whatever it does. */
export type ServiceEvent =
  | PoolEvent
  /** Something went wrong that may pass by itself; it is tried again. */
  | { readonly kind: "failed"; readonly during: string; readonly reason: string; readonly retryInSeconds: number }
  /** A file that this program wrote can't be used: it is set aside and made anew. */
  | { readonly kind: "setAside"; readonly sentence: string }
  /** Something of its own is served there. */
  | { readonly kind: "serving"; readonly url: string }
  | { readonly kind: "stopped"; readonly reason: string };

/** What every service tells when it has begun. */
export interface Started {
  readonly kind: "started";
  readonly chainId: number;
  readonly deployment: string;
  /** Origins of the endpoints that it reads through. */
  readonly endpoints: readonly string[];
}

/** Reports to every listener what happens. */
export interface Teller<E> {
  readonly tell: (event: E) => void;
  /** Reports that the service has begun, and then everything that happened before. */
  readonly begin: (started: E) => void;
}

/**
 * Reports to listeners what happens, without what is nobody else's business. What happens before a service has begun is
 * kept back until then: one that can't begin says why in one sentence, and nothing of how it tried.
 */
export function tellAll<E extends object>(listeners: readonly ((event: E) => void)[]): Teller<E> {
  let early: E[] | undefined = [];
  const tell = (event: E): void => {
    if (early !== undefined) return void early.push(event);
    const shown = redact(event);
    for (const listener of listeners) listener(shown);
  };
  return {
    tell,
    begin(started) {
      const before = early ?? [];
      early = undefined;
      for (const event of [started, ...before]) tell(event);
    },
  };
}

/** A URL inside a text; its path, query and user may hold a key for an API. */
const url = /\b(?:https?|wss?):\/\/[^\s"'<>)]+/g;

/** The same without what is nobody else's business: of every URL in it only the origin is left. */
export function redact<T>(value: T): T;
export function redact(value: unknown): unknown {
  if (typeof value === "string") return value.replace(url, (found) => originOf(found));
  if (Array.isArray(value)) return value.map((item: unknown) => redact(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redact<unknown>(item)]));
}

function originOf(found: string): string {
  return URL.canParse(found) ? new URL(found).origin : "(an endpoint)";
}

/** Why something failed, in one line: the node's own words, viem's short message with details, or the error's first line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const said = nodeSentenceOf(error);
  if (said !== undefined) return said.split("\n")[0]!.trim();
  // viem's type says that there are always details, but an error without a cause has none.
  const parts: readonly (string | undefined)[] =
    error instanceof BaseError ? [error.shortMessage, error.details] : [error.message];
  const lines = parts.map((text = "") => text.split("\n")[0]!.trim()).filter((line) => line !== "");
  return [...new Set(lines)].join(" ") || error.name;
}

/** However often something failed, it is tried again within this many seconds. */
const longestRetrySeconds = 60;

/**
 * How long to wait after a failure: twice as long after each in a row, up to a minute, the second half of it by chance.
 * @param failuresBefore In a row, this one not counted.
 * @param chance 0 … 1.
 */
export function retrySeconds(pollSeconds: number, failuresBefore: number, chance: number): number {
  const seconds = Math.min(pollSeconds * 2 ** Math.min(failuresBefore, 32), longestRetrySeconds);
  return seconds * (0.5 + chance / 2);
}
