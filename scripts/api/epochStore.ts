import { carriedInto } from "../keeper/settle/carriedInto";
import { rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { UnavailableError } from "./problems";
import { type ApiSource } from "./source";

/** A client that asks again after so long finds most epochs computed. */
const retryAfterSeconds = 5;

/**
 * The archived epochs. One that the archive lacks is computed from the chain: once, however many ask for it, and one at a
 * time. Who asks meanwhile is told so.
 */
export class EpochStore {
  #computing: { readonly epoch: number; readonly done: Promise<void> } | undefined;

  constructor(
    private readonly source: ApiSource,
    private readonly patienceMilliseconds: number,
  ) {}

  /** Whether the archive has the tree and the report of a settled epoch. */
  has(epoch: number, settled: readonly SettledEpoch[]): boolean {
    return this.source.archive.holds(epoch, rootOf(settled[epoch]!));
  }

  /**
   * Sees to it that the archive has a settled epoch.
   * @throws UnavailableError while it is being computed; SettlementDiffersError where the chain has another settlement
   * than its own facts lead to.
   */
  async require(epoch: number, settled: readonly SettledEpoch[]): Promise<void> {
    if (!this.has(epoch, settled)) await this.compute(epoch, settled);
  }

  /** Computes a settled epoch whatever the archive has of it; errors as above. */
  async compute(epoch: number, settled: readonly SettledEpoch[]): Promise<void> {
    this.#computing ??= this.#start(epoch, settled);
    const { epoch: computing, done } = this.#computing;
    if ((await endsWithin(this.patienceMilliseconds, done)) && computing === epoch) return;
    throw new UnavailableError(
      `Epoch ${epoch} is not in the archive here, and epoch ${computing} is being computed from the chain: ask again later.`,
      retryAfterSeconds,
    );
  }

  #start(epoch: number, settled: readonly SettledEpoch[]) {
    const done = carriedInto(this.source.connection, this.source.archive, epoch + 1, settled)
      .then(() => undefined)
      .finally(() => {
        this.#computing = undefined;
      });
    // Whoever waits for it learns how it failed; nobody may be waiting any more.
    done.catch(() => undefined);
    return { epoch, done };
  }
}

/** Whether `work` ends in time; fails where the work does. */
async function endsWithin(milliseconds: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, milliseconds);
  });
  try {
    return await Promise.race([work.then(() => true as const), late]);
  } finally {
    clearTimeout(timer);
  }
}
