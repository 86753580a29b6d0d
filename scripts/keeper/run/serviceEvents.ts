/** What every service reports: which events, in what words, and without private parts of URLs. */
import { BaseError } from "viem";
import { nodeSentenceOf } from "../../chain/nodeErrors";
import { type PoolEvent } from "../../chain/rpc/endpointState";

/** What any service reports. */
export type ServiceEvent =
  | PoolEvent
  /** Something went wrong that may pass by itself; it is tried again. */
  | { readonly kind: "failed"; readonly during: string; readonly reason: string; readonly retryInSeconds: number }
  /** A file that this program wrote can't be used: it is set aside and created again. */
  | { readonly kind: "setAside"; readonly sentence: string }
  /** The service serves something of its own at this URL. */
  | { readonly kind: "serving"; readonly url: string }
  | { readonly kind: "stopped"; readonly reason: string };

/** What every service reports when it has begun. */
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
 * Reports to listeners what happens, redacted. Events from before a service has begun are held back until then: a
 * service that can't begin says why in one sentence, and nothing about its attempts.
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

/** A URL inside a text; its path, query and user may hold an API key. */
const url = /\b(?:https?|wss?):\/\/[^\s"'<>)]+/g;

/** The same, with every URL in it reduced to its origin. */
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

/**
 * Why something failed, in one line: the node's own words, viem's short message and details, or the error's first line.
 */
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

/** Maximum seconds until another attempt, however often something failed. */
const longestRetrySeconds = 60;

/**
 * How many seconds to wait after a failure: twice as long after each in a row, up to a minute; the second half of it is
 * random.
 * @param failuresBefore In a row, this one not counted.
 * @param chance 0 … 1.
 */
export function retrySeconds(pollSeconds: number, failuresBefore: number, chance: number): number {
  const seconds = Math.min(pollSeconds * 2 ** Math.min(failuresBefore, 32), longestRetrySeconds);
  return seconds * (0.5 + chance / 2);
}
