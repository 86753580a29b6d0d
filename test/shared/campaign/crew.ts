import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keccak256, toBytes } from "viem";
import { type Deployment } from "../../../scripts/chain/deployment";
import { transact } from "../../../scripts/chain/transact";
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { type World } from "../../integration/world";
import { type FaultyLink } from "../faultyLink";
import { nodeAccount } from "../node";
import { type KeeperFactory, type LivingKeeper } from "./keepers";
import { count, type Tally } from "./lineFaults";
import { type CampaignPlan } from "./plan";

/** Keepers at work. */
export interface Crew {
  /** How often each kind of event was told. */
  readonly told: Tally;
  /** Kills one of them, and starts it again elsewhere, so to say. */
  killOne(): Promise<void>;
  requireAlive(): void;
  /** Why nothing goes on, as far as their last words say. */
  lastWords(): string;
  dismiss(): Promise<void>;
}

/** Where keepers work, and what happens to them there. */
export interface Workplace {
  readonly factory: KeeperFactory;
  /** Their lines to the node: each keeper prefers another one. */
  readonly links: readonly FaultyLink[];
  readonly faults: Tally;
  /** From 0 to 1. */
  readonly random: () => number;
}

const soloRole = keccak256(toBytes("SOLO_ROLE"));
const rememberedWords = 40;

/** Gives the keepers of a plan their role, and starts them. */
export async function hireCrew(world: World, plan: CampaignPlan, workplace: Workplace): Promise<Crew> {
  const { connection, people } = world;
  const { settlementQuorum } = connection.contracts;
  for (const index of new Set(plan.keepers)) {
    const args = [soloRole, nodeAccount(index)] as const;
    await transact(connection, people.keeper, { ...settlementQuorum, functionName: "grantRole", args });
  }
  const { factory, faults, random } = workplace;
  const told: Tally = new Map();
  const recent: KeeperEvent[] = [];
  const tell = (event: KeeperEvent): void => {
    count(told, event.kind);
    recent.push(event);
    if (recent.length > rememberedWords) recent.shift();
  };
  const start = employer(world, plan, workplace, tell);
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
    lastWords: () => shown(recent),
    async dismiss() {
      await Promise.all(living.map((keeper) => keeper.kill()));
    },
  };
}

/** @returns A function that starts a seat's keeper: at random on its old disk, an empty one, or one that can't be written. */
function employer(
  { connection, node }: World,
  { keepers, confirmations }: CampaignPlan,
  { factory, links, faults, random }: Workplace,
  tell: (event: KeeperEvent) => void,
): (seat: number) => LivingKeeper {
  const deployment = hurried(connection.deployment, confirmations);
  const aFile = join(node.dataDirectory, "a file");
  writeFileSync(aFile, "");
  const disk = (seat: number): string => {
    const chance = random();
    if (chance >= 0.4) return join(node.dataDirectory, `${seat}`);
    if (chance >= 0.2) return join(node.dataDirectory, `empty ${performance.now()}`);
    count(faults, "data can't be written");
    return join(aFile, "data");
  };
  return (seat) => {
    const dataDirectory = disk(seat);
    const skewSeconds = Math.round((random() - 0.5) * 40_000);
    const endpoints = links.map((_, i) => links[(i + seat) % links.length]!.url);
    return factory.start({ endpoints, deployment, accountIndex: keepers[seat]!, dataDirectory }, skewSeconds, tell);
  };
}

/** The chain of a campaign lives faster than a real one, and so do its keepers. */
function hurried(deployment: Deployment, confirmations: number): Deployment {
  const { config } = deployment;
  const hurry = { confirmations, pollSeconds: 0.05, replaceAfterSeconds: 0.7, maxJumpFactor: 1e9 };
  return { ...deployment, config: { ...config, keeper: { ...config.keeper, ...hurry } } };
}

function shown(events: readonly KeeperEvent[]): string {
  return JSON.stringify(events, (_name, value: unknown) => (typeof value === "bigint" ? value.toString() : value), 1);
}
