import { newestConfirmed } from "../chain/confirmations";
import { figuresOf } from "../keeper/history";
import { readRewardRoots, rootStatusOf } from "../keeper/rewardRoots";
import { readSettledEpochs, type SettledEpoch } from "../keeper/settledEpochs";
import { type EpochStore } from "./epochStore";
import { type Heads } from "./heads";
import { NotFoundError } from "./problems";
import { reportAnswer } from "./schemas/report";
import { type ApiSource } from "./source";

/** Which settled epochs: from `from` on in order, or the newest ones first. */
export interface PageQuery {
  readonly from?: number | undefined;
  readonly limit: number;
}

/** The epochs of a page out of `settledEpochs`, and where the next page begins; null where there is none. */
export function pageOf({ from, limit }: PageQuery, settledEpochs: number) {
  const first = from ?? Math.max(0, settledEpochs - limit);
  const end = Math.min(settledEpochs, first + limit);
  const epochs = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  if (from === undefined) return { epochs: epochs.reverse(), next: null };
  return { epochs, next: end < settledEpochs ? end : null };
}

/** What the API tells of settled epochs. */
export function epochView({ connection, archive }: ApiSource, heads: Heads, store: EpochStore) {
  const { reader, deployment, contracts } = connection;
  const settledEpochs = heads.once(() => readSettledEpochs(connection));
  const roots = heads.once(() => readRewardRoots(connection));
  const confirmedBlock = heads.once(({ number }) =>
    newestConfirmed(reader, number, deployment.config.keeper.confirmations),
  );

  const requireSettled = async (epoch: number): Promise<SettledEpoch> => {
    const settled = await settledEpochs();
    const one = settled[epoch];
    if (one !== undefined) return one;
    throw new NotFoundError(`Epoch ${epoch} is not settled yet: ${settled.length} are, beginning with epoch 0.`);
  };

  const isConfirmed = async ({ blockNumber }: SettledEpoch): Promise<boolean> =>
    blockNumber <= (await confirmedBlock());

  const page = async (query: PageQuery) => {
    const settled = await settledEpochs();
    const { epochs, next } = pageOf(query, settled.length);
    return { settledEpochs: settled.length, epochs: figuresOf(epochs.map((epoch) => settled[epoch]!)), next };
  };

  const one = async (epoch: number) => {
    const settled = await requireSettled(epoch);
    const { settlement, blockNumber, transactionHash } = settled;
    const [block, ceilingWei] = await Promise.all([
      reader.getBlock({ blockNumber }),
      contracts.treasury.read.emissionCeiling([BigInt(epoch)]),
    ]);
    return {
      figures: figuresOf([settled])[0]!,
      settlement,
      root: rootStatusOf(await roots(), { root: settlement.rewardsRoot, epoch }),
      transaction: { hash: transactionHash, blockNumber: Number(blockNumber), timestamp: Number(block.timestamp) },
      isConfirmed: await isConfirmed(settled),
      ceilingWei,
    };
  };

  const report = async (epoch: number) => {
    await requireSettled(epoch);
    await store.require(epoch, await settledEpochs());
    return reportAnswer.parse(archive.report(epoch));
  };

  return { settledEpochs, roots, requireSettled, isConfirmed, page, one, report };
}
