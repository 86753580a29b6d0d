import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { transact } from "../../../scripts/chain/transact";
import { blobRoutes } from "../../../scripts/nodes/blobs/routes";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { listenOn } from "../../../scripts/serve/server";
import { goTo, type World } from "../../integration/world";
import { type LastingNode } from "../anvil";
import { count, countedFaults, type Tally } from "../campaign/lineFaults";
import { badWeather, mineOnlyHere, nextBlock, type Sky } from "../campaign/weather";
import { randomNumbers } from "../faults";
import { openFaultyLink } from "../faultyLink";
import { openBlobLine } from "./blobLine";
import { Client } from "./client";
import { type Experts, openExperts } from "./experts";
import { Ledger } from "./ledger";
import { nodeProcesses } from "./nodeProcesses";
import { type Told } from "./nodeProcess";
import { type Person, Seat, type SeatOptions } from "./seats";
import { blockMilliseconds } from "./speeds";

/** A long time in the life of nodes. */
export interface NodePlan {
  readonly epochs: number;
  readonly seed: number;
  /** The parts of all calls to the chain, of all requests for blobs and of all questions to experts that meet a fault. */
  readonly faultRate: number;
  readonly blobFaultRate: number;
  readonly expertFaultRate: number;
  /** Out of every thousand blocks: after so many a node is killed, a second copy of one is started, a task is wanted. */
  readonly killsPerThousand: number;
  readonly copiesPerThousand: number;
  readonly ordersPerThousand: number;
}

/** Something that a node told, and after how many blocks. */
export interface Said {
  readonly order: number;
  readonly name: string;
  readonly told: Told;
}

/** What was done to nodes, and what became of it. */
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

/** Who has a node: the account of a validator or miner, as an index among those that a world has. */
export const nodesOf = { validators: [0, 1, 2], miners: [0, 1] } as const;

/** Everybody counts from this epoch on. */
export const firstEpoch = 2;

/** What happens to the chain. What takes a whole window away from everybody is no fault of a node. */
const weather = badWeather
  .filter(({ name }) => name !== "no blocks for minutes")
  .map((event) => (event.name === "reorganisation" ? { ...event, perThousand: 20 } : { ...event, perThousand: 4 }));

const chatter: ReadonlySet<Told["kind"]> = new Set(["looked", "rpcError", "endpointLeftAside", "endpointBack"]);

