import { constants } from "node:buffer";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { NotFoundError, sayHowLong } from "./http";
import { archivedReport, epochAnswer, epochsAnswer, reportAnswer } from "./schemas/epochs";
import { answers, epochParam, pageQuery, partQuery, plainQuery, toWire } from "./questions";
import { figuresOf } from "../keeper/facts/figures";
import { readRewardRoots, rootStatusOf } from "../keeper/facts/rewardRoots";
import { readSettlements, rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { type EpochStore } from "./epochStore";
import { ExplainedReports, type PartQuery, reportPage } from "./reports";
import { type Heads } from "./heads";
import { type ApiSource } from "./source";

const get = { method: "get" as const, tags: ["epochs"] };

const page = createRoute({
  ...get,
  path: "/v1/epochs",
  summary: "Figures of settled epochs, a page at a time",
  request: { query: pageQuery },
  responses: answers(epochsAnswer, "A page"),
});

const one = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}",
  summary: "One settled epoch: figures, settlement, transaction, and what became of its root",
  request: { params: epochParam, query: plainQuery },
  responses: answers(epochAnswer, "The epoch"),
});

const report = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}/report",
  summary: "Why an epoch came out as it did, and who was paid, a page at a time",
  description: "At most `limit` miners and `limit` stakers, whatever the epoch's size; `next` leads to the others.",
  request: { params: epochParam, query: partQuery },
  responses: answers(reportAnswer, "The report"),
});

const whole = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}/report/whole",
  summary: "Everything that decided an epoch, and all that came of it: for programs that compute it again",
  description:
    "Not paged, since its parts make sense only together: it grows with miners, delegations and bonds. " +
    `At most ${constants.MAX_STRING_LENGTH} bytes, as no keeper writes a longer report. ` +
    "`inputs` is what `epoch preview` takes.",
  request: { params: epochParam, query: plainQuery },
  responses: answers(archivedReport, "The report, whole"),
});

/** Adds the routes about settled epochs. */
export function addEpochRoutes(app: OpenAPIHono, view: ReturnType<typeof epochView>): void {
  app.openapi(page, async (c) => {
    const answer = await view.page(c.req.valid("query"));
    sayHowLong(c, answer.next !== null && (await view.isConfirmed(answer.next - 1)));
    return c.json(toWire(answer), 200);
  });
  app.openapi(one, async (c) => c.json(toWire(await view.one(c.req.valid("param").epoch)), 200));
  app.openapi(report, async (c) => {
    const { epoch } = c.req.valid("param");
    const answer = await view.report(epoch, c.req.valid("query"));
    sayHowLong(c, await view.isConfirmed(epoch));
    return c.json(toWire(answer), 200);
  });
  app.openapi(whole, async (c) => {
    const { epoch } = c.req.valid("param");
    const answer = await view.wholeReport(epoch);
    sayHowLong(c, await view.isConfirmed(epoch));
    return c.json(answer, 200);
  });
}

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
