/** Who takes part in the network on this machine, how they behave, and which process runs each of them. */
import { join } from "node:path";
import { Hono } from "hono";
import { type Address } from "viem";
import { isImage } from "../../nodes/digits/image";
import { digitIn } from "../../nodes/digits/model";
import { renderTable } from "../../show/table";
import { type Service } from "./processes";

/** What someone does in the network. */
export type Role = "keeper" | "validator" | "miner" | "client";

/**
 * Validators: `honest` ones look at the work; a `lazy` one gives 1 to everything; a `copying` one gives each miner its
 * agreed score of the last settled epoch. Miners: `honest` ones do their work; a `poor` one gives a wrong digit for
 * half of the images; a `dead` one has no process.
 */
export type Behaviour = "honest" | "lazy" | "copying" | "poor" | "dead";

/** Someone with an account of the development chain, by its index. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  readonly behaviour: Behaviour;
  readonly index: number;
}

/** A validator, and its own stake in MDT. */
export interface ValidatorPerson extends Person {
  readonly stakeMdt: string;
}

const person = (role: Role, name: string, index: number, behaviour: Behaviour = "honest"): Person => ({
  name,
  role,
  behaviour,
  index,
});

/** Deploys the network, is its DAO and settles its epochs. */
export const keeper = person("keeper", "Ada", 0);

/** The honest ones hold more than half of the stake, so that their scores become the agreed ones. */
export const validators: readonly ValidatorPerson[] = [
  { ...person("validator", "Alba", 1), stakeMdt: "1000" },
  { ...person("validator", "Bruno", 2), stakeMdt: "800" },
  { ...person("validator", "Chiara", 3, "lazy"), stakeMdt: "500" },
  { ...person("validator", "Dario", 4, "copying"), stakeMdt: "500" },
];

/** In the order of their ids. */
export const miners: readonly Person[] = [
  person("miner", "Juno", 5),
  person("miner", "Kofi", 6),
  person("miner", "Lena", 7),
  person("miner", "Milo", 8),
  person("miner", "Nora", 9),
  person("miner", "Otto", 10, "poor"),
  person("miner", "Pia", 11, "poor"),
  person("miner", "Quin", 12, "dead"),
];

/** Two task types of `local`: images, which are scored, and digits, which are proven. */
export const [scoredType, provenType] = [1, 3] as const;

/** Asks through its gateway, which picks the miners. */
export const gatewayClient = person("client", "Uma", 13);

/** Asks each miner in turn, whatever it did before. */
export const loyalClient = person("client", "Vito", 14);

export const people: readonly Person[] = [keeper, ...validators, ...miners, gatewayClient, loyalClient];

/** "Miner Juno". */
export function titleOf({ name, role }: Person): string {
  return `${role.charAt(0).toUpperCase()}${role.slice(1)} ${name}`;
}

/** The first epochs in which the registered validators and miners take part. */
export interface Beginnings {
  readonly validators: number;
  readonly miners: number;
}

/** URLs and accounts, and when everyone begins to take part. */
interface LivingPlaces {
  readonly pageUrl: string;
  readonly rpcUrl: string;
  readonly gatewayUrl: string;
  readonly accounts: readonly Address[];
  readonly beginnings: Beginnings;
}

export function describePlaces({ pageUrl, rpcUrl, gatewayUrl, accounts, beginnings }: LivingPlaces): string {
  return [
    `Page     ${pageUrl}`,
    `Chain    ${rpcUrl}`,
    `Gateway  ${gatewayUrl}`,
    "",
    renderTable(
      ["who", "how", "account"],
      people.map((person) => [titleOf(person), person.behaviour, accounts[person.index]!]),
    ),
    "",
    `Miners take part from epoch ${beginnings.miners} on, validators from epoch ${beginnings.validators} on. Clients begin with the miners.`,
  ].join("\n");
}

/** Environment of a process: the chain's URL, its own data folder, and no key, so that Hardhat's node signs. */
export function environmentOf(url: string, dataDirectory: string): Readonly<Record<string, string>> {
  const keys = { MDT_PRIVATE_KEY: "", MDT_KEYSTORE: "", MDT_REMOTE_SIGNER: "", MDT_WEBHOOK: "" };
  return { ...keys, MDT_RPC_URL: url, MDT_DATA: dataDirectory, HARDHAT_NETWORK: "localhost" };
}

