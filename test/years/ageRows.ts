import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { type BenchRow, growthExponent } from "../../scripts/lab/bench/measure";
import { buildProject } from "../shared/commandLine";
import { findChromium, NoChromiumError } from "../shared/chromium";
import { type CountingProxy, openCountingProxy } from "./countingProxy";
import { Years } from "./makeYears";
import { measuredRun, measuredService, type MeasuredService } from "./measuredProgram";
import { type YearsNetwork } from "./network";
import { peopleOf } from "./people";

const seed = 1;
/** Number of runs, of which the quickest counts: other load of the machine only adds time. */
const runs = 3;
const requests = 20;

/** The bounds of a figure. */
interface Target {
  readonly most?: number | undefined;
  /** The maximum growth: with this power of the age. */
  readonly exponent?: number | undefined;
}

/** Figures of the whole network may grow in proportion to its age, figures of one epoch not at all; both with a tolerance. */
const inProportion = 1.1;
const notAtAll = 0.1;
/** At a lower age answers aren't full yet, and starting a program takes most of the time. */
const comparableFrom = 100;

/** What was measured at one age. */
type Figures = ReadonlyMap<string, Target & { readonly unit: string; readonly ours: number }>;

/**
 * How time and cost grow with the age of a network of 10 validators and 100 miners, whose epochs are lived through one
 * after the other: verifying it, settling one more epoch, requests to the API, and the page.
 * @param ages Numbers of epochs, in ascending order.
 * @param onProgress Called with the next step.
 */
export async function ageRows(
  network: YearsNetwork,
  ages: readonly number[],
  onProgress: (what: string) => void,
): Promise<readonly BenchRow[]> {
  await buildProject();
  const years = await Years.begin(network.connection, network.chain, network.offices, seed);
  const proxy = await openCountingProxy(network.url);
  const keeperData = mkdtempSync(join(tmpdir(), "moderntensor-"));
  const atAge: (readonly [age: number, figures: Figures])[] = [];
  try {
    for (const age of ages) {
      onProgress(`age: living through ${age} epochs`);
      await years.liveUntil(age, () => undefined);
      onProgress(`age: measuring after ${age} epochs`);
      const stage = { network, years, proxy, keeperData, onProgress };
      const figures: Figures = new Map([
        ...(await verifying(stage)),
        ...(await settling(stage)),
        ...(await serving(stage)),
      ]);
      atAge.push([age, figures]);
    }
  } finally {
    proxy.close();
    rmSync(keeperData, { recursive: true, force: true });
  }
  return rowsOf(atAge);
}

interface Stage {
  readonly network: YearsNetwork;
  readonly years: Years;
  readonly proxy: CountingProxy;
  /** Where a keeper keeps its data that has been there since epoch 0. */
  readonly keeperData: string;
  readonly onProgress: (what: string) => void;
}

type Figure = readonly [name: string, figure: Target & { readonly unit: string; readonly ours: number }];

/** Each with the calls and bytes that it took. */
async function counted<T>({ proxy }: Stage, work: () => Promise<T>) {
  proxy.take();
  const result = await work();
  const { calls, bytes } = proxy.take();
  return { result, calls, megabytes: bytes / 1e6 };
}

function environment({ proxy }: Stage, data: string) {
  return { MDT_RPC_URL: proxy.url, MDT_DATA: data };
}

