import { type NoAnswerError } from "./exchange";
import { type Answer, type Call } from "./jsonRpc";
import { isRepeatable } from "./sending";

/** Finds the answer to one call, or why there is none. */
export type Ask = (call: Call) => Promise<Answer | NoAnswerError>;

/** The same for calls that travel together. */
export type AskAll = (calls: readonly Call[]) => Promise<readonly (Answer | NoAnswerError)[]>;

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

/** Lets calls that are made in the same turn of the event loop travel together. */
export function gather(size: number, askAll: AskAll): Ask {
  let waiting: { readonly call: Call; readonly resolve: (answer: Promise<Answer | NoAnswerError>) => void }[] = [];

  function depart(): void {
    const passengers = waiting;
    waiting = [];
    let next = 0;
    for (const batch of batchesOf(
      passengers.map(({ call }) => call),
      size,
    )) {
      const answers = askAll(batch);
      for (const i of batch.keys()) passengers[next++]!.resolve(answers.then((all) => all[i]!));
    }
  }

  return (call) =>
    new Promise((resolve) => {
      if (waiting.length === 0) setImmediate(depart);
      waiting.push({ call, resolve });
    });
}
