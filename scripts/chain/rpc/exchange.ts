import { setTimeout as sleep } from "node:timers/promises";
import { type Chance, type Endpoint, type HeadTracker } from "./endpoint";
import { backoffMilliseconds, nextEndpoint, type Candidate, EndpointFault } from "./endpointState";
import { type Answer, type Call, isRepeatable } from "./jsonRpc";
import { ChainReplacedError, NoAnswerError } from "../badAnswers";
import { type PoolSettings } from "./settings";
import { tooLongCode, classify, type Classification } from "../nodeErrors";
import { blocksAfterRefusal, blocksOf, wideRangeOf, wordsOfNode } from "../logRange";
import { flawOf, isNothing } from "./shapes";

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

/** What was said to a call, where something better may still come. */
interface Guess {
  /** `refused` a node that may be contradicted; `elsewhere` one that can't know; `failed` no answer, perhaps for too wide a range. */
  readonly kind: "refused" | "elsewhere" | "failed";
  readonly answer: Answer;
  readonly endpoint: Endpoint;
}

/** What may go wrong because a range of logs is too wide to be answered in time and whole. */
const overloads: ReadonlySet<string> = new Set(["hangs", "unreachable", "serverError", "malformed"]);

/** One set of pending calls: which have their answer, what was said besides, and who was asked. */
class PendingCalls {
  private readonly answers = new Map<number, Answer>();
  private readonly guesses = new Map<number, readonly Guess[]>();
  /** Calls to which it was said once that a limit is reached, without saying of what. */
  private readonly limited = new Set<number>();
  private readonly tried = new Set<Endpoint>();
  private readonly faults = new Map<Endpoint, string>();
  private round = 1;

  /** @param onAnswer Called with who gave an answer that counts. */
  constructor(
    private readonly calls: readonly Call[],
    private readonly endpoints: readonly Endpoint[],
    private readonly onAnswer: (endpoint: Endpoint) => void,
  ) {}

  get isOver(): boolean {
    return this.answers.size === this.calls.length;
  }

  candidates(): readonly Candidate[] {
    const widths = this.missing().flatMap((i) => this.widthOf(i) ?? []);
    return this.endpoints.map((endpoint) => ({
      state: endpoint.state,
      tried: this.tried.has(endpoint),
      refuses: widths.some((blocks) => endpoint.refuses(blocks)),
    }));
  }

  /** Everyone may be asked again. */
  beginRound(): void {
    this.tried.clear();
    this.round++;
  }

  /** Asks one endpoint for what is still missing. */
  async ask(endpoint: Endpoint): Promise<void> {
    this.tried.add(endpoint);
    const missing = this.missing();
    try {
      const given = await endpoint.ask(missing.map((i) => this.calls[i]!));
      this.take(endpoint, missing, given);
    } catch (error) {
      if (!(error instanceof EndpointFault)) throw error;
      this.fail(endpoint, missing, error);
    }
    if (missing.some((i) => this.answers.has(i))) this.onAnswer(endpoint);
    this.believe();
  }

  /** The answer to the call at a position, or the best that was said; undefined if nothing was. */
  answerTo(i: number): Answer | undefined {
    const guess = this.guesses.get(i)?.findLast(({ kind }) => kind !== "failed");
    return this.answers.get(i) ?? guess?.answer;
  }

  /** Why an endpoint gave no answer, as the rest of a sentence. */
  failureOf(endpoint: Endpoint): string {
    const { origin, state } = endpoint;
    return `${origin} ${state.disabled?.reason ?? this.faults.get(endpoint) ?? "was not asked"}`;
  }

  private missing(): readonly number[] {
    return [...this.calls.keys()].filter((i) => !this.answers.has(i));
  }

  /** How many blocks' logs a call asks for, where it may be asked in parts. */
  private widthOf(i: number): bigint | undefined {
    const range = wideRangeOf(this.calls[i]!);
    return range === undefined ? undefined : blocksOf(range);
  }

