import { type Address, type Hex, keccak256, toBytes } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { commitmentOf, encodeScores } from "../../scripts/core/scores";
import { type Settlement } from "../../scripts/core/settlement";
import { type DevChain, type Sending } from "./devChain";
import { factsOf, fundsNow, type Revealed } from "./epochFacts";
import { Happenings } from "./happenings";
import { type Offices, sending, takePlaces } from "./opening";
import { peopleOf, type YearsPeople } from "./people";
import { Books } from "./settling";
import { type EpochStory, minersBefore, storyOf } from "./story";

/** What a validator has committed to, but not revealed yet. */
interface Sealed {
  readonly account: Address;
  readonly payload: Hex;
  readonly salt: Hex;
}

/** The chain contradicts the story that was played on it. */
export class StoryDiffersError extends Error {
  override readonly name = "StoryDiffersError";
}

/**
 * A network that lives epoch after epoch on a development chain: tasks, commits, reveals, claims, changes of stake, and
 * settlements that the pure core computes from views alone, so that an epoch costs the same at any age.
 */
export class Years {
  readonly #books = new Books();
  readonly #happenings: Happenings;
  /** Of the newest epoch in which there was work: who sealed what, and who forgot to reveal it. */
  #sealed: readonly Sealed[] = [];
  #revealed: ReadonlyMap<Address, Revealed> = new Map();
  #settled = 0;
  /** The slot of the newest block, counted from genesis. */
  #slot = 0;

  private constructor(
    private readonly connection: Connection,
    private readonly chain: DevChain,
    private readonly people: YearsPeople,
    private readonly offices: Offices,
    private readonly seed: number,
  ) {
    this.#happenings = new Happenings(connection, people, offices);
  }

