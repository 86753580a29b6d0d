/** Whom the watcher believes: more than half of the endpoints that it was given. */
import { isDeepStrictEqual } from "node:util";
import { atBlock } from "../../chain/atBlock";
import { isContradiction } from "../../chain/contradiction";
import { type Connection } from "../../chain/connection";
import { type Witness } from "../../chain/pooledConnection";
import { reasonOf } from "../run/serviceEvents";
import { type Watcher, type WatchMemory } from "./memory";
import { type WatchListener } from "./watchEvents";

/** Too few endpoints show the same, or any at all, and nobody knows which of them is wrong. */
export class EndpointsDisagreeError extends Error {
  override readonly name = "EndpointsDisagreeError";
}

/** What came of asking one endpoint. */
type Testimony<T> =
  | { readonly kind: "shown"; readonly witness: Witness; readonly shown: T }
  | { readonly kind: "failed"; readonly witness: Witness; readonly error: unknown };

/**
 * How many endpoints must show the same: more than half of those that were given, in use or not. So whoever controls fewer
 * than half decides nothing, also where the others are kept from answering.
 */
export function quorumOf(endpointCount: number): number {
  return Math.floor(endpointCount / 2) + 1;
}

/**
 * Endpoints that are asked the same, each alone and as of one block. What a quorum of them shows alike counts, be it good or
 * bad. Whoever is outvoted is told of, and asked no more.
 */
export class Jury {
  /** Whether one endpoint's word is enough. */
  readonly isOne: boolean;

  /**
   * @param headBlock The block as of which they are asked.
   * @param quorum How many must show the same.
   * @param members They are asked in order, and no more of them than it takes. One that lacks the block yet only fails.
   * @param outvoted Who was told of, and on what subject: it is told again only after it agreed on that in between.
   */
  constructor(
    readonly headBlock: bigint,
    private readonly quorum: number,
    private members: readonly Witness[],
    private readonly outvoted: Set<string>,
    private readonly tell: WatchListener,
  ) {
    this.isOne = quorum === 1;
  }

  /**
   * @param subject What is asked for, as "epoch 7".
   * @param ask Reads it from the deployment as one endpoint shows it. Answers agree that are the same in every part.
   * @throws EndpointsDisagreeError naming every endpoint; where there is only one, whatever hindered it.
   */
  async agree<T>(subject: string, ask: (view: Connection) => Promise<T>): Promise<T> {
    const heard: Testimony<T>[] = [];
    for (const witness of this.members) {
      const testimony = await hear(witness, () => ask(atBlock(witness.connection, this.headBlock)));
      heard.push(testimony);
      if (testimony.kind === "failed") {
        if (this.isOne) throw testimony.error;
        continue;
      }
      const agreeing = heard.filter((one) => one.kind === "shown" && isDeepStrictEqual(one.shown, testimony.shown));
      if (agreeing.length < this.quorum) continue;
      this.conclude(subject, heard, agreeing);
      return testimony.shown;
    }
    throw new EndpointsDisagreeError(
      `No ${wordFor(this.quorum)} endpoints agree on ${subject}, so nothing is concluded: ${heard.map(clauseOf).join("; ")}.`,
    );
  }

  /** Who agreed, and who has not been asked yet, is asked next time. */
  private conclude<T>(subject: string, heard: readonly Testimony<T>[], agreeing: readonly Testimony<T>[]): void {
    this.members = [...agreeing.map(({ witness }) => witness), ...this.members.slice(heard.length)];
    for (const testimony of heard) {
      const { endpoint } = testimony.witness;
      const vote = `${endpoint} on ${subject}`;
      if (agreeing.includes(testimony)) {
        this.outvoted.delete(vote);
      } else if (!this.outvoted.has(vote)) {
        this.outvoted.add(vote);
        // What it showed earlier may be what is wrong.
        testimony.witness.connection.events.forget();
        this.tell({ kind: "endpointOutvoted", endpoint, subject, reason: clauseOf(testimony) });
      }
    }
  }
}

const words = ["", "one", "two", "three", "four", "five"];

function wordFor(count: number): string {
  return words[count] ?? String(count);
}

/** What an endpoint showed that contradicts itself is not kept. */
async function hear<T>(witness: Witness, ask: () => Promise<T>): Promise<Testimony<T>> {
  try {
    return { kind: "shown", witness, shown: await ask() };
  } catch (error) {
    if (isContradiction(error)) witness.connection.events.distrust();
    return { kind: "failed", witness, error };
  }
}

/** What one endpoint did, for people. */
function clauseOf<T>(testimony: Testimony<T>): string {
  const { endpoint } = testimony.witness;
  return testimony.kind === "shown"
    ? `${endpoint} shows something else`
    : `${endpoint} fails: ${reasonOf(testimony.error).replace(/\.$/, "")}`;
}

/**
 * The endpoints in use, as of the newest block that a quorum of them has: so nobody waits for one that is a block behind, and
 * no minority decides how far the chain is seen.
 * @throws EndpointsDisagreeError where too few are in use, or tell their head; NoAnswerError where none is in use.
 */
export async function summonJury(watcher: Watcher, { outvoted }: WatchMemory): Promise<Jury> {
  const { connection, witnesses, endpointCount, tell } = watcher;
  const quorum = quorumOf(endpointCount);
  // Asking the whole pool has those looked at that were left aside long enough, and waits where none is in use.
  if (witnesses().length < quorum) await connection.reader.getBlockNumber();
  const inUse = witnesses();
  if (inUse.length < quorum) {
    throw new EndpointsDisagreeError(
      `Only ${inUse.length} of ${endpointCount} endpoints can be asked now, and ${quorum} must agree, so nothing is concluded.`,
    );
  }
  const failures: string[] = [];
  const heads = await Promise.all(
    inUse.map(async (witness) => {
      try {
        return [{ witness, headBlock: await witness.connection.reader.getBlockNumber() }];
      } catch (error) {
        failures.push(clauseOf({ kind: "failed", witness, error }));
        return [];
      }
    }),
  );
  const seen = heads.flat().sort((a, b) => (a.headBlock > b.headBlock ? -1 : a.headBlock < b.headBlock ? 1 : 0));
  const newest = seen[quorum - 1];
  if (newest === undefined) {
    throw new EndpointsDisagreeError(`Too few endpoints tell their head: ${failures.join("; ")}.`);
  }
  const members = seen.map(({ witness }) => witness);
  return new Jury(newest.headBlock, quorum, members, outvoted, tell);
}
