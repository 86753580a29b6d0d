/** The processes of a network, as command lines of the program, and what answers those that do not do what they should. */
import { join } from "node:path";
import { type Person, gatewayClient, keeper, miners, scoredType, titleOf, validators } from "./cast";
import { type Service } from "./processes";
import { environmentOf } from "./setting";
import { Hono } from "hono";
import { isImage } from "../../nodes/digits/image";
import { digitIn } from "../../nodes/digits/model";

/** Where things are. */
export interface Places {
  /** The built program `mdt`. */
  readonly program: string;
  readonly rpcUrl: string;
  /** Where the workers and scorers of those are asked who do not do what they should. */
  readonly behavioursUrl: string;
  /** Each process has a folder of its own inside. */
  readonly folder: string;
  /** The common reference string for development; null where nothing can be proven. */
  readonly crsDirectory: string | null;
  readonly pagePort: number;
  /** Where each validator's node serves what it signed, in their order. */
  readonly validatorPorts: readonly number[];
}

const hasStarted = /"kind":"started"/;
const isServed = /^Serving on (http\S+)/;

/** Asked at once, a worker or a scorer keeps nobody waiting. */
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

/** A dead miner has none, and a poor one takes nothing that it would have to prove. */
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
 * Workers and scorers that do not do what they should, over HTTP, as docs/nodes.md says that nodes ask.
 * `POST /poor` is a worker that answers a wrong digit for half of all images, `POST /lazy` a scorer that gives 1 to everything, and
 * `POST /copying` one that gives each miner what was agreed on it in the last settled epoch.
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
