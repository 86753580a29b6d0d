import { setTimeout as sleep } from "node:timers/promises";
import { epochPlans, tryAct } from "../../integration/randomEpochs";
import { liveThrough, type World } from "../../integration/world";
import { type LastingNode } from "../anvil";
import { randomNumbers } from "../faults";
import { openFaultyLink } from "../faultyLink";
import { type Crew, hireCrew } from "./crew";
import { firstBlockAfterDue } from "./firmBlock";
import { type KeeperFactory } from "./keepers";
import { count, countedFaults, type Tally } from "./lineFaults";
import { type CampaignPlan } from "./plan";
import { mineOnlyHere, nextBlock, type Sky } from "./weather";

/** What was done to the keepers, and their events. */
export interface CampaignReport {
  readonly seconds: number;
  readonly faults: Tally;
  /** How often each kind of event was told. */
  readonly told: Tally;
  readonly calls: number;
}

/** Blocks without a settlement, minutes at least, after which keepers are stuck, however slow machine and node are. */
const stuckAfterBlocks = 4_000;

/** Minimum time between two blocks: keepers must get their turn to notice one. */
const blockMilliseconds = 60;

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
  const crew = await hireCrew(world, plan, { factory, links, faults, random });
  try {
    await mineOnlyHere(node);
    await liveOn(world, plan, crew, await skyOver(world, node, plan, random, faults));
    for (const link of links) link.follow(() => ({ kind: "pass" }));
    const calls = links.flatMap((link) => [...link.calls.values()]).reduce((sum, n) => sum + n, 0);
    return { seconds: (performance.now() - began) / 1_000, faults, told: crew.told, calls };
  } finally {
    await crew.dismiss();
    await node.control.setAutomine(true);
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

/** Mines block after block until all epochs are settled. Nothing happens after that: it could drop the last of them. */
async function liveOn(world: World, plan: CampaignPlan, crew: Crew, sky: Sky): Promise<void> {
  const { epochs, seed, killsPerThousand, livesPerThousand } = plan;
  const { treasury } = world.connection.contracts;
  const acts = epochPlans(epochs, seed).flatMap((one) => one.acts);
  const progress = watchProgress(epochs, crew);
  for (;;) {
    const settled = Number(await treasury.read.nextEpochToSettle());
    progress(settled);
    if (settled >= epochs) return;
    const current = Number(await treasury.read.currentEpoch());
    const isFarBehind = current - settled > 4;
    await nextBlock({ ...sky, secondsPerBlock: isFarBehind ? 1n : sky.secondsPerBlock });
    if (sky.random() * 1_000 < killsPerThousand) await crew.killOne();
    if (!isFarBehind && sky.random() * 1_000 < livesPerThousand) {
      count(sky.tally, "lively epoch");
      await sky.node.control.setAutomine(true);
      await liveThrough(world, current + 1);
      for (const act of acts.splice(0, 3)) await tryAct(world, act);
      await mineOnlyHere(sky.node);
    }
    crew.requireAlive();
    await sleep(blockMilliseconds);
  }
}

/**
 * Says how far it is, now and then.
 * @returns A function to call at each block with the number of settled epochs; throws if that stays the same for too long.
 */
function watchProgress(epochs: number, crew: Crew): (settled: number) => void {
  let last = 0;
  let blocks = 0;
  return (settled) => {
    if (Math.floor(settled / 20) > Math.floor(last / 20)) {
      process.stderr.write(`${settled} of ${epochs} epochs are settled.\n`);
    }
    blocks = settled === last ? blocks + 1 : 0;
    last = settled;
    if (blocks < stuckAfterBlocks) return;
    throw new Error(`Epoch ${settled} is not settled for ${stuckAfterBlocks} blocks. ${crew.lastWords()}`);
  };
}
