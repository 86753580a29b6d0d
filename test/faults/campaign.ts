import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keccak256, toBytes } from "viem";
import { lastBlockBefore } from "../../scripts/chain/blocks";
import { transact } from "../../scripts/chain/transact";
import { type KeeperEvent } from "../../scripts/service/keeperEvents";
import { epochPlans, tryAct } from "../integration/randomEpochs";
import { liveThrough, type World } from "../integration/world";
import { type LastingNode } from "../shared/anvil";
import { randomNumbers } from "../shared/faults";
import { type FaultyLink, openFaultyLink } from "../shared/faultyLink";
import { nodeAccount } from "../shared/node";
import { type KeeperFactory, type LivingKeeper } from "./keepers";
import { count, countedFaults, type Tally } from "./lineFaults";
import { nextBlock, type Sky } from "./weather";

/** A long time in the life of keepers. */
export interface CampaignPlan {
  readonly epochs: number;
  readonly seed: number;
  /** Each keeper's account, as an index among the node's. */
  readonly keepers: readonly number[];
  readonly confirmations: number;
  /** The part of all requests that meets a fault. */
  readonly faultRate: number;
  /** Whether reorganisations reach below the block from which on the newest epoch is due. */
  readonly inputsMayBeLost: boolean;
  /** Out of every thousand blocks: after so many a keeper is killed, and people do something. */
  readonly killsPerThousand: number;
  readonly livesPerThousand: number;
}

/** What was done to the keepers, and what they told. */
export interface CampaignReport {
  readonly seconds: number;
  readonly faults: Tally;
  /** How often each kind of event was told. */
  readonly told: Tally;
  readonly calls: number;
}

/** Nothing is settled for so long: then the keepers are stuck, however slow the machine is. */
const stuckAfterSeconds = 240;

/** Lets keepers settle while lines, chain, machines and people do what they do. Nobody helps them. */
export async function runCampaign(
  world: World,
  node: LastingNode,
  plan: CampaignPlan,
  factory: KeeperFactory,
): Promise<CampaignReport> {
  const began = performance.now();
  const random = randomNumbers(plan.seed);
  const faults: Tally = new Map();
  const links = await Promise.all([0, 1, 2].map(() => openFaultyLink(node.url)));
  links.forEach((link, i) => {
    link.follow(countedFaults(plan.seed + i, plan.faultRate, faults));
  });
  const crew = await hireCrew(world, plan, factory, links, faults, random);
  try {
    await liveOn(world, plan, crew, await skyOver(world, node, plan, random, faults));
    for (const link of links) link.follow(() => ({ kind: "pass" }));
    const calls = links.flatMap((link) => [...link.calls.values()]).reduce((sum, n) => sum + n, 0);
    return { seconds: (performance.now() - began) / 1_000, faults, told: crew.told, calls };
  } finally {
    await crew.dismiss();
    for (const link of links) link.close();
  }
}

async function skyOver(
  { connection }: World,
  node: LastingNode,
  { inputsMayBeLost }: CampaignPlan,
  random: () => number,
  tally: Tally,
): Promise<Sky> {
  const founded = await connection.reader.getBlockNumber();
  const firmBlock = inputsMayBeLost ? () => Promise.resolve(founded) : () => firstBlockAfterDue(connection);
  return { node, connection, random, tally, secondsPerBlock: 4n, deepestReorganisation: 5, firmBlock };
}

/** Block after block until all epochs are settled. */
async function liveOn(
  world: World,
  { epochs, seed, killsPerThousand, livesPerThousand }: CampaignPlan,
  crew: Crew,
  sky: Sky,
) {
  const { treasury } = world.connection.contracts;
  const acts = epochPlans(epochs, seed).flatMap((one) => one.acts);
  let settled = 0;
  let progress = performance.now();
  while (settled < epochs) {
    const next = Number(await treasury.read.nextEpochToSettle());
    if (next !== settled) progress = performance.now();
    if (next > settled && next % 20 === 0) process.stderr.write(`${next} of ${epochs} epochs are settled.\n`);
    settled = next;
    if (performance.now() - progress > stuckAfterSeconds * 1_000) throw crew.stuckAt(settled);
    const current = Number(await treasury.read.currentEpoch());
    const isFarBehind = current - settled > 4;
    await nextBlock({ ...sky, secondsPerBlock: isFarBehind ? 1n : sky.secondsPerBlock });
    if (sky.random() * 1_000 < killsPerThousand) await crew.killOne();
    if (!isFarBehind && sky.random() * 1_000 < livesPerThousand) {
      count(sky.tally, "lively epoch");
      await liveThrough(world, current + 1);
      for (const act of acts.splice(0, 3)) await tryAct(world, act);
    }
    crew.requireAlive();
    await sleep(20);
  }
}

