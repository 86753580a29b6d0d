/** Whom the watcher believes: more than half of the endpoints that it was given. */
import { isDeepStrictEqual } from "node:util";
import { atBlock } from "../../chain/atBlock";
import { isContradiction } from "../../chain/badAnswers";
import { type Connection, type SingleEndpoint } from "../../chain/connection";
import { reasonOf } from "../run/serviceEvents";
import { type Watcher } from "./memory";
import { type WatchListener } from "./watchEvents";
import { descending } from "../../core/fixedPoint";

/** Too few endpoints answer, or agree, and nobody knows which of them is wrong. */
export class EndpointsDisagreeError extends Error {
  override readonly name = "EndpointsDisagreeError";
}

/** The outcome of asking one endpoint. */
type EndpointAnswer<T> =
  | { readonly kind: "shown"; readonly source: SingleEndpoint; readonly shown: T }
  | { readonly kind: "failed"; readonly source: SingleEndpoint; readonly error: unknown };

/**
 * How many endpoints must show the same: more than half of those that were given, in use or not. So anyone who controls
 * at most half decides nothing, even if the others are kept from answering.
 */
export function quorumOf(endpointCount: number): number {
  return Math.floor(endpointCount / 2) + 1;
}

/**
 * Endpoints that are asked the same question, each alone and as of one block. An answer counts if a quorum of them
 * agrees on it, be it good or bad. An endpoint that shows something else, or fails, is reported, and not asked again.
 */
export class EndpointQuorum {
  /** Whether one endpoint's word is enough. */
  readonly isOne: boolean;

  /**
   * @param headBlock The block as of which they are asked.
   * @param needed How many must show the same.
   * @param members Asked in order, and only as many as needed. One that does not have the block yet only fails.
   * @param dissenting Which endpoints were reported, and on what subject. An endpoint is reported on a subject again
   * only after it has agreed on it in between.
   */
  constructor(
    readonly headBlock: bigint,
    private readonly needed: number,
    private members: readonly SingleEndpoint[],
    private readonly dissenting: Set<string>,
    private readonly tell: WatchListener,
  ) {
    this.isOne = needed === 1;
  }

  /**
   * @param subject What is asked for, such as "epoch 7".
   * @param ask Reads it from the deployment as one endpoint shows it. Answers agree if they are the same in every part.
   * @throws EndpointsDisagreeError naming every endpoint; if there is only one, that endpoint's error.
   */
  async agree<T>(subject: string, ask: (view: Connection) => Promise<T>): Promise<T> {
    const heard: EndpointAnswer<T>[] = [];
    for (const source of this.members) {
      const answer = await hear(source, () => ask(atBlock(source.connection, this.headBlock)));
      heard.push(answer);
      if (answer.kind === "failed") {
        if (this.isOne) throw answer.error;
        continue;
      }
      const agreeing = heard.filter((one) => one.kind === "shown" && isDeepStrictEqual(one.shown, answer.shown));
      if (agreeing.length < this.needed) continue;
      this.conclude(subject, heard, agreeing);
      return answer.shown;
    }
    throw new EndpointsDisagreeError(
      `Fewer than ${words[this.needed] ?? this.needed} endpoints agree on ${subject}, so the watcher can't judge it: ${heard.map(clauseOf).join("; ")}.`,
    );
  }

  /** The next question goes to those that agreed, and those that were not asked yet; the others are reported. */
  private conclude<T>(
    subject: string,
    heard: readonly EndpointAnswer<T>[],
    agreeing: readonly EndpointAnswer<T>[],
  ): void {
    this.members = [...agreeing.map(({ source }) => source), ...this.members.slice(heard.length)];
    for (const answer of heard) {
      const { endpoint } = answer.source;
      const vote = `${endpoint} on ${subject}`;
      if (agreeing.includes(answer)) {
        this.dissenting.delete(vote);
      } else if (!this.dissenting.has(vote)) {
        this.dissenting.add(vote);
        // What it showed earlier may be wrong, too.
        answer.source.connection.events.forget();
        this.tell({ kind: "endpointDisagrees", endpoint, subject, reason: clauseOf(answer) });
      }
    }
  }
}

const words = ["", "one", "two", "three", "four", "five"];

/** Events from an endpoint that contradicts itself are not kept. */
async function hear<T>(source: SingleEndpoint, ask: () => Promise<T>): Promise<EndpointAnswer<T>> {
  try {
    return { kind: "shown", source, shown: await ask() };
  } catch (error) {
    if (isContradiction(error)) source.connection.events.distrust();
    return { kind: "failed", source, error };
  }
}

/** What one endpoint did, for people. */
function clauseOf<T>(answer: EndpointAnswer<T>): string {
  const { endpoint } = answer.source;
  return answer.kind === "shown"
    ? `${endpoint} gives a different answer`
    : `${endpoint} fails: ${reasonOf(answer.error).replace(/\.$/, "")}`;
}

/**
 * The endpoints in use, as of the newest block that a quorum of them has: so nobody waits for one that is a block
 * behind, and no minority decides how far the chain is seen.
 * @throws EndpointsDisagreeError if too few are in use, or report their newest block; NoAnswerError if none is in use.
 */
export async function openEndpointQuorum(watcher: Watcher): Promise<EndpointQuorum> {
  const { connection, singleEndpoints, endpointCount, memory, tell } = watcher;
  const needed = quorumOf(endpointCount);
  // Asking the whole pool checks endpoints that were disabled for long enough, and waits if none is in use.
  if (singleEndpoints().length < needed) await connection.reader.getBlockNumber();
  const inUse = singleEndpoints();
  if (inUse.length < needed) {
    throw new EndpointsDisagreeError(
      `Only ${inUse.length} of ${endpointCount} endpoints are in use, and ${needed} must agree, so the watcher can't judge anything.`,
    );
  }
  const failures: string[] = [];
  const heads = await Promise.all(
    inUse.map(async (source) => {
      try {
        return [{ source, headBlock: await source.connection.reader.getBlockNumber() }];
      } catch (error) {
        failures.push(clauseOf({ kind: "failed", source, error }));
        return [];
      }
    }),
  );
  const seen = heads.flat().sort((a, b) => descending(a.headBlock, b.headBlock));
  const newest = seen[needed - 1];
  if (newest === undefined) {
    throw new EndpointsDisagreeError(`Too few endpoints reported their newest block: ${failures.join("; ")}.`);
  }
  const members = seen.map(({ source }) => source);
  return new EndpointQuorum(newest.headBlock, needed, members, memory.dissenting, tell);
}
