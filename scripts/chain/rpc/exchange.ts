import { setTimeout as sleep } from "node:timers/promises";
import { type Chance, type Endpoint, type HeadTracker } from "./endpoint";
import { backoffMilliseconds, nextEndpoint, type Candidate, EndpointFault } from "./endpointState";
import { type Answer, type Call, isRepeatable } from "./jsonRpc";
import { ChainReplacedError, NoAnswerError } from "../badAnswers";
import { type PoolSettings } from "./settings";
import { tooLongCode, classify, type Classification } from "../nodeErrors";
import { blocksAfterRefusal, blocksOf, wideRangeOf, wordsOfNode } from "../logRange";
import { flawOf, isNothing } from "./shapes";

/** Everything that calls need to find their answers. */
export interface Endpoints {
  readonly endpoints: readonly Endpoint[];
  readonly headTracker: HeadTracker;
  readonly settings: PoolSettings;
  readonly chance: Chance;
  /** Called with the endpoint that gave an answer that counts. */
  readonly onAnswer: (endpoint: Endpoint) => void;
}

/**
 * Sends calls to one endpoint after another until each has an answer. Only this function and `broadcast` repeat: reads
 * may be repeated, and so may the sending of a signed transaction, because the bytes are the same.
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

/** Batches of at most `size` calls in their order; a call that may not be repeated travels alone. */
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

/** Lets calls that are made in the same turn of the event loop travel together, at most `size` in a batch. */
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

/** A reply to a call, while a better one may still come. */
interface Guess {
  /**
   * `refused`: by a node that another may contradict; `elsewhere`: the node can't know; `failed`: no answer, perhaps
   * because the range is too wide.
   */
  readonly kind: "refused" | "elsewhere" | "failed";
  readonly answer: Answer;
  readonly endpoint: Endpoint;
}

/** Faults whose cause may be a range of logs too wide to be answered whole and in time. */
const overloads: ReadonlySet<string> = new Set(["hangs", "unreachable", "serverError", "malformed"]);

/** One set of pending calls: their answers so far, other replies, and the endpoints that were asked. */
class PendingCalls {
  private readonly answers = new Map<number, Answer>();
  private readonly guesses = new Map<number, readonly Guess[]>();
  /** Calls that were refused once because of a limit, without saying which. */
  private readonly limited = new Set<number>();
  private readonly tried = new Set<Endpoint>();
  private readonly faults = new Map<Endpoint, string>();
  private round = 1;

  /** @param onAnswer Called with the endpoint that gave an answer that counts. */
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

  /** Lets every endpoint be asked again. */
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

  /** The answer to the call at a position, else the last reply that says anything; undefined if there is none. */
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

  /** How many blocks of logs a call asks for; undefined if it can't be asked in parts. */
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

  /** Accepts an answer. If a contract returns something, endpoints that said it returns nothing are blamed. */
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

  /** The fault of an impossible answer: it disables the endpoint for long, unless there is no other. */
  private faultOf(endpoint: Endpoint, flaw: string): EndpointFault {
    const isReplaceable = this.endpoints.some((other) => other !== endpoint && other.state.disabled === null);
    return new EndpointFault(isReplaceable ? "contradicts" : "malformed", flaw);
  }

  /** No answer came. */
  private fail(endpoint: Endpoint, asked: readonly number[], fault: EndpointFault): void {
    this.faults.set(endpoint, fault.message);
    if (!overloads.has(fault.kind)) return;
    // Hanging costs a whole timeout each time; other faults may pass by themselves, so the call is tried once more.
    if (fault.kind !== "hangs" && this.round === 1) return;
    const error = { code: tooLongCode, message: `${endpoint.origin} ${fault.message}` };
    for (const i of asked) {
      if (this.widthOf(i) !== undefined) this.guess(i, { kind: "failed", answer: { kind: "error", error }, endpoint });
    }
  }

  private guess(i: number, guess: Guess): void {
    this.guesses.set(i, [...(this.guesses.get(i) ?? []), guess]);
  }

  /**
   * Once every endpoint in use was asked, their replies are believed; if all are `elsewhere`, only after as many
   * replies as there are endpoints, and at least two.
   */
  private believe(): void {
    if (this.candidates().some(({ state, tried }) => state.disabled === null && !tried)) return;
    for (const i of this.missing()) {
      const guesses = this.guesses.get(i) ?? [];
      const opinions = guesses.filter(({ kind }) => kind === "elsewhere").length;
      const isBelieved = guesses.length > opinions || opinions >= Math.max(2, this.endpoints.length);
      if (isBelieved) this.answers.set(i, this.best(i, guesses));
    }
  }

  /** The refusal that leaves the widest range; without a range, the last reply. */
  private best(i: number, guesses: readonly Guess[]): Answer {
    const range = wideRangeOf(this.calls[i]!);
    const left = ({ answer }: Guess): bigint =>
      range === undefined || answer.kind === "result" ? 0n : blocksAfterRefusal(wordsOfNode(answer.error), range);
    return guesses.reduce((best, next) => (left(next) >= left(best) ? next : best)).answer;
  }
}
