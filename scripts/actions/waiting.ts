import { setTimeout as sleep } from "node:timers/promises";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { durationText } from "../show/moments";
import { startOf } from "../views/epochTimes";
import { NotYetError } from "./scores";

const lookEveryMilliseconds = 1_000;

/**
 * Waits until the chain's time has come.
 * @param timestamp Unix seconds.
 * @param tell Called once with what it waits for and how long; not called if the time has come already.
 */
export async function waitUntil(
  { reader }: Pick<Connection, "reader">,
  timestamp: number,
  what: string,
  tell: (sentence: string) => void,
): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    const left = timestamp - Number(await nextTimestamp(reader));
    if (left <= 0) return;
    if (!isTold) tell(`Waiting for ${what}, in ${durationText(left)}.`);
    await sleep(Math.min(lookEveryMilliseconds, left * 1_000));
  }
}

/**
 * Acts now, or as soon as it is possible.
 * @param act If it throws NotYetError, it is called again once the chain's time has come.
 */
export async function whenPossible<T>(
  chain: Pick<Connection, "reader">,
  act: () => Promise<T>,
  what: string,
  tell: (sentence: string) => void,
): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof NotYetError)) throw error;
      await waitUntil(chain, error.possibleAt, what, tell);
    }
  }
}

/** "from epoch 7, which begins in 1 min 20 s", or "from epoch 7" if it has begun. */
export async function fromEpochWords(
  connection: Pick<Connection, "reader" | "deployment">,
  epoch: number,
): Promise<string> {
  const left = startOf(connection, epoch) - Number(await nextTimestamp(connection.reader));
  return `from epoch ${epoch}${left > 0 ? `, which begins in ${durationText(left)}` : ""}`;
}
