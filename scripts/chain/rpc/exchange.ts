import { setTimeout as sleep } from "node:timers/promises";
import { BaseError } from "viem";
import { verdictOf } from "../nodeErrors";
import { type Chance, type Endpoint } from "./endpoint";
import { backoffMilliseconds, EndpointFault, nextEndpoint } from "./endpointState";
import { type Answer, type Call, isRepeatable } from "./jsonRpc";
import { type Lookout } from "./lookout";
import { type PoolSettings } from "./settings";

/** No endpoint of a pool gave an answer, for as long as it was tried. */
export class NoAnswerError extends BaseError {
  override readonly name = "NoAnswerError";
}

/** One set of calls on its way: which have their answer, and who was asked. */
interface Journey {
  readonly calls: readonly Call[];
  /** An answer that counts, by the call's position. */
  readonly answers: Map<number, Answer>;
  /** What nodes said that could not know, by the call's position; the last one counts if nobody knows better. */
  readonly guesses: Map<number, readonly Answer[]>;
  readonly tried: Set<Endpoint>;
}

/** Everything by which calls find their answers. */
export interface Endpoints {
  readonly endpoints: readonly Endpoint[];
  readonly lookout: Lookout;
  readonly settings: PoolSettings;
  readonly chance: Chance;
  /** Told who gave an answer that counts. */
  readonly onAnswer: (endpoint: Endpoint) => void;
}

/**
 * Takes calls to one endpoint after another until each has an answer. This is the one place that repeats: reads may be
 * repeated, and so may the sending of a signed transaction, because the bytes are the same.
 * @returns An answer, or why there is none, for each call in order.
 */
export async function exchange(pool: Endpoints, calls: readonly Call[]): Promise<readonly (Answer | NoAnswerError)[]> {
  const { endpoints, settings, chance } = pool;
  const journey: Journey = { calls, answers: new Map(), guesses: new Map(), tried: new Set() };
  const candidates = () => endpoints.map((one) => ({ state: one.state, tried: journey.tried.has(one) }));
  const attempts = calls.every(isRepeatable) ? settings.attempts : 1;
  for (let attempt = 1; ; attempt++) {
    await pool.lookout.keepUp();
    const next = nextEndpoint(candidates());
    if (next !== undefined) await askFor(journey, endpoints[next]!, pool);
    if (journey.answers.size === calls.length || attempt === attempts) break;
    const waitMilliseconds = backoffMilliseconds(candidates(), attempt, chance.random());
    if (waitMilliseconds > 0) journey.tried.clear();
    await sleep(waitMilliseconds);
  }
  return calls.map((call, i) => journey.answers.get(i) ?? journey.guesses.get(i)?.at(-1) ?? noAnswer(call, endpoints));
}

/** Asks one endpoint for what is still missing. */
async function askFor(journey: Journey, endpoint: Endpoint, { endpoints, onAnswer }: Endpoints): Promise<void> {
  const { calls, answers, guesses, tried } = journey;
  // So many nodes that can't know are believed.
  const opinions = Math.max(2, endpoints.length);
  tried.add(endpoint);
  const missing = [...calls.keys()].filter((i) => !answers.has(i));
  const given = await endpoint.ask(missing.map((i) => calls[i]!)).catch((error: unknown) => {
    if (error instanceof EndpointFault) return [];
    throw error;
  });
  let fault: EndpointFault | undefined;
  given.forEach((answer, k) => {
    const i = missing[k]!;
    const verdict = answer.kind === "result" ? { kind: "answer" as const } : verdictOf(answer.error);
    const said = [...(guesses.get(i) ?? []), answer];
    if (verdict.kind === "fault") fault = verdict.fault;
    else if (verdict.kind === "answer" || said.length >= opinions) answers.set(i, answer);
    else guesses.set(i, said);
  });
  if (missing.some((i) => answers.has(i))) onAnswer(endpoint);
  if (fault !== undefined) endpoint.blame(fault, calls[missing[0]!]!.method);
}

function noAnswer({ method }: Call, endpoints: readonly Endpoint[]): NoAnswerError {
  const states = endpoints.map(({ origin, state }) => `${origin} ${state.leftAside?.reason ?? "failed too often"}`);
  return new NoAnswerError(`No endpoint answers ${method}: ${states.join("; ")}.`);
}

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
