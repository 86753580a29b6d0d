import pino, { type DestinationStream, type Level } from "pino";
import pretty from "pino-pretty";
import { describeEvent } from "./describeEvent";
import { type KeeperEvent, type Listener } from "./keeperEvents";

/** How loud an event is; what is missing here is information. */
const levels: Partial<Record<KeeperEvent["kind"], Level>> = {
  looked: "debug",
  rpcError: "debug",
  reorganised: "warn",
  paused: "warn",
  feeAboveCeiling: "warn",
  endpointLeftAside: "warn",
  failed: "warn",
  halted: "error",
};

/**
 * A listener that writes one JSON object per event and line: the time, the level, the event's fields (amounts in wei, as
 * decimal strings), and the same as a sentence in `msg`.
 */
export function logJson(destination: DestinationStream = pino.destination({ dest: 1, sync: true })): Listener {
  return logTo(pino({ level: "debug", base: null, formatters: { level: (level) => ({ level }) } }, destination));
}

/** A listener that writes a line for people per event; what only machines care for is left out. */
export function logText(destination: DestinationStream | number = 1): Listener {
  const stream = pretty({
    destination: destination as number,
    sync: true,
    colorize: destination === 1 && process.stdout.isTTY,
    hideObject: true,
    translateTime: "SYS:yyyy-mm-dd HH:MM:ss",
  });
  return logTo(pino({ level: "info", base: null }, stream));
}

function logTo(logger: pino.Logger): Listener {
  return (event) => {
    logger[levels[event.kind] ?? "info"](fieldsOf(event), describeEvent(event));
  };
}

/** With every bigint as a decimal string, also inside. */
function fieldsOf(event: KeeperEvent): object {
  const text = JSON.stringify(event, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value));
  return JSON.parse(text) as object;
}