/** Keepers at work. */
interface Crew {
  readonly told: Tally;
  /** Kills one of them, and starts it again elsewhere, so to say. */
  killOne(): Promise<void>;
  requireAlive(): void;
  stuckAt(epoch: number): Error;
  dismiss(): Promise<void>;
}

const keeperRole = keccak256(toBytes("KEEPER_ROLE"));

async function hireCrew(
  { connection, node, people }: World,
  plan: CampaignPlan,
  factory: KeeperFactory,
  links: readonly FaultyLink[],
  faults: Tally,
  random: () => number,
): Promise<Crew> {
  const { treasury } = connection.contracts;
  for (const index of new Set(plan.keepers)) {
    const args = [keeperRole, nodeAccount(index)] as const;
    await transact(connection, people.keeper, { ...treasury, functionName: "grantRole", args });
  }
  const { deployment } = connection;
  const { confirmations } = plan;
  const hurry = { confirmations, pollSeconds: 0.05, replaceAfterSeconds: 0.7, maxJumpFactor: 1e9 };
  const ours = { ...deployment, config: { ...deployment.config, keeper: { ...deployment.config.keeper, ...hurry } } };
  const told: Tally = new Map();
  const recent: KeeperEvent[] = [];
  const tell = (event: KeeperEvent): void => {
    count(told, event.kind);
    recent.push(event);
    if (recent.length > 40) recent.shift();
  };
  const aFile = join(node.dataDirectory, "a file");
  writeFileSync(aFile, "");
  const start = (seat: number): LivingKeeper => {
    const disk = random();
    if (disk < 0.2) count(faults, "data can't be written");
    const dataDirectory =
      disk < 0.2
        ? join(aFile, "data")
        : join(node.dataDirectory, disk < 0.4 ? `empty ${performance.now()}` : `${seat}`);
    const skewSeconds = Math.round((random() - 0.5) * 40_000);
    const endpoints = links.map((_, i) => links[(i + seat) % links.length]!.url);
    const accountIndex = plan.keepers[seat]!;
    return factory.start({ endpoints, deployment: ours, accountIndex, dataDirectory }, skewSeconds, tell);
  };
  const living = plan.keepers.map((_, seat) => start(seat));
  return {
    told,
    async killOne() {
      count(faults, "keeper killed");
      const seat = Math.floor(random() * living.length);
      await living[seat]!.kill();
      living[seat] = start(seat);
    },
    requireAlive: () => {
      factory.requireNoneEnded();
    },
    stuckAt: (epoch) => new Error(`Epoch ${epoch} is not settled for ${stuckAfterSeconds} s. ${show(recent)}`),
    async dismiss() {
      await Promise.all(living.map((keeper) => keeper.kill()));
    },
  };
}

function show(events: readonly KeeperEvent[]): string {
  return JSON.stringify(events, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 1);
}

/** The first block from which on the newest due epoch can be settled: whatever decides it lies before. */
async function firstBlockAfterDue({ reader, contracts, deployment }: World["connection"]): Promise<bigint> {
  const { treasury } = contracts;
  const head = await reader.getBlock();
  const current = await treasury.read.currentEpoch();
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  let due = await treasury.read.revealEnd([current]);
  while (due > head.timestamp) due -= BigInt(slotSeconds * slotsPerEpoch);
  return ((await lastBlockBefore(reader, due, head.number)) ?? 0n) + 1n;
}
