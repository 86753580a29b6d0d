import pino, { type DestinationStream } from "pino";
import pretty from "pino-pretty";
import { type Level, type Wording } from "../show/describeEvent";

/** From which level on a log tells. @param text `MDT_LOG_LEVEL`; what services tell without it is of interest to people. */
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
export function logText<E extends { readonly kind: string }>(
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

/** An event as JSON carries it: with every bigint as a decimal string, also inside. */
export function fieldsOf(event: object): object {
  const text = JSON.stringify(event, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  return JSON.parse(text) as object;
}
