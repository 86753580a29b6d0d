/** What can be wrong with an endpoint. */
export type FaultKind =
  | "unreachable"
  | "hangs"
  | "malformed"
  | "serverError"
  | "limited"
  | "denied"
  | "otherChain"
  | "lags"
  | "wentBackwards"
  | "unconfirmed";

/** It is the endpoint's fault that there is no answer; another endpoint, or the same one later, may have one. */
export class EndpointFault extends Error {
  override readonly name = "EndpointFault";
  /**
   * @param message Why, as people read it: without a URL, which may hold a key.
   * @param retryAfterMilliseconds For how long the endpoint itself asked to be left alone.
   */
  constructor(
    readonly kind: FaultKind,
    message: string,
    readonly retryAfterMilliseconds?: number,
  ) {
    super(message);
  }
}

/** How an endpoint is treated for a kind of fault. */
interface Treatment {
  /** So many faults in a row, and it is left aside. */
  readonly strikes: number;
  /** For how long, the first time; each further time in a row it is twice as long. */
  readonly asideMilliseconds: number;
}

/** What passes by itself within a moment: one lost packet is none of the endpoint's habits, three in a row are. */
const passing: Treatment = { strikes: 3, asideMilliseconds: 1_000 };

/** How each kind of fault is treated. */
export const treatments: Readonly<Record<FaultKind, Treatment>> = {
  unreachable: passing,
  malformed: passing,
  serverError: passing,
  // Each hanging request costs its whole timeout, so there is no second one soon.
  hangs: { strikes: 1, asideMilliseconds: 5_000 },
  // Limits are commonly counted per second.
  limited: { strikes: 1, asideMilliseconds: 1_000 },
  // A key that is refused, and another chain, take a human to change.
  denied: { strikes: 1, asideMilliseconds: 60_000 },
  otherChain: { strikes: 1, asideMilliseconds: 60_000 },
  // A node catches up with a few blocks in about a block's time.
  lags: { strikes: 1, asideMilliseconds: 10_000 },
  wentBackwards: { strikes: 1, asideMilliseconds: 2_000 },
  unconfirmed: { strikes: 1, asideMilliseconds: 30_000 },
};

/** Nobody is left aside for longer: an endpoint that was repaired should be found within minutes. */
export const longestAsideMilliseconds = 300_000;
