/** Whom the watcher believes: no endpoint alone, where there is another. */
import { isDeepStrictEqual } from "node:util";
import { atBlock } from "../../chain/atBlock";
import { type Connection, type Witness } from "../../chain/connection";
import { reasonOf } from "../run/serviceEvents";
import { type Watcher, type WatchMemory } from "./memory";
import { type WatchListener } from "./watchEvents";

/** No two endpoints show the same, and nobody knows which of them is wrong. */
export class EndpointsDisagreeError extends Error {
  override readonly name = "EndpointsDisagreeError";
}

/** What came of asking one endpoint. */
type Testimony<T> =
  | { readonly kind: "shown"; readonly witness: Witness; readonly shown: T }
  | { readonly kind: "failed"; readonly witness: Witness; readonly error: unknown };

/**
 * Endpoints that are asked the same, each alone and as of one block. What two of them show alike counts, be it good or bad;
 * where only one is in use, what that one shows. Whoever is outvoted is told of, and asked no more.
 */
export class Jury {
  /** Whether one endpoint's word is all that there is. */
  readonly isOne: boolean;

  /**
   * @param headBlock The block as of which they are asked.
   * @param members They are asked in order, and no more of them than it takes. One that lacks the block yet only fails.
   * @param outvoted Who was told of, and on what subject: it is told again only after it agreed on that in between.
   */
  constructor(
    readonly headBlock: bigint,
    private members: readonly Witness[],
    private readonly outvoted: Set<string>,
    private readonly tell: WatchListener,
  ) {
    this.isOne = members.length === 1;
  }

  /**
   * @param subject What is asked for, as "epoch 7".
   * @param ask Reads it from the deployment as one endpoint shows it. Answers agree that are the same in every part.
   * @throws EndpointsDisagreeError naming every endpoint; where only one is in use, whatever hindered it.
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
      if (agreeing.length < 2 && !this.isOne) continue;
      this.conclude(subject, heard, agreeing);
      return testimony.shown;
    }
    throw new EndpointsDisagreeError(
      `No two endpoints agree on ${subject}, so nothing is concluded: ${heard.map(clauseOf).join("; ")}.`,
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
        this.tell({ kind: "endpointOutvoted", endpoint, subject, reason: clauseOf(testimony) });
      }
    }
  }
}

async function hear<T>(witness: Witness, ask: () => Promise<T>): Promise<Testimony<T>> {
  try {
    return { kind: "shown", witness, shown: await ask() };
  } catch (error) {
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
 * The endpoints in use, as of the newest block that two of them have: so nobody waits for one that is a block behind, and no
 * single one decides how far the chain is seen. Where only one is in use, as of its head.
 * @throws EndpointsDisagreeError where too few tell their head; NoAnswerError where none is in use.
 */
export async function summonJury({ connection, witnesses, tell }: Watcher, { outvoted }: WatchMemory): Promise<Jury> {
  // Asking the whole pool waits until one is used again.
  if (witnesses().length === 0) await connection.reader.getBlockNumber();
  const inUse = witnesses();
  const failures: string[] = [];
  const heads = await Promise.all(
    inUse.map(async (witness) => {
      try {
        return [{ witness, headBlock: await witness.connection.reader.getBlockNumber() }];
      } catch (error) {
        failures.push(`${witness.endpoint}: ${reasonOf(error)}`);
        return [];
      }
    }),
  );
  const seen = heads.flat().sort((a, b) => (a.headBlock > b.headBlock ? -1 : a.headBlock < b.headBlock ? 1 : 0));
  const newest = seen[Math.min(2, inUse.length) - 1];
  if (newest === undefined) {
    throw new EndpointsDisagreeError(`Too few endpoints tell their head: ${failures.join("; ")}`);
  }
  const members = seen.map(({ witness }) => witness);
  return new Jury(newest.headBlock, members, outvoted, tell);
}
