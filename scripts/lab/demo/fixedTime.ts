import { type EIP1193RequestFn } from "viem";

/** A chain whose time stands still until somebody moves it. */
export interface StoppedClock {
  /** Takes the place of the provider's `request`: every block gets the time that was set last. */
  readonly request: EIP1193RequestFn;
  /** Moves time to `timestamp`, unix seconds, and mines a block there. */
  moveTo(timestamp: number): Promise<void>;
}

/**
 * Stops the clock of a development chain, so that the same story gives the same blocks, gas and amounts on every machine.
 * The chain must allow blocks with the same timestamp.
 */
export function stopClock(request: EIP1193RequestFn): StoppedClock {
  let timestamp: number | undefined;
  const send = request as (args: { method: string; params?: unknown }) => Promise<unknown>;
  const holdTime = async () => {
    if (timestamp !== undefined) await send({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
  };
  const held = async (args: { method: string; params?: unknown }) => {
    const mines = args.method === "eth_sendTransaction" || args.method === "eth_sendRawTransaction";
    if (mines) await holdTime();
    const answer = await send(args);
    // What is read as of the pending block must see the same time.
    if (mines) await holdTime();
    return answer;
  };
  return {
    request: held as EIP1193RequestFn,
    async moveTo(next) {
      timestamp = next;
      await holdTime();
      await send({ method: "evm_mine", params: [] });
      await holdTime();
    },
  };
}
