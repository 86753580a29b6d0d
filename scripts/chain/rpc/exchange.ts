import { DelegateBackoff, handleType, retry } from "cockatiel";
import { BaseError } from "viem";
import { type Chance, type Endpoint } from "./endpoint";
import { backoffMilliseconds, nextEndpoint } from "./endpointState";
import { EndpointFault } from "./faults";
import { type Answer, type Call } from "./jsonRpc";
import { type Lookout } from "./lookout";
import { isRepeatable } from "./sending";
import { type PoolSettings } from "./settings";
import { verdictOf } from "./verdicts";

/** No endpoint of a pool gave an answer, for as long as it was tried. */
export class NoAnswerError extends BaseError {
  override readonly name = "NoAnswerError";
}

/** Some calls have no answer yet. */
class Unanswered extends Error {}

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
  const policy = retry(handleType(Unanswered), {
    maxAttempts: calls.every(isRepeatable) ? settings.attempts - 1 : 0,
    backoff: new DelegateBackoff(({ attempt }: { readonly attempt: number }) => {
      const wait = backoffMilliseconds(candidates(), attempt, chance.random());
      if (wait > 0) journey.tried.clear();
      return wait;
    }),
  });
  try {
    await policy.execute(async () => {
      await pool.lookout.keepUp();
      const next = nextEndpoint(candidates());
      if (next !== undefined) await askFor(journey, endpoints[next]!, Math.max(2, endpoints.length));
      if (journey.answers.size < calls.length) throw new Unanswered();
    });
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
  }
  return calls.map((call, i) => journey.answers.get(i) ?? journey.guesses.get(i)?.at(-1) ?? noAnswer(call, endpoints));
}

/** Asks one endpoint for what is still missing. @param opinions So many nodes that can't know are believed. */
async function askFor(journey: Journey, endpoint: Endpoint, opinions: number): Promise<void> {
  const { calls, answers, guesses, tried } = journey;
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
  if (fault !== undefined) endpoint.blame(fault, calls[missing[0]!]!.method);
}

function noAnswer({ method }: Call, endpoints: readonly Endpoint[]): NoAnswerError {
  const states = endpoints.map(({ origin, state }) => `${origin} ${state.leftAside?.reason ?? "failed too often"}`);
  return new NoAnswerError(`No endpoint answers ${method}: ${states.join("; ")}.`);
}
