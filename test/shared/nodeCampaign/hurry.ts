/** Imported first by a process whose chain is faster than a real one: its times are shorter by the same factor. */
import timers from "node:timers/promises";
import { defaultPoolSettings } from "../../../scripts/chain/rpc/settings";
import { chainSpeed, machineSpeed } from "./speeds";

const set = globalThis.setTimeout;
const sleep = timers.setTimeout;
const timeout = AbortSignal.timeout.bind(AbortSignal);
const now = performance.now.bind(performance);

Object.assign(globalThis, {
  setTimeout: Object.assign(
    (act: (...args: readonly unknown[]) => void, milliseconds = 0, ...args: readonly unknown[]) =>
      set(act, milliseconds / machineSpeed, ...args),
    set,
  ),
});
Object.assign(timers, {
  setTimeout: (milliseconds: number, ...rest: readonly unknown[]) =>
    (sleep as (...args: readonly unknown[]) => Promise<unknown>)(milliseconds / machineSpeed, ...rest),
});
// Work that has a deadline in the chain's time.
Object.assign(AbortSignal, { timeout: (milliseconds: number) => timeout(milliseconds / chainSpeed) });
Object.assign(performance, { now: () => now() * machineSpeed });
// A look at an endpoint can't be faster than the machine.
Object.assign(defaultPoolSettings, { lookTimeoutMilliseconds: defaultPoolSettings.timeoutMilliseconds });