/** Verifies every epoch from nothing, and again with the events stored. */
async function verifying(stage: Stage): Promise<readonly Figure[]> {
  const { years, network } = stage;
  const data = mkdtempSync(join(tmpdir(), "moderntensor-"));
  const verify = () =>
    counted(stage, () =>
      measuredRun(environment(stage, data), "epoch", "verify", "--epoch", String(years.settled - 1), "--json"),
    );
  try {
    return await network.answering(async () => {
      const first = await verify();
      const again = await verify();
      const grows = { exponent: inProportion };
      return [
        ["verify from nothing", { unit: "CPU s", ours: first.result.cpuSeconds, most: 300, ...grows }],
        ["verify from nothing: RPC", { unit: "calls", ours: first.calls, ...grows }],
        ["verify from nothing: received", { unit: "MB", ours: first.megabytes, ...grows }],
        ["verify again", { unit: "CPU s", ours: again.result.cpuSeconds, ...grows }],
        ["verify again: received", { unit: "MB", ours: again.megabytes, ...grows }],
      ];
    });
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** What the service needed to settle an epoch, from when it was due until it saw its settlement mined. */
interface Settling {
  readonly cpuSeconds: number;
  readonly calls: number;
  readonly megabytes: number;
}

/** The service catches up, is started again, and then settles one epoch after the other. */
async function settling(stage: Stage): Promise<readonly Figure[]> {
  const start = async () => {
    const keeper = measuredService(environment(stage, stage.keeperData), "keeper", "start", "--json");
    await keeper.printed(/"kind":/);
    return keeper;
  };
  const first = await start();
  await settledBy(stage, first);
  await first.stop();
  const keeper = await start();
  try {
    await settledBy(stage, keeper);
    const restart = await keeper.cpuSeconds();
    const measured: Settling[] = [];
    for (let run = 0; run < runs; run++) measured.push(await settledBy(stage, keeper));
    const least = (field: keyof Settling) => Math.min(...measured.map((each) => each[field]));
    const stays = { exponent: notAtAll };
    return [
      ["keeper: restart and one epoch", { unit: "CPU s", ours: restart, exponent: inProportion }],
      ["keeper: one more epoch", { unit: "CPU s", ours: least("cpuSeconds"), ...stays }],
      ["keeper: one more epoch, RPC", { unit: "calls", ours: least("calls"), ...stays }],
      ["keeper: one more epoch, received", { unit: "MB", ours: least("megabytes"), ...stays }],
    ];
  } finally {
    await keeper.stop();
  }
}

/** Lives through one epoch, in which this keeper settles the one before it, and pays everyone. */
async function settledBy(stage: Stage, keeper: MeasuredService): Promise<Settling> {
  const { years, network } = stage;
  const mined = new RegExp(`"kind":"mined","epoch":${years.settled},`);
  let settled: Settling | undefined;
  await years.liveOn(async (dueAt) => {
    const before = await keeper.cpuSeconds();
    const { calls, megabytes } = await counted(stage, () => network.answering(() => keeper.printed(mined), dueAt));
    settled = { cpuSeconds: (await keeper.cpuSeconds()) - before, calls, megabytes };
  });
  return settled!;
}

/** The routes; those about an account get a different one each time. */
const routes: readonly (readonly [route: string, path: (account: string) => string])[] = [
  ["/v1/accounts/:a/history?limit=100", (account) => `/v1/accounts/${account}/history?limit=100`],
  ["/v1/accounts/:a", (account) => `/v1/accounts/${account}`],
  ["/v1/epochs", () => "/v1/epochs"],
  ["/v1/validators", () => "/v1/validators"],
];

async function serving(stage: Stage): Promise<readonly Figure[]> {
  const { network, keeperData } = stage;
  return network.answering(async () => {
    const server = measuredService(environment(stage, keeperData), "dashboard", "--port", "0");
    try {
      const url = (await server.printed(/Serving on (http:\/\/[\d.:]+)/))[1]!;
      const started = await untilIdle(server);
      const figures: Figure[] = [["dashboard: start", { unit: "CPU s", ours: started, exponent: inProportion }]];
      for (const [route, path] of routes) {
        const ours = await requestCost(url, server, path);
        figures.push([`GET ${route}`, { unit: "CPU ms", ours, most: 50, exponent: notAtAll }]);
      }
      return [...figures, ...(await opening(stage, url))];
    } finally {
      await server.stop();
    }
  });
}

/** A dashboard first indexes what it has not read before. @returns The processor seconds that it has taken until then. */
async function untilIdle({ cpuSeconds }: MeasuredService): Promise<number> {
  for (let before = await cpuSeconds(); ;) {
    await sleep(500);
    const now = await cpuSeconds();
    if (now - before < 0.02) return now;
    before = now;
  }
}

/** Processor milliseconds of a request, once the first was answered. */
async function requestCost(
  url: string,
  { cpuSeconds }: MeasuredService,
  path: (account: string) => string,
): Promise<number> {
  const ask = async (account: string): Promise<void> => {
    const answer = await fetch(`${url}${path(account)}`);
    if (!answer.ok) throw new Error(`${path(account)} is answered with ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const { miners } = peopleOf(seed);
  await ask(miners.at(-1)!);
  const before = await cpuSeconds();
  for (const account of miners.slice(0, requests)) await ask(account);
  return (1_000 * ((await cpuSeconds()) - before)) / requests;
}

/** The time from requesting the page until its first figures are there, in a browser with an empty cache. */
async function opening({ onProgress }: Stage, url: string): Promise<readonly Figure[]> {
  const executablePath = findBrowser(onProgress);
  if (executablePath === undefined) return [];
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const seconds: number[] = [];
    for (let run = 0; run < runs; run++) {
      const page = await (await browser.newContext()).newPage();
      const start = performance.now();
      await page.goto(url, { waitUntil: "commit" });
      await page.locator(".tile").first().waitFor();
      seconds.push((performance.now() - start) / 1_000);
      await page.context().close();
    }
    return [["page: first figures", { unit: "s", ours: Math.min(...seconds), exponent: notAtAll }]];
  } finally {
    await browser.close();
  }
}

/** The rest of the benchmark needs no browser: if there is none, it says so. */
function findBrowser(onProgress: (what: string) => void): string | undefined {
  try {
    return findChromium(process.env.CHROMIUM_PATH);
  } catch (error) {
    if (!(error instanceof NoChromiumError)) throw error;
    onProgress(`age: the page is not measured. ${error.message}`);
    return undefined;
  }
}

/** Every figure at every age, and its growth over all comparable ages, so that random differences between two weigh less. */
function rowsOf(atAge: readonly (readonly [age: number, figures: Figures])[]): readonly BenchRow[] {
  const noPeer = { peer: null, peerValue: null };
  return [...atAge[0]![1].keys()].flatMap((name) => {
    const measured = atAge.map(([size, figures]) => ({ size, ...figures.get(name)! }));
    const values = measured.map(({ size, unit, ours, most }): BenchRow => ({
      name,
      unit,
      size,
      ours,
      target: most ?? null,
      ...noPeer,
    }));
    const { size, ours, exponent } = measured.at(-1)!;
    const before = measured.find((one) => one.size >= comparableFrom && one.size < size) ?? measured[0]!;
    const growth: BenchRow = {
      name: `${name}: growth exponent from ${before.size}`,
      unit: "exponent",
      size,
      ours: growthExponent({ size: before.size, cpuSeconds: before.ours }, { size, cpuSeconds: ours }),
      target: before.size < comparableFrom ? null : (exponent ?? null),
      ...noPeer,
    };
    return [...values, growth];
  });
}
