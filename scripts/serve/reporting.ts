/** How a service reports: on stdout, and at levels warn and error also to a webhook. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Wording, type Level } from "../show/describeEvent";
import pino, { type DestinationStream } from "pino";
import pretty from "pino-pretty";

/** A listener whose alerts reach a webhook, sooner or later. */
export interface Alerts<E> {
  /** Never blocks, never throws. */
  readonly onEvent: (event: E) => void;
  /** Tries once more to send waiting alerts, for some seconds at most. */
  close(): Promise<void>;
}

/** How alerts are paced. */
interface AlertPace {
  /**
   * At most one alert of each kind is sent in this time, with the number of its events; after a failure, none at all.
   */
  readonly quietMilliseconds: number;
  /** How long a receiver has to answer. */
  readonly timeoutMilliseconds: number;
  /** How long a service waits for its alerts when it ends. */
  readonly closeMilliseconds: number;
}

const defaultPace: AlertPace = { quietMilliseconds: 60_000, timeoutMilliseconds: 10_000, closeMilliseconds: 5_000 };

/** The most characters that Discord takes. */
const longestText = 2_000;

/** The waiting alert of one kind: its newest event, when that was, and how many there were. */
interface Waiting<E> {
  readonly event: E;
  readonly at: Date;
  readonly count: number;
}

/**
 * Posts warnings and errors, one at a time: `{ service, level, kind, text, content, count, event, at }`. Slack shows
 * `text`, Discord shows `content`. At most one event of each kind waits, so memory stays bounded.
 * @param onTrouble Called once when the webhook stops taking alerts; they wait until it takes them again.
 * @throws Error if `url` is not http or https, or has a user name or password.
 */
export function openAlerts<E extends { readonly kind: string }>(
  url: string,
  service: string,
  wording: Wording<E>,
  onTrouble: (sentence: string) => void,
  pace = defaultPace,
): Alerts<E> {
  const { origin } = requireWebhook(url);
  const waiting = new Map<string, Waiting<E>>();
  const sentAt = new Map<string, number>();
  let [pausedUntil, isDown, isClosing] = [0, false, false];
  let sending: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const add = (kind: string, { event, at, count }: Waiting<E>): void => {
    const newer = waiting.get(kind);
    waiting.set(kind, newer === undefined ? { event, at, count } : { ...newer, count: newer.count + count });
  };
  const dueAt = (kind: string): number =>
    Math.max(pausedUntil, (sentAt.get(kind) ?? -Infinity) + pace.quietMilliseconds);
  const isDue = (kind: string): boolean => (isClosing ? !isDown : dueAt(kind) <= performance.now());

  async function sendDue(): Promise<void> {
    for (;;) {
      const kind = [...waiting.keys()].find(isDue);
      if (kind === undefined) return;
      const alert = waiting.get(kind)!;
      waiting.delete(kind);
      const problem = await post(url, bodyOf(service, wording, alert), pace.timeoutMilliseconds);
      if (problem === undefined) {
        sentAt.set(kind, performance.now());
      } else {
        add(kind, alert);
        pausedUntil = performance.now() + pace.quietMilliseconds;
        if (!isDown) onTrouble(`The webhook at ${origin} ${problem}. Alerts are kept and sent when it works again.`);
      }
      isDown = problem !== undefined;
    }
  }

  function send(): Promise<void> {
    sending ??= sendDue().finally(() => {
      sending = undefined;
      clearTimeout(timer);
      if (waiting.size === 0 || isClosing) return;
      const next = Math.min(...[...waiting.keys()].map(dueAt));
      timer = setTimeout(() => void send(), Math.max(next - performance.now(), 0)).unref();
    });
    return sending;
  }

  return {
    onEvent(event) {
      if (!isLoud(wording.levels[event.kind as E["kind"]])) return;
      waiting.set(event.kind, { event, at: new Date(), count: (waiting.get(event.kind)?.count ?? 0) + 1 });
      void send();
    },
    async close() {
      isClosing = true;
      clearTimeout(timer);
      await Promise.race([send(), sleep(pace.closeMilliseconds, undefined, { ref: false })]);
    },
  };
}

