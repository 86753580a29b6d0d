import { keepSettling } from "./keepSettling";
import { type KeeperFactory } from "./keepers";

/** Keepers in this process, which can only be stopped, and whose clock is right: for campaigns that have to be short. */
export function keepersHere(): KeeperFactory {
  const endings: Error[] = [];
  const stopping = new AbortController();
  return {
    start(options, _skewSeconds, tell) {
      const own = new AbortController();
      const signal = AbortSignal.any([own.signal, stopping.signal]);
      const ended = keepSettling(options, tell, signal).catch((error: unknown) => void endings.push(error as Error));
      return {
        async kill() {
          own.abort("killed");
          await ended;
        },
      };
    },
    requireNoneEnded() {
      if (endings.length > 0) throw endings[0]!;
    },
    close() {
      stopping.abort("the campaign is over");
    },
  };
}
