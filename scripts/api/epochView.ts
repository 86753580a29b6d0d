import { figuresOf } from "../keeper/facts/figures";
import { readRewardRoots, rootStatusOf } from "../keeper/facts/rewardRoots";
import { readSettlements, rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { type EpochStore } from "./epochStore";
import { ExplainedReports } from "./explainedReports";
import { type Heads } from "./heads";
import { NotFoundError } from "./problems";
import { type PartQuery, reportPage } from "./reportPage";
import { archivedReport } from "./schemas/report";
import { type ApiSource } from "./source";

/** Which settled epochs: from `from` on in order, or the newest ones first. */
export interface PageQuery {
  readonly from?: number | undefined;
  readonly limit: number;
}

/** The epochs of a page, and where the next page begins: null after a page that is not full, and without `from`. */
export function pageOf({ from, limit }: PageQuery, settledEpochs: number) {
  const first = from ?? Math.max(0, settledEpochs - limit);
  const count = Math.max(0, Math.min(settledEpochs - first, limit));
  const epochs = Array.from({ length: count }, (_, i) => first + i);
  if (from === undefined) return { epochs: epochs.reverse(), next: null };
  return { epochs, next: count === limit ? first + limit : null };
}

/** What the API tells of settled epochs. */
export function epochView({ archive }: ApiSource, heads: Heads, store: EpochStore) {
  const settlements = heads.once(({ view }) => readSettlements(view));
  const settledEpochs = async () => (await settlements()).settled;
  const roots = heads.once(async ({ view }) => readRewardRoots(view, (await settlements()).vetoes));
  const explainedReports = new ExplainedReports();

  const isConfirmed = async ({ blockNumber }: SettledEpoch): Promise<boolean> =>
    blockNumber <= (await heads.current()).confirmedBlock;

  const requireSettled = async (epoch: number): Promise<SettledEpoch> => {
    const settled = await settledEpochs();
    const one = settled[epoch];
    if (one !== undefined) return one;
    throw new NotFoundError(`Epoch ${epoch} is not settled yet: ${settled.length} are, beginning with epoch 0.`);
  };

  const requireArchived = async (epoch: number): Promise<SettledEpoch> => {
    const settled = await requireSettled(epoch);
    await store.require(epoch, await settledEpochs());
    return settled;
  };

  const archived = (epoch: number) => archivedReport.parse(archive.report(epoch));

  return {
    settledEpochs,
    roots,
    /** Whether the epoch's settlement has the network's confirmations; not where it is not settled. */
    async isConfirmed(epoch: number) {
      const settled = (await settledEpochs())[epoch];
      return settled !== undefined && isConfirmed(settled);
    },

    async page(query: PageQuery) {
      const settled = await settledEpochs();
      const { epochs, next } = pageOf(query, settled.length);
      return { epochs: figuresOf(epochs.map((epoch) => settled[epoch]!)), next };
    },

    async one(epoch: number) {
      const settled = await requireSettled(epoch);
      const { settlement, blockNumber, transactionHash } = settled;
      const { reader, contracts } = (await heads.current()).view;
      const [block, ceilingWei] = await Promise.all([
        reader.getBlock({ blockNumber }),
        contracts.treasury.read.emissionCeiling([BigInt(epoch)]),
      ]);
      return {
        figures: figuresOf([settled])[0]!,
        settlement,
        root: rootStatusOf(await roots(), { root: rootOf(settled), epoch }),
        transaction: { hash: transactionHash, blockNumber: Number(blockNumber), timestamp: Number(block.timestamp) },
        isConfirmed: await isConfirmed(settled),
        ceilingWei,
      };
    },

    /** As the archive has it, however long. */
    async wholeReport(epoch: number) {
      await requireArchived(epoch);
      return archived(epoch);
    },

    async report(epoch: number, part: PartQuery) {
      const root = rootOf(await requireArchived(epoch));
      const { ranked, utilityFactors, story } = explainedReports.of(epoch, root, () => archived(epoch));
      return { ...reportPage(ranked, part), utilityFactors, story };
    },
  };
}
