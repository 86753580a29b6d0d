import { setTimeout as sleep } from "node:timers/promises";
import { type Chance, type Endpoint } from "./endpoint";
import { backoffMilliseconds, nextEndpoint } from "./endpointState";
import { PendingCalls } from "./pendingCalls";
import { type Answer, type Call, isRepeatable } from "./jsonRpc";
import { type HeadTracker } from "./headTracker";
import { ChainReplacedError, NoAnswerError } from "./noAnswer";
import { type PoolSettings } from "./settings";

/** Everything by which calls find their answers. */
export interface Endpoints {
  readonly endpoints: readonly Endpoint[];
  readonly headTracker: HeadTracker;
  readonly settings: PoolSettings;
  readonly chance: Chance;
  /** Called with who gave an answer that counts. */
  readonly onAnswer: (endpoint: Endpoint) => void;
}

/**
 * Takes calls to one endpoint after another until each has an answer. This is the one place that repeats: reads may be
 * repeated, and so may the sending of a signed transaction, because the bytes are the same.
 * @returns An answer, or why there is none, for each call in order.
 */
export async function exchange(pool: Endpoints, calls: readonly Call[]): Promise<readonly (Answer | NoAnswerError)[]> {
  const { endpoints, settings, chance } = pool;
  const pending = new PendingCalls(calls, endpoints, pool.onAnswer);
  const attempts = calls.every(isRepeatable) ? settings.attempts : 1;
  for (let attempt = 1; ; attempt++) {
    await pool.headTracker.keepUp();
    const next = nextEndpoint(pending.candidates());
    if (next !== undefined) await pending.ask(endpoints[next]!);
    if (pending.isOver || attempt === attempts || isReplaced(endpoints)) break;
    const waitMilliseconds = backoffMilliseconds(pending.candidates(), attempt, chance.random());
    if (waitMilliseconds > 0) pending.beginRound();
    await sleep(waitMilliseconds);
  }
  const failures = (): string => endpoints.map((endpoint) => pending.failureOf(endpoint)).join("; ");
  const noAnswer = (method: string): NoAnswerError =>
    isReplaced(endpoints)
      ? new ChainReplacedError(`${failures()}.`)
      : new NoAnswerError(`No endpoint answered ${method}: ${failures()}.`);
  return calls.map(({ method }, i) => pending.answerTo(i) ?? noAnswer(method));
}

/** Whether every endpoint leads to another chain than the pool has agreed on. */
const isReplaced = (endpoints: readonly Endpoint[]): boolean =>
  endpoints.every(({ state }) => state.disabled?.kind === "otherChain");

/** Finds the answer to one call, or why there is none. */
export type Ask = (call: Call) => Promise<Answer | NoAnswerError>;

/** Batches of at most `size` calls in their order; what may not be repeated travels alone. */
export function batchesOf(calls: readonly Call[], size: number): readonly (readonly Call[])[] {
  const batches: Call[][] = [];
  let open: Call[] | undefined;
  for (const call of calls) {
    if (isRepeatable(call) && open !== undefined && open.length < size) {
      open.push(call);
    } else {
      batches.push([call]);
      open = isRepeatable(call) ? batches.at(-1) : undefined;
    }
  }
  return batches;
}

/** Lets calls that are made in the same turn of the event loop travel together, at most `size` of them. */
export function gather(size: number, askAll: (calls: readonly Call[]) => ReturnType<typeof exchange>): Ask {
  let waiting: { readonly call: Call; readonly resolve: (answer: Promise<Answer | NoAnswerError>) => void }[] = [];

  function flush(): void {
    const queued = waiting;
    waiting = [];
    let next = 0;
    for (const batch of batchesOf(
      queued.map(({ call }) => call),
      size,
    )) {
      const answers = askAll(batch);
      for (const i of batch.keys()) queued[next++]!.resolve(answers.then((all) => all[i]!));
    }
  }

  return (call) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ call, resolve });
    });
}