  private take(endpoint: Endpoint, asked: readonly number[], given: readonly Answer[]): void {
    let blamed: { readonly fault: EndpointFault; readonly method: string } | undefined;
    given.forEach((answer, k) => {
      const i = asked[k]!;
      const found = this.classified(i, answer, endpoint);
      const width = this.widthOf(i);
      if (width !== undefined && answer.kind === "error") endpoint.noteRefusal(width);
      if (found.kind === "fault") blamed = { fault: found.fault, method: this.calls[i]!.method };
      else if (found.kind === "answer") this.accept(i, answer);
      else this.guess(i, { kind: found.kind === "elsewhere" ? "elsewhere" : "refused", answer, endpoint });
    });
    if (blamed === undefined) return;
    this.faults.set(endpoint, blamed.fault.message);
    endpoint.blame(blamed.fault, blamed.method);
  }

  /** Anyone who said that a contract has nothing to return is contradicted by what it does return. */
  private accept(i: number, answer: Answer): void {
    this.answers.set(i, answer);
    const { method } = this.calls[i]!;
    if (method !== "eth_call" || answer.kind === "error") return;
    for (const { answer: other, endpoint } of this.guesses.get(i) ?? []) {
      if (other.kind === "result") endpoint.blame(this.faultOf(endpoint, `answered eth_call with no bytes`), method);
    }
  }

  private classified(i: number, answer: Answer, endpoint: Endpoint): Exclude<Classification, { kind: "eitherLimit" }> {
    const call = this.calls[i]!;
    if (answer.kind === "result") {
      const flaw = flawOf(call, answer.result);
      if (flaw !== undefined) return { kind: "fault", fault: this.faultOf(endpoint, flaw) };
      return { kind: isNothing(call, answer.result) ? "doubt" : "answer" };
    }
    const found = classify(call, answer.error);
    if (found.kind === "eitherLimit") {
      if (this.limited.has(i)) return { kind: "doubt" };
      this.limited.add(i);
      return { kind: "fault", fault: found.fault };
    }
    const saysEnough = found.kind === "answer" || (found.kind === "doubt" && this.widthOf(i) !== undefined);
    return answer.fault === undefined || saysEnough ? found : { kind: "fault", fault: answer.fault };
  }

  /** An endpoint that answers what can't be is disabled for long, unless there is no other. */
  private faultOf(endpoint: Endpoint, flaw: string): EndpointFault {
    const isReplaceable = this.endpoints.some((other) => other !== endpoint && other.state.disabled === null);
    return new EndpointFault(isReplaceable ? "contradicts" : "malformed", flaw);
  }

  /** No answer came. */
  private fail(endpoint: Endpoint, asked: readonly number[], fault: EndpointFault): void {
    this.faults.set(endpoint, fault.message);
    if (!overloads.has(fault.kind)) return;
    // What hangs costs a whole timeout each time; what else fails may pass by itself, and is tried once more.
    if (fault.kind !== "hangs" && this.round === 1) return;
    const error = { code: tooLongCode, message: `${endpoint.origin} ${fault.message}` };
    for (const i of asked) {
      if (this.widthOf(i) !== undefined) this.guess(i, { kind: "failed", answer: { kind: "error", error }, endpoint });
    }
  }

  private guess(i: number, guess: Guess): void {
    this.guesses.set(i, [...(this.guesses.get(i) ?? []), guess]);
  }

  /** Where everyone in use was asked, what they said is believed; who can't know is asked twice before. */
  private believe(): void {
    if (this.candidates().some(({ state, tried }) => state.disabled === null && !tried)) return;
    for (const i of this.missing()) {
      const guesses = this.guesses.get(i) ?? [];
      const opinions = guesses.filter(({ kind }) => kind === "elsewhere").length;
      const isBelieved = guesses.length > opinions || opinions >= Math.max(2, this.endpoints.length);
      if (isBelieved) this.answers.set(i, this.best(i, guesses));
    }
  }

  /** The refusal that leaves the widest range; else the last that was said. */
  private best(i: number, guesses: readonly Guess[]): Answer {
    const range = wideRangeOf(this.calls[i]!);
    const left = ({ answer }: Guess): bigint =>
      range === undefined || answer.kind === "result" ? 0n : blocksAfterRefusal(wordsOfNode(answer.error), range);
    return guesses.reduce((best, next) => (left(next) >= left(best) ? next : best)).answer;
  }
}
