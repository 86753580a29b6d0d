import { constants } from "node:buffer";
import { createReadStream } from "node:fs";
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { NotFoundError, sayHowLong } from "./http";
import { archivedReport, epochAnswer, epochsAnswer, reportAnswer } from "./schemas/epochs";
import { answers, toWire } from "./answers";
import { epochParam, pageQuery, partQuery, plainQuery } from "./questions";
import { figuresOf, readSettlements, rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { readRewardRoots, rootStatusOf } from "../keeper/facts/rewardRoots";
import { setAside } from "../keeper/archive/jsonFile";
import { type EpochStore } from "./epochStore";
import { type PartQuery } from "./reportWorker";
import { askReport, DamagedReportError } from "./reportThread";
import { type Heads, type ApiSource } from "./source";
import { type Hex } from "viem";

const get = { method: "get" as const, tags: ["epochs"] };

const page = createRoute({
  ...get,
  path: "/v1/epochs",
  operationId: "listEpochs",
  summary: "Figures of settled epochs, a page at a time",
  request: { query: pageQuery },
  responses: answers(epochsAnswer, "A page"),
});

const one = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}",
  operationId: "getEpoch",
  summary: "One settled epoch: figures, settlement, transaction, and the state of its root",
  request: { params: epochParam, query: plainQuery },
  responses: answers(epochAnswer, "The epoch"),
});

const report = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}/report",
  operationId: "getEpochReport",
  summary: "Why an epoch came out as it did, and who was paid, a page at a time",
  description: "At most `limit` miners and `limit` stakers, whatever the epoch's size; `next` leads to the others.",
  request: { params: epochParam, query: partQuery },
  responses: answers(reportAnswer, "The report"),
});

const whole = createRoute({
  ...get,
  path: "/v1/epochs/{epoch}/report/whole",
  operationId: "getWholeEpochReport",
  summary: "The whole report of an epoch, inputs and results, for programs that recompute it",
  description:
    "Not paged, since its parts make sense only together: it grows with miners, delegations and bonds. " +
    `At most ${constants.MAX_STRING_LENGTH} bytes, the longest report that a keeper writes. ` +
    "`inputs` is what `epoch preview` takes.",
  request: { params: epochParam, query: plainQuery },
  responses: answers(archivedReport, "The report, whole"),
});

/** Adds the routes about settled epochs. */
export function addEpochRoutes(app: OpenAPIHono, view: EpochView): void {
  app.openapi(page, async (c) => {
    const answer = await view.page(c.req.valid("query"));
    sayHowLong(c, answer.next !== null && (await view.isFinal(answer.next - 1)));
    return c.json(toWire(answer), 200);
  });
  app.openapi(one, async (c) => c.json(toWire(await view.one(c.req.valid("param").epoch)), 200));
  app.openapi(report, async (c) => {
    const { epoch } = c.req.valid("param");
    const answer = await view.report(epoch, c.req.valid("query"));
    sayHowLong(c, await view.isFinal(epoch));
    return c.json(toWire(answer), 200);
  });
  app.openapi(whole, async (c) => {
    const { epoch } = c.req.valid("param");
    const { file, tag } = await view.wholeReport(epoch);
    sayHowLong(c, await view.isFinal(epoch));
    const headers = { "Content-Type": "application/json", ETag: `"${tag}"` };
    // The type asks for the parsed report, but the file is sent as it is.
    return c.body(ReadableStream.from(bytesOf(file)) as ReadableStream, 200, headers) as never;
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

export type EpochView = ReturnType<typeof epochView>;

/** What the API reports on settled epochs. */
export function epochView({ archive }: ApiSource, heads: Heads, store: EpochStore) {
  const settlements = heads.once(({ view }) => readSettlements(view));
  const settledEpochs = async () => (await settlements()).settled;
  const roots = heads.once(async ({ view }) => readRewardRoots(view, (await settlements()).vetoes));

  const isFinal = async ({ blockNumber }: SettledEpoch): Promise<boolean> =>
    blockNumber <= (await heads.current()).finalBlock;

  const requireSettled = async (epoch: number): Promise<SettledEpoch> => {
    const settled = await settledEpochs();
    const one = settled[epoch];
    if (one !== undefined) return one;
    throw new NotFoundError(
      `Epoch ${epoch} is not settled yet. Settled epochs: ${settled.length}, starting with epoch 0.`,
    );
  };

  const fromReport = async <T>(epoch: number, read: ReadReport<T>): Promise<T> => {
    await requireSettled(epoch);
    return readSound({ archive, store }, epoch, await settledEpochs(), read);
  };

  return {
    settledEpochs,
    roots,
    /** Whether the epoch's settlement has the network's confirmations; false if it is not settled. */
    async isFinal(epoch: number) {
      const settled = (await settledEpochs())[epoch];
      return settled !== undefined && isFinal(settled);
    },

    async page(query: PageQuery) {
      const settled = await settledEpochs();
      const { epochs, next } = pageOf(query, settled.length);
      return { epochs: figuresOf(epochs.map((epoch) => settled[epoch]!)), next };
    },

    async one(epoch: number) {
      const settled = await requireSettled(epoch);
      const { settlement, signed, blockNumber, transactionHash } = settled;
      const { reader, contracts } = (await heads.current()).view;
      const [block, ceilingWei] = await Promise.all([
        reader.getBlock({ blockNumber }),
        contracts.treasury.read.emissionCeiling([BigInt(epoch)]),
      ]);
      return {
        figures: figuresOf([settled])[0]!,
        settlement,
        signed,
        root: rootStatusOf(await roots(), { root: rootOf(settled), epoch }),
        transaction: { hash: transactionHash, blockNumber: Number(blockNumber), timestamp: Number(block.timestamp) },
        isFinal: await isFinal(settled),
        ceilingWei,
      };
    },

    /** The file of the whole report, and a tag of its content. */
    wholeReport(epoch: number) {
      return fromReport(epoch, async (file) => ({ file, tag: await askReport({ kind: "whole", file }) }));
    },

    report(epoch: number, part: PartQuery) {
      return fromReport(epoch, (file, root) => askReport({ kind: "page", file, root, part }));
    },
  };
}

/** Reads the report in a file. @param root The root that its epoch was settled with. */
type ReadReport<T> = (file: string, root: Hex) => Promise<T>;

/** Reads an epoch's report; if the archive lacks it, or has it damaged, it is computed first. */
async function readSound<T>(
  { archive, store }: Pick<ApiSource, "archive"> & { readonly store: EpochStore },
  epoch: number,
  settled: readonly SettledEpoch[],
  read: ReadReport<T>,
): Promise<T> {
  await store.require(epoch, settled);
  const file = archive.reportFile(epoch);
  const root = rootOf(settled[epoch]!);
  try {
    return await read(file, root);
  } catch (error) {
    if (!(error instanceof DamagedReportError)) throw error;
    // The archive sets aside files that are not reports. A report of another version may be valid there, but not for
    // the API.
    if (archive.report(epoch) !== undefined) setAside(file, "is not a report that the API can read");
    await store.require(epoch, settled);
    return read(file, root);
  }
}

/** The bytes of a file, which is opened only once someone takes the first. */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  for await (const bytes of createReadStream(file)) yield bytes as Uint8Array;
}