/**
 * Runs a service, with its log on stdout, and its alerts posted to a webhook if there is one.
 * @param environment `MDT_WEBHOOK` is the URL, `MDT_LOG_LEVEL` the lowest level in the log; both may be missing or
 * empty.
 * @param json Whether the log is for machines.
 */
export async function whileReporting<E extends { readonly kind: string }, T>(
  service: string,
  wording: Wording<E>,
  { MDT_WEBHOOK: webhook, MDT_LOG_LEVEL }: NodeJS.ProcessEnv,
  json: boolean,
  run: (listeners: readonly ((event: E) => void)[]) => Promise<T>,
): Promise<T> {
  const log = (json ? logJson : logText)(wording, logLevelOf(MDT_LOG_LEVEL));
  if (webhook === undefined || webhook === "") return run([log]);
  const alerts = openAlerts(webhook, service, wording, (sentence) => process.stderr.write(`${sentence}\n`));
  try {
    return await run([log, alerts.onEvent]);
  } finally {
    await alerts.close();
  }
}

function isLoud(level: string | undefined): boolean {
  return level === "warn" || level === "error";
}

function requireWebhook(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === "http:" || url?.protocol === "https:";
  if (url !== undefined && isWeb && url.username === "" && url.password === "") return url;
  throw new Error("MDT_WEBHOOK must be an http or https URL without a user name or password.");
}

function bodyOf<E extends { readonly kind: string }>(
  service: string,
  wording: Wording<E>,
  { event, at, count }: Waiting<E>,
): string {
  const level = wording.levels[event.kind as E["kind"]];
  const said = `${service}: ${wording.describe(event)}${count === 1 ? "" : ` (${count} times)`}`;
  const text = said.length <= longestText ? said : `${said.slice(0, longestText - 1)}…`;
  return JSON.stringify({ service, level, kind: event.kind, text, content: text, count, event: fieldsOf(event), at });
}

/** @returns What is wrong with the webhook; undefined if it took the alert. */
async function post(url: string, body: string, timeoutMilliseconds: number): Promise<string | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `answers ${response.status}`;
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: { code?: string } };
    return name === "TimeoutError" ? "did not answer in time" : `can't be reached (${cause?.code ?? name})`;
  }
}

/** The lowest level that a log shows. @param text `MDT_LOG_LEVEL`; `info` if missing or empty. */
export function logLevelOf(text: string | undefined): Level {
  const levels: readonly Level[] = ["debug", "info", "warn", "error"];
  const level = levels.find((one) => one === (text || "info"));
  if (level === undefined) throw new Error(`MDT_LOG_LEVEL must be one of ${levels.join(", ")}.`);
  return level;
}

/**
 * A listener that writes one JSON object per event and line: the time, the level, the event's fields (amounts in wei, as
 * decimal strings), and the same as a sentence in `msg`.
 */
export function logJson<E extends { readonly kind: string }>(
  wording: Wording<E>,
  level: Level,
  destination: DestinationStream = pino.destination({ dest: 1, sync: true }),
): (event: E) => void {
  const logger = pino({ level, base: null, formatters: { level: (label) => ({ level: label }) } }, destination);
  return logTo(logger, wording);
}

/** A listener that writes a line for people per event. */
function logText<E extends { readonly kind: string }>(
  wording: Wording<E>,
  level: Level,
  destination: DestinationStream | number = 1,
): (event: E) => void {
  const stream = pretty({
    destination: destination as number,
    sync: true,
    colorize: destination === 1 && process.stdout.isTTY,
    hideObject: true,
    translateTime: "SYS:yyyy-mm-dd HH:MM:ss",
  });
  return logTo(pino({ level, base: null }, stream), wording);
}

function logTo<E extends { readonly kind: string }>(logger: pino.Logger, wording: Wording<E>): (event: E) => void {
  return (event) => {
    logger[wording.levels[event.kind as E["kind"]] ?? "info"](fieldsOf(event), wording.describe(event));
  };
}

/** An event as JSON has it: every bigint, also a nested one, as a decimal string. */
export function fieldsOf(event: object): object {
  const text = JSON.stringify(event, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  return JSON.parse(text) as object;
}