/** URLs, ports and folders. */
export interface Places {
  /** The built program `mdt`. */
  readonly program: string;
  readonly rpcUrl: string;
  /** URL of the workers and scorers of everyone that misbehaves. */
  readonly behavioursUrl: string;
  /** Each process has a folder of its own inside. */
  readonly folder: string;
  /** The common reference string for development; null if nothing can be proven. */
  readonly crsDirectory: string | null;
  readonly pagePort: number;
  /** Ports at which the validators' nodes serve what they signed, in the order of the validators. */
  readonly validatorPorts: readonly number[];
}

const hasStarted = /"kind":"started"/;
const isServed = /^Serving on (http\S+)/;

/** Workers and scorers answer several questions at once, so that nobody waits. */
const concurrency = ["--concurrency", "8"];

export function keeperService(places: Places): Service {
  return service(places, titleOf(keeper), ["keeper", "start", "--from", String(keeper.index), "--json"], hasStarted);
}

export function watcherService(places: Places): Service {
  return service(places, "Watcher", ["keeper", "watch", "--json"], hasStarted);
}

export function pageService(places: Places): Service {
  const args = ["dashboard", "--port", String(places.pagePort), "--rpc-url", places.rpcUrl];
  return service(places, "Page", args, isServed);
}

export function gatewayService(places: Places): Service {
  const args = ["gateway", "start", "--port", "0", "--from", String(gatewayClient.index)];
  return service(places, `Gateway of ${gatewayClient.name}`, args, isServed);
}

export function validatorServices(places: Places): readonly Service[] {
  return validators.map((person, i) => {
    const scorer = person.behaviour === "honest" ? "digits" : `${places.behavioursUrl}/${person.behaviour}`;
    const host = `127.0.0.1:${places.validatorPorts[i]!}`;
    const serving = ["--listen", host, "--endpoint", `http://${host}`];
    return nodeService(places, person, ["validator", "start", "--scorer", scorer, ...serving]);
  });
}

/** A dead miner has no service, and a poor one takes no tasks that it would have to prove. */
export function minerServices(places: Places): readonly Service[] {
  const { behavioursUrl, crsDirectory } = places;
  const alive = miners.filter(({ behaviour }) => behaviour !== "dead");
  return alive.map((person) => {
    const isHonest = person.behaviour === "honest";
    const worker = isHonest ? "digits" : `${behavioursUrl}/${person.behaviour}`;
    const proving = isHonest && crsDirectory !== null ? ["--crs", crsDirectory] : ["--types", String(scoredType)];
    return nodeService(places, person, ["miner", "start", "--worker", worker, ...proving]);
  });
}

function nodeService(places: Places, person: Person, command: readonly string[]): Service {
  const args = [...command, ...concurrency, "--from", String(person.index), "--json"];
  return service(places, titleOf(person), args, hasStarted);
}

function service({ program, rpcUrl, folder }: Places, name: string, args: readonly string[], ready: RegExp): Service {
  const env = environmentOf(rpcUrl, join(folder, name.replaceAll(" ", "-")));
  return { name, args: [program, ...args], env, ready };
}

/** What a node asks a worker, as far as it matters here. */
interface WorkQuestion {
  readonly input: string;
}

/** What a node asks a scorer, as far as it matters here. */
interface ScoreQuestion {
  readonly miner: { readonly id: number };
  readonly tasks: readonly unknown[];
}

/**
 * Workers and scorers that misbehave, over HTTP, with the protocol that docs/nodes.md describes. `POST /poor` is a
 * worker that gives a wrong digit for half of all images, `POST /lazy` a scorer that gives 1 to everything, and `POST
 * /copying` one that gives each miner its agreed score of the last settled epoch.
 * @param agreedOn That score, 0 to 1, by the miner's id; null before there is one.
 */
export function behaviourRoutes(agreedOn: (minerId: number) => number | null): Hono {
  const app = new Hono();
  app.post("/poor", async (c) => {
    const { input } = await c.req.json<WorkQuestion>();
    const image = Buffer.from(input, "base64");
    if (!isImage(image)) return c.json({ decline: "not an image" });
    const isWrong = image.reduce((sum, grey) => sum + grey, 0) % 2 === 1;
    const digit = (digitIn(image) + (isWrong ? 1 : 0)) % 10;
    return c.json({ result: Buffer.of(digit).toString("base64") });
  });
  app.post("/lazy", async (c) => {
    const { tasks } = await c.req.json<ScoreQuestion>();
    return c.json({ scores: tasks.map(() => 1) });
  });
  app.post("/copying", async (c) => {
    const { miner, tasks } = await c.req.json<ScoreQuestion>();
    return c.json({ scores: tasks.map(() => agreedOn(miner.id)) });
  });
  return app;
}
