import { setTimeout as sleep } from "node:timers/promises";
import { mineOnlyHere, nextBlock, badWeather, type WeatherEvent } from "../campaign/weather";
import { countedFaults, type Tally } from "../campaign/lineFaults";
import { type LastingNode } from "../anvil";
import { type World } from "../../integration/world";
import { type Client } from "./client";
import { epochAt, secondsToNext } from "./clock";
import { type Experts } from "./experts";
import { type Ledger } from "./ledger";
import { firstEpoch, type NodePlan, nodesOf } from "./plan";
import { blockMilliseconds } from "./speeds";
import { openStage, type Said, type Stage } from "./stage";

/** What was done to nodes, and the outcome. */
export interface NodeCampaign {
  readonly world: World;
  readonly seconds: number;
  readonly faults: Tally;
  readonly ledger: Ledger;
  readonly experts: Experts;
  readonly client: Client;
  /** All but what is told at every look. */
  readonly said: readonly Said[];
  readonly dataDirectory: string;
}

/** What happens to the chain. A window that everyone loses is no fault of a node. */
const weather = badWeather
  .filter(({ name }) => name !== "no blocks for minutes")
  .map((event) => ({ ...event, perThousand: event.name === "reorganisation" ? 20 : 4 }));

/** Lets nodes live while lines, chain, machines and people do what they do. Nobody helps them. */
export async function runNodeCampaign(world: World, node: LastingNode, plan: NodePlan): Promise<NodeCampaign> {
  const began = performance.now();
  const stage = await openStage(world, node, plan);
  try {
    await mineOnlyHere(node);
    // Everyone has begun before anything goes wrong.
    while (stage.seats.some(({ running }) => running.size === 0)) await step(stage, []);
    stage.links.forEach((link, i) => {
      link.follow(countedFaults(plan.seed + i, plan.faultRate, stage.faults));
    });
    await liveOn(stage, plan);
    stage.calm();
    const { slotSeconds, slotsPerEpoch } = world.connection.deployment.config.clock;
    const lastDeadline = Math.max(...stage.client.orders.map(({ deadline }) => deadline));
    while ((await step(stage, [])) < lastDeadline + slotSeconds * slotsPerEpoch);
    return { ...stage, seconds: (performance.now() - began) / 1_000 };
  } finally {
    await stage.close();
    await node.control.setAutomine(true);
  }
}

/** Mines block after block until all epochs are over. */
async function liveOn(stage: Stage, plan: NodePlan): Promise<void> {
  const { world, seats, client, random } = stage;
  const happens = (perThousand: number): boolean => random() * 1_000 < perThousand;
  const oneOf = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  for (let told = 0; ;) {
    const timestamp = await step(stage, weather);
    const over = epochAt(world, timestamp) - firstEpoch;
    if (over >= plan.epochs) return;
    if (over >= told + 10) process.stderr.write(`${(told = over)} of ${plan.epochs} epochs are over.\n`);
    if (happens(plan.killsPerThousand)) oneOf(seats).kill();
    if (happens(plan.copiesPerThousand)) oneOf(seats).copy();
    if (happens(plan.ordersPerThousand)) client.order(1 + oneOf(nodesOf.miners), timestamp);
  }
}

/** Mines a block, notes it, and lets everyone notice it. @returns The chain's time. */
async function step({ world, sky, ledger, seats, client }: Stage, events: readonly WeatherEvent[]): Promise<number> {
  const { reader } = world.connection;
  const began = performance.now();
  const { timestamp } = await reader.getBlock();
  await nextBlock({ ...sky, secondsPerBlock: BigInt(secondsToNext(world, Number(timestamp))) }, events);
  await ledger.note(new Map(seats.map((seat) => [seat.person.name, seat.running])));
  for (const seat of seats) {
    seat.onBlock();
    seat.requireAlive();
  }
  await client.turn();
  const spent = (): number => performance.now() - began;
  // On a slow machine nodes get their turn, too.
  const isEarly = (): boolean => spent() < 6 * blockMilliseconds && seats.some(({ isUpToDate }) => !isUpToDate);
  while (spent() < blockMilliseconds || isEarly()) await sleep(10);
  return Number((await reader.getBlock()).timestamp);
}