  /** Everyone takes a place, and epoch 0 passes. */
  static async begin(connection: Connection, chain: DevChain, offices: Offices, seed: number): Promise<Years> {
    const people = peopleOf(seed);
    const years = new Years(connection, chain, people, offices, seed);
    await chain.mineBySending(false);
    await takePlaces(connection, chain, people, offices, years.#timeOf(-1, 0));
    years.#slot = years.#slotOf(-1, 0);
    await years.#begin(0);
    await years.#work(0);
    return years;
  }

  /** So many epochs are settled: those from 0 on. */
  get settled(): number {
    return this.#settled;
  }

  /**
   * Lives on until `epochs` are settled.
   * @param onSettled Told after each how many are.
   */
  async liveUntil(epochs: number, onSettled: (settled: number) => void): Promise<void> {
    while (this.#settled < epochs) {
      await this.liveOn();
      onSettled(this.#settled);
    }
  }

  /**
   * Lives through one epoch, in which the one before it is settled.
   * @param settle By whom, if not from here: told from when on it is due, in unix seconds.
   * @throws StoryDiffersError if it is settled otherwise than the pure core would.
   */
  async liveOn(settle?: (dueAt: number) => Promise<void>): Promise<void> {
    const epoch = this.#settled + 1;
    const { revealSlots } = this.#clock;
    await this.#begin(epoch);
    const known = { ...this.#happenings.known, revealed: this.#revealed };
    const facts = await factsOf(this.connection, epoch - 1, known);
    const settlement = await this.#books.settle(this.connection, facts, await fundsNow(this.connection));
    if (settle === undefined) {
      await this.#mine(epoch, revealSlots, this.#settlementOf(settlement, epoch));
    } else {
      await settle(this.#timeOf(epoch, revealSlots));
      this.#slot = this.#slotOf(epoch, revealSlots);
    }
    await this.#requireSettled(settlement);
    this.#settled = epoch;
    await this.#work(epoch);
  }

  /** What the keeper sends, and where the story has a veto the guardian before it does so again. */
  #settlementOf(settlement: Settlement, epoch: number): readonly Sending[] {
    return [
      sending(this.offices.keeper, this.connection.contracts.settlementQuorum, "settleEpoch", [settlement]),
      ...(this.#storyOf(epoch).isVetoed ? this.#happenings.vetoedAndReposted(settlement) : []),
    ];
  }

  async #requireSettled({ epoch, rewardsRoot }: Settlement): Promise<void> {
    const { treasury } = this.connection.contracts;
    const [root, newest] = await treasury.read.currentRoot();
    if (root === rewardsRoot && newest === epoch) return;
    throw new StoryDiffersError(
      `Epoch ${epoch} should be the newest, with the root ${rewardsRoot}, not epoch ${newest} with ${root}.`,
    );
  }

  /** The first slot after an epoch's start: what was sealed in the one before is revealed, and tasks are submitted. */
  async #begin(epoch: number): Promise<void> {
    const { tasks } = this.#storyOf(epoch);
    const { scoreBoard } = this.connection.contracts;
    const reveals = this.#sealed
      .filter(({ account }) => this.#revealed.get(account)!.payload !== null)
      .map(({ account, payload, salt }) =>
        sending(account, scoreBoard, "revealScores", [BigInt(epoch - 1), payload, salt]),
      );
    const submissions = this.#happenings.submitted(tasks, epoch, this.#timeOf(epoch + 1, 0));
    await this.#mine(epoch, 1, [...reveals, ...submissions]);
  }

  /** The middle of an epoch: tasks are completed, scores sealed, and one account claims. */
  async #work(epoch: number): Promise<void> {
    const story = this.#storyOf(epoch);
    const { treasury } = this.connection.contracts;
    const commits = await this.#seal(epoch, story);
    const claim = await this.#books.nextClaim(this.connection, epoch);
    const claims =
      claim === undefined
        ? []
        : [sending(this.people.clients[0]!, treasury, "claim", [claim.account, claim.cumulativeWei, claim.proof])];
    await this.#mine(epoch, this.#clock.slotsPerEpoch / 2, [
      ...commits,
      ...this.#happenings.completed(story.tasks, epoch),
      ...claims,
      ...story.events.map((event) => this.#happenings.happened(event)),
    ]);
  }

  /** Every active validator commits to its scores. */
  async #seal(epoch: number, story: EpochStory): Promise<readonly Sending[]> {
    const { contracts, deployment } = this.connection;
    const { scoreBoard, staking } = contracts;
    const [active] = await staking.read.activeStakes([BigInt(epoch)]);
    const isActive = new Set(active.map((account) => account.toLowerCase()));
    const { chainId } = deployment;
    const sealed = this.people.validators.flatMap(({ account }, index) => {
      if (!isActive.has(account)) return [];
      const payload = encodeScores(story.scores[index]!);
      const salt = keccak256(toBytes(`${account} ${epoch}`));
      const isForgotten = index === story.forgets;
      return [{ account, payload, salt, isForgotten }];
    });
    const minersAtCommit = minersBefore(this.people, epoch);
    this.#sealed = sealed;
    this.#revealed = new Map(
      sealed.map(({ account, payload, isForgotten }) => [
        account,
        { payload: isForgotten ? null : payload, minersAtCommit },
      ]),
    );
    return sealed.map(({ account, payload, salt }) => {
      const context = { chainId, scoreBoard: scoreBoard.address, validator: account, epoch: BigInt(epoch), salt };
      return sending(account, scoreBoard, "commitScores", [commitmentOf(payload, context)]);
    });
  }

  #storyOf(epoch: number): EpochStory {
    return storyOf(this.seed, this.people, epoch);
  }

  /** Mines a block in a slot of `epoch`, and an empty one in each slot since the newest block. */
  async #mine(epoch: number, slotInEpoch: number, sendings: readonly Sending[]): Promise<void> {
    const slot = this.#slotOf(epoch, slotInEpoch);
    const empty = slot - this.#slot - 1;
    const { slotSeconds } = this.#clock;
    if (empty > 0) await this.chain.pass(this.#timeOf(0, this.#slot + 1), empty, slotSeconds);
    await this.chain.mine(this.#timeOf(0, slot), sendings);
    this.#slot = slot;
  }

  #slotOf(epoch: number, slotInEpoch: number): number {
    return epoch * this.#clock.slotsPerEpoch + slotInEpoch;
  }

  #timeOf(epoch: number, slotInEpoch: number): number {
    return (
      this.connection.deployment.choices.genesisTimestamp + this.#slotOf(epoch, slotInEpoch) * this.#clock.slotSeconds
    );
  }

  get #clock() {
    return this.connection.deployment.config.clock;
  }
}
