import { type EthereumProvider } from "hardhat/types";

type Request = EthereumProvider["request"];

/** The methods that can change the newest block. */
const movesHead = /^(eth_send(Raw)?Transaction|(evm|hardhat)_mine|evm_revert|hardhat_reset)$/;

/**
 * Stops the clock of a development chain: every block has the time of the previous one unless a test sets it, so that
 * nothing depends on how fast the machine is. The chain must allow blocks with the same timestamp.
 * @param request The provider's `request`. @returns Its replacement.
 */
export function stopTime(request: Request): Request {
  let heldAfter: string | undefined;
  /** The newest of the requests that move the head. */
  let last: Promise<unknown> | undefined;

  /** Gives the next block the newest one's time; keeps what a test set since that one was mined. */
  async function hold(): Promise<void> {
    const { hash, timestamp } = await newestBlock();
    if (hash === heldAfter) return;
    await request({ method: "evm_setNextBlockTimestamp", params: [Number(timestamp)] });
    heldAfter = hash;
  }

  async function newestBlock() {
    const block = await request({ method: "eth_getBlockByNumber", params: ["latest", false] });
    return block as { readonly hash: string; readonly timestamp: string };
  }

  /** By the real clock the next block would be later than asked for by the time that passes until it is mined. */
  async function increaseTime(seconds: unknown): Promise<unknown> {
    const timestamp = Number((await newestBlock()).timestamp) + Number(seconds);
    return request({ method: "evm_setNextBlockTimestamp", params: [timestamp] });
  }

  async function moveHead(args: Parameters<Request>[0]): Promise<unknown> {
    try {
      return await request(args);
    } finally {
      await hold();
    }
  }

  return async (args) => {
    last ??= hold();
    if (movesHead.test(args.method)) {
      // One after the other: between a block and holding its time, another one would get the real time.
      const answer = last.then(() => moveHead(args));
      last = answer.catch(() => undefined);
      return answer;
    }
    if (heldAfter === undefined) await last;
    return args.method === "evm_increaseTime" ? increaseTime((args.params as readonly unknown[])[0]) : request(args);
  };
}
