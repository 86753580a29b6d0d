/** A validator's scores until they are on chain: made once the work has closed, then sealed, committed and revealed. */
import { type Address, zeroHash } from "viem";
import { startOf, revealWindowOf } from "../../views/epochTimes";
import { readSealedScores, saveSealedScores, seal, type SealedScores } from "../../actions/scoreFiles";
import { type Score } from "../../core/scores";
import { reasonOf } from "../../keeper/run/serviceEvents";
import { withEitherSignal } from "../../chain/askEndpoint";
import { completedTasks, type LiveTask, type NodeView } from "../run/nodeView";
import { type Node } from "../run/node";
import { type Duty } from "../run/rehearsals";
import { type ValidatorEvent } from "../run/nodeEvents";

/** Scores the miners that completed these tasks for an epoch; ends when it is stopped. */
export type ScoreMiners = (
  view: NodeView,
  epoch: number,
  tasks: readonly LiveTask[],
  stopping: AbortSignal,
) => Promise<readonly Score[]>;

/** The scoring of one epoch, which runs beside the looks at the chain. */
interface Making {
  readonly epoch: number;
  sealed: SealedScores | undefined;
}

/** The commitments of one validator. */
export class Commitments {
  #making: Making | undefined;
  /** The epoch whose committed scores were reported as lost. */
  #lostEpoch: number | undefined;

  constructor(
    private readonly node: Node<ValidatorEvent>,
    private readonly validator: Address,
    private readonly scoreMiners: ScoreMiners,
  ) {}

  /** Whether scores are being made. */
  get isScoring(): boolean {
    return this.#making !== undefined && this.#making.sealed === undefined;
  }

  /** The duty to reveal the scores committed for the previous epoch, while that is possible. */
  async revealing(view: NodeView): Promise<readonly Duty[]> {
    const { chain, epoch, now } = view;
    if (epoch === null || epoch === 0) return [];
    const last = epoch - 1;
    const { closesAt } = revealWindowOf(this.node.connection, last);
    if (now >= closesAt) return [];
    const { scoreBoard } = chain.contracts;
    const [commit] = await scoreBoard.read.commitsOf([BigInt(last), [this.validator]]);
    if (commit!.commitment === zeroHash || commit!.isRevealed) return [];
    const board = { chainId: this.node.connection.deployment.chainId, scoreBoard: scoreBoard.address };
    const { commitment } = commit!;
    const sealed =
      readSealedScores(this.node.directory, { epoch: last, commitment }, board) ??
      // The salt comes from the key, and a scorer that judges the same way reproduces the scores.
      (await this.#sealedOf(view, last, (closesAt - now) / 2));
    if (sealed === undefined) return [];
    if (sealed.commitment !== commitment) {
      if (this.#lostEpoch !== last) this.node.tell({ kind: "scoresLost", epoch: last });
      this.#lostEpoch = last;
      return [];
    }
    const args = [BigInt(last), sealed.payload, sealed.salt];
    return [
      { name: `reveal the scores of epoch ${last}`, call: { ...scoreBoard, functionName: "revealScores", args } },
    ];
  }

  /**
   * The duty to commit to the running epoch's scores. They are made once its work has closed, and saved before they are
   * committed.
   */
  async committing(view: NodeView): Promise<readonly Duty[]> {
    const { chain, epoch, now } = view;
    if (epoch === null) return [];
    const { slotSeconds, closingSlots } = this.node.connection.deployment.config.clock;
    const endsAt = startOf(this.node.connection, epoch + 1);
    const workClosesAt = endsAt - closingSlots * slotSeconds;
    // A commitment that is mined an epoch late can't be revealed.
    if (now < workClosesAt || now >= endsAt - slotSeconds) return [];
    const { scoreBoard } = chain.contracts;
    const [commit] = await scoreBoard.read.commitsOf([BigInt(epoch), [this.validator]]);
    if (commit!.commitment !== zeroHash) return [];
    // The last two slots, or half of the closing slots if that is less, are for getting the commitment mined.
    const secondsToScore = Math.max(endsAt - Math.min(2, closingSlots / 2) * slotSeconds - now, slotSeconds / 2);
    const sealed = await this.#sealedOf(view, epoch, secondsToScore);
    if (sealed === undefined) return [];
    const call = { ...scoreBoard, functionName: "commitScores", args: [sealed.commitment] };
    return [{ name: `commit to the scores of epoch ${epoch}`, call }];
  }

  /** The scores of an epoch, sealed and saved; undefined while they are being made. The first call begins that. */
  async #sealedOf(view: NodeView, epoch: number, secondsToScore: number): Promise<SealedScores | undefined> {
    if (this.#making?.epoch === epoch) return this.#making.sealed;
    const tasks = await completedTasks(view.chain, epoch);
    const making: Making = { epoch, sealed: undefined };
    this.#making = making;
    void this.#make(view, epoch, tasks, secondsToScore).then(
      (sealed) => {
        making.sealed = sealed;
      },
      (error: unknown) => {
        // A later look starts again.
        if (this.#making === making) this.#making = undefined;
        this.node.tell({
          kind: "failed",
          during: `scoring epoch ${epoch}`,
          reason: reasonOf(error),
          retryInSeconds: 0,
        });
      },
    );
    return undefined;
  }

  async #make(
    view: NodeView,
    epoch: number,
    tasks: readonly LiveTask[],
    secondsToScore: number,
  ): Promise<SealedScores> {
    const { connection, signer, directory, stopping } = this.node;
    const enough = AbortSignal.timeout(secondsToScore * 1_000);
    const scores = await withEitherSignal([stopping, enough], (ending) => this.scoreMiners(view, epoch, tasks, ending));
    const sealed = await seal(connection, signer, { validator: this.validator, epoch }, scores);
    await saveSealedScores(directory, sealed);
    return sealed;
  }
}
