/** A validator's signatures: due messages are computed beside the looks at the chain, and signed once. */
import { isContradiction } from "../../../chain/badAnswers";
import { firstDifference, type Settlement } from "../../../core/settlement";
import { type RepostMessage, repostForm, settlementForm } from "../../../keeper/quorum/statements";
import { reasonOf, retrySeconds } from "../../../keeper/run/serviceEvents";
import { revealWindowOf } from "../../../views/epochTimes";
import { type NodeView } from "../../run/nodeView";
import {
  SigningLine,
  type SigningNode,
  type SigningWays,
  type FinalView,
  repostToSign,
  settlementToSign,
  viewFinal,
} from "./line";

/** Something to sign now. */
interface Wanted {
  readonly line: SigningLine<Settlement> | SigningLine<RepostMessage>;
  readonly epoch: number;
}

/** What one validator signs. */
export class Signing {
  readonly settlements: SigningLine<Settlement>;
  readonly reposts: SigningLine<RepostMessage>;
  #view: FinalView | undefined;
  #work: Promise<void> | undefined;
  #failures = 0;
  /** After a failure, nothing is tried before this time on the node's clock. */
  #retryAt = -Infinity;
  /** Since when the next epoch has been due and unanswered, on the node's clock, and whether that was reported. */
  #waiting: { readonly epoch: number; readonly since: number; readonly isTold: boolean } | undefined;
  /** How many epochs were settled at the last comparison with the signatures; undefined before the first. */
  #compared: number | undefined;

  constructor(
    private readonly node: SigningNode,
    options: Pick<SigningWays, "validator" | "archive" | "dryRun">,
  ) {
    const ways = { node, ...options };
    this.settlements = new SigningLine(settlementForm, ways, settlementToSign);
    this.reposts = new SigningLine(repostForm, ways, repostToSign);
  }

  /** Whether something is being computed and signed. */
  get isWorking(): boolean {
    return this.#work !== undefined;
  }

  /**
   * Starts to sign what is due, beside the looks. A failure hinders no other duty: it is reported, and signing is tried
   * again later.
   */
  async look(view: NodeView): Promise<void> {
    const { clock } = this.node;
    try {
      if (this.#work === undefined && clock() >= this.#retryAt) await this.#begin(view);
      await this.#tellWhereBehind(view);
    } catch (error) {
      this.#fail("looking for something to sign", error);
    }
  }

  /** Ends when nothing is being signed any more. */
  async close(): Promise<void> {
    await this.#work;
  }

  async #begin(view: NodeView): Promise<void> {
    const { connection } = this.node;
    const final = await viewFinal(connection, view.headBlock, this.#view);
    if (final === undefined) return;
    this.#view = final;
    await this.#compareSettled(final);
    for (const { line, epoch } of this.#wanted(final, view)) {
      if (await line.isAnswered(epoch, final)) continue;
      const work = line.answer(epoch, final).then(
        () => {
          this.#failures = 0;
        },
        (error: unknown) => {
          this.#fail(`signing ${line.nameOf(epoch)}`, error);
        },
      );
      this.#work = work.finally(() => {
        this.#work = undefined;
      });
      return;
    }
  }

  /**
   * What to sign at a block: the repost of the newest settled epoch if its root was vetoed, and the settlement that is
   * due.
   */
  #wanted({ settlements: { settled }, timestamp }: FinalView, { now }: NodeView): readonly Wanted[] {
    const { connection } = this.node;
    const next = settled.length;
    // Without confirmations, the block that makes an epoch due may not be mined yet.
    const time = connection.deployment.config.keeper.confirmations === 0 ? now : timestamp;
    const isDue = time >= revealWindowOf(connection, next).closesAt;
    return [
      ...(settled.at(-1)?.isVetoed === true ? [{ line: this.reposts, epoch: next - 1 }] : []),
      ...(isDue ? [{ line: this.settlements, epoch: next }] : []),
    ];
  }

  /** Reports settled epochs that differ from what this validator signed: the newest one, then every later one. */
  async #compareSettled({ settlements: { settled } }: FinalView): Promise<void> {
    this.#compared ??= Math.max(0, settled.length - 1);
    for (const { settlement, blockNumber, transactionHash } of settled.slice(this.#compared)) {
      const epoch = this.#compared;
      const signed = await this.settlements.lastSigned(epoch);
      const difference = signed && firstDifference(signed.message, settlement);
      if (difference !== undefined) {
        this.node.tell({ kind: "settledDifferently", epoch, difference, block: blockNumber, transactionHash });
      }
      this.#compared++;
    }
  }

  /**
   * Reports once per epoch that it has long been due, and is neither signed nor refused here, nor settled by others.
   */
  async #tellWhereBehind({ chain, now }: NodeView): Promise<void> {
    const { connection, clock, tell } = this.node;
    const epoch = this.#view?.settlements.settled.length ?? 0;
    const isDue = now >= revealWindowOf(connection, epoch).closesAt;
    if (!isDue || this.settlements.hasAnswered(epoch)) {
      this.#waiting = undefined;
      return;
    }
    if (this.#waiting?.epoch !== epoch) this.#waiting = { epoch, since: clock(), isTold: false };
    const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
    const seconds = clock() - this.#waiting.since;
    if (this.#waiting.isTold || seconds < Math.max(60, (slotSeconds * slotsPerEpoch) / 24)) return;
    if (Number(await chain.contracts.treasury.read.nextEpochToSettle()) > epoch) return;
    this.#waiting = { ...this.#waiting, isTold: true };
    tell({ kind: "signingBehind", epoch, block: this.#view?.block ?? null, seconds, isComputing: this.isWorking });
  }

  #fail(during: string, error: unknown): void {
    const { stopping, tell, clock, random, connection, accuse } = this.node;
    if (stopping.aborted) return;
    const reason = reasonOf(error);
    if (isContradiction(error)) {
      connection.events.distrust();
      accuse(reason);
    }
    const retryInSeconds = retrySeconds(connection.deployment.config.keeper.pollSeconds, this.#failures++, random());
    this.#retryAt = clock() + retryInSeconds;
    tell({ kind: "failed", during, reason, retryInSeconds });
  }
}