/** Lets nodes live while lines, chain, machines and people do what they do. Nobody helps them. */
export async function runNodeCampaign(world: World, node: LastingNode, plan: NodePlan): Promise<NodeCampaign> {
  const { connection, people } = world;
  const began = performance.now();
  const random = randomNumbers(plan.seed);
  const faults: Tally = new Map();
  const said: Said[] = [];
  const dataDirectory = join(node.dataDirectory, "nodes");
  const links = await Promise.all([0, 1, 2].map(() => openFaultyLink(node.url)));
  const [experts, factory] = await Promise.all([openExperts(plan.expertFaultRate, random), nodeProcesses()]);
  const lineTo = (target: () => string | undefined) =>
    openBlobLine({ target, rate: plan.blobFaultRate, random, tally: faults });

  const blobs = await openBlobStore(join(node.dataDirectory, "client"));
  const served = await listenOn(
    { host: "127.0.0.1", port: 0 },
    blobRoutes(blobs, () => false),
  );
  const clientLine = await lineTo(() => served.url);
  const client = new Client({ connection, signer: accountOf(11), blobs, random });
  await client.prepare();
  const { directory } = connection.contracts;
  await transact(connection, people.client, { ...directory, functionName: "setEndpoint", args: [clientLine.url] });
  await goTo(world, firstEpoch);
  await mineOnlyHere(node);

  const ledger = new Ledger(connection, await connection.reader.getBlockNumber());
  const options: SeatOptions = {
    ...{ factory, dataDirectory, random, tally: faults },
    endpoints: links.map(({ url }) => url),
    source: (role) => (role === "miner" ? experts.worker : experts.scorer),
    onTold: (seat, told) => {
      if (!chatter.has(told.kind)) said.push({ order: ledger.order, name: seat.person.name, told });
    },
  };
  const seats = await Promise.all(
    persons().map(async (person) => {
      const line = await lineTo(() => seat.url);
      const seat = new Seat(person, line, options);
      return seat;
    }),
  );
  const founded = await connection.reader.getBlockNumber();
  const sky: Sky = {
    ...{ node, connection, random, tally: faults, secondsPerBlock: 1n, deepestReorganisation: 5 },
    firmBlock: () => Promise.resolve(founded),
    onReorganised: (first) => {
      ledger.reorganised(first);
    },
  };
  const step = async (events: typeof badWeather): Promise<number> => {
    const since = performance.now();
    const before = await connection.reader.getBlock();
    const secondsPerBlock = secondsToNext(world, Number(before.timestamp));
    await nextBlock({ ...sky, secondsPerBlock: BigInt(secondsPerBlock) }, events);
    await ledger.note(new Map(seats.map((seat) => [seat.person.name, seat.running])));
    for (const seat of seats) {
      seat.onBlock();
      seat.requireAlive();
    }
    await client.turn();
    const spent = (): number => performance.now() - since;
    // On a slow machine nodes get their turn, too.
    const isSoon = (): boolean => spent() < 6 * blockMilliseconds && seats.some(({ isUpToDate }) => !isUpToDate);
    while (spent() < blockMilliseconds || isSoon()) await sleep(10);
    return Number((await connection.reader.getBlock()).timestamp);
  };

  try {
    await becalm();
    links.forEach((link, i) => {
      link.follow(countedFaults(plan.seed + i, plan.faultRate, faults));
    });
    for (let told = 0; ;) {
      const timestamp = await step(weather);
      const epoch = epochAt(world, timestamp) - firstEpoch;
      if (epoch >= plan.epochs) break;
      if (epoch >= told + 10) process.stderr.write(`${(told = epoch)} of ${plan.epochs} epochs are over.\n`);
      const seat = seats[Math.floor(random() * seats.length)]!;
      if (random() * 1_000 < plan.killsPerThousand) seat.kill();
      if (random() * 1_000 < plan.copiesPerThousand) seat.copy();
      if (random() * 1_000 >= plan.ordersPerThousand) continue;
      client.order(1 + nodesOf.miners[Math.floor(random() * nodesOf.miners.length)]!, timestamp);
    }
    for (const link of links) link.follow(() => ({ kind: "pass" }));
    for (const seat of seats) seat.settle();
    clientLine.calm();
    const last = Math.max(...client.orders.map(({ deadline }) => deadline));
    const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
    while ((await step([])) < last + slotSeconds * slotsPerEpoch);
    const seconds = (performance.now() - began) / 1_000;
    return { world, seconds, faults, ledger, experts, client, said, dataDirectory };
  } finally {
    client.close();
    for (const seat of seats) seat.dismiss();
    factory.close();
    clientLine.close();
    await served.close();
    experts.close();
    for (const link of links) link.close();
    await node.control.setAutomine(true);
  }

  /** Everybody has begun before anything goes wrong. */
  async function becalm(): Promise<void> {
    while (seats.some(({ running }) => running.size === 0)) await step([]);
    count(faults, "begun");
  }
}

function accountOf(addressIndex: number) {
  return mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex });
}

function persons(): readonly Person[] {
  const keyOf = (index: number) => toHex(accountOf(index).getHdKey().privateKey!);
  const validators = nodesOf.validators.map((i) => ({
    name: `validator ${i + 1}`,
    role: "validator" as const,
    privateKey: keyOf(1 + i),
  }));
  const miners = nodesOf.miners.map((i) => ({
    name: `miner ${i + 1}`,
    role: "miner" as const,
    privateKey: keyOf(8 + i),
  }));
  return [...validators, ...miners];
}

/** The epoch at a moment. */
export function epochAt({ connection: { deployment } }: World, timestamp: number): number {
  const { slotSeconds, slotsPerEpoch } = deployment.config.clock;
  return Math.floor((timestamp - deployment.choices.genesisTimestamp) / (slotSeconds * slotsPerEpoch));
}

/** A block a second, but of an epoch's middle, in which nothing is due, most passes in one. */
function secondsToNext({ connection: { deployment } }: World, timestamp: number): number {
  const { slotSeconds, slotsPerEpoch, revealSlots, closingSlots } = deployment.config.clock;
  const secondsIn = (timestamp - deployment.choices.genesisTimestamp) % (slotSeconds * slotsPerEpoch);
  const quietEnds = (slotsPerEpoch - closingSlots - 1) * slotSeconds;
  const isQuiet = secondsIn >= (revealSlots + 2) * slotSeconds && secondsIn < quietEnds;
  return isQuiet ? quietEnds - secondsIn : 1;
}
