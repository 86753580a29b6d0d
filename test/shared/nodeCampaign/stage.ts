/** Everything that a campaign of nodes needs: lines, a client, experts, a ledger, and nodes that have not been started. */
import { join } from "node:path";
import { toHex } from "viem";
import { type HDAccount, mnemonicToAccount } from "viem/accounts";
import { transact } from "../../../scripts/chain/transact";
import { blobRoutes } from "../../../scripts/nodes/blobs/routes";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { listenOn } from "../../../scripts/serve/server";
import { goTo, type World } from "../../integration/world";
import { type LastingNode } from "../anvil";
import { type Tally } from "../campaign/lineFaults";
import { type Sky } from "../campaign/weather";
import { randomNumbers } from "../faults";
import { type FaultyLink, noFaults, openFaultyLink } from "../faultyLink";
import { openBlobLine } from "./blobLine";
import { Client } from "./client";
import { type Experts, openExperts } from "./experts";
import { Ledger } from "./ledger";
import { nodeProcesses } from "./nodeProcesses";
import { type Told } from "./nodeProcess";
import { firstEpoch, type NodePlan, nodesOf } from "./plan";
import { type Person, Seat, type SeatOptions } from "./seats";

/** An event of a node, and after how many blocks it came. */
export interface Said {
  readonly order: number;
  readonly name: string;
  readonly told: Told;
}

export interface Stage {
  readonly world: World;
  readonly sky: Sky;
  readonly random: () => number;
  readonly faults: Tally;
  readonly links: readonly FaultyLink[];
  readonly experts: Experts;
  readonly client: Client;
  readonly ledger: Ledger;
  readonly seats: readonly Seat[];
  /** All but what is told at every look. */
  readonly said: readonly Said[];
  readonly dataDirectory: string;
  /** From now on nothing goes wrong any more. */
  calm(): void;
  close(): Promise<void>;
}

/** The kinds of events at every look, or about endpoints that fail. */
const chatter: ReadonlySet<Told["kind"]> = new Set(["looked", "rpcError", "endpointDisabled", "endpointEnabled"]);

/** Sets the stage at the start of the first epoch in which everyone counts. */
export async function openStage(world: World, node: LastingNode, plan: NodePlan): Promise<Stage> {
  const { connection } = world;
  const random = randomNumbers(plan.seed);
  const faults: Tally = new Map();
  const said: Said[] = [];
  const dataDirectory = join(node.dataDirectory, "nodes");
  const lineTo = (target: () => string | undefined) =>
    openBlobLine({ target, rate: plan.blobFaultRate, random, tally: faults });
  const links = await Promise.all([0, 1, 2].map(() => openFaultyLink(node.url)));
  const [experts, factory] = await Promise.all([openExperts(plan.expertFaultRate, random), nodeProcesses()]);
  const { client, line, close } = await openClient(world, random, lineTo);
  await goTo(world, firstEpoch);
  const founded = await connection.reader.getBlockNumber();
  const ledger = new Ledger(connection, founded);
  const options: SeatOptions = {
    ...{ factory, dataDirectory, random, tally: faults },
    endpoints: links.map(({ url }) => url),
    source: (role) => (role === "miner" ? experts.worker : experts.scorer),
    onTold: ({ person: { name } }, told) => {
      if (!chatter.has(told.kind)) said.push({ order: ledger.order, name, told });
    },
  };
  const seats = await Promise.all(persons().map((person) => Seat.open(person, lineTo, options)));
  const sky: Sky = {
    ...{ node, connection, random, tally: faults, secondsPerBlock: 1n, deepestReorganisation: 5 },
    firmBlock: () => Promise.resolve(founded),
    onReorganised: (first) => {
      ledger.reorganised(first);
    },
  };
  return {
    ...{ world, sky, random, faults, links, experts, client, ledger, seats, said, dataDirectory },
    calm() {
      for (const link of links) link.follow(noFaults);
      for (const seat of seats) seat.settle();
      line.calm();
    },
    async close() {
      for (const seat of seats) seat.dismiss();
      factory.close();
      for (const link of links) link.close();
      experts.close();
      await close();
    },
  };
}

/** A client that serves its inputs, and has published its endpoint. */
async function openClient(
  { connection, node, people }: World,
  random: () => number,
  lineTo: (target: () => string) => ReturnType<typeof openBlobLine>,
) {
  const blobs = await openBlobStore(join(node.dataDirectory, "client"));
  const served = await listenOn(
    { host: "127.0.0.1", port: 0 },
    blobRoutes(
      blobs,
      () => false,
      (error) => {
        throw error;
      },
    ),
  );
  const line = await lineTo(() => served.url);
  const client = new Client({ connection, signer: accountOf(11), blobs, random });
  await client.prepare();
  const { directory } = connection.contracts;
  await transact(connection, people.client, { ...directory, functionName: "setEndpoint", args: [line.url] });
  const close = async (): Promise<void> => {
    client.close();
    line.close();
    await served.close();
  };
  return { client, line, close };
}

function accountOf(addressIndex: number): HDAccount {
  return mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex });
}

function persons(): readonly Person[] {
  const personOf = (role: Person["role"], first: number) => (i: number) => ({
    ...{ role, name: `${role} ${i + 1}` },
    privateKey: toHex(accountOf(first + i).getHdKey().privateKey!),
  });
  return [...nodesOf.validators.map(personOf("validator", 1)), ...nodesOf.miners.map(personOf("miner", 8))];
}
