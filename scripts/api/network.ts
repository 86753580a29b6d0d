import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { deploymentAnswer, policyAnswer, statusAnswer, supplyAnswer, taskTypesAnswer } from "./schemas/network";
import { answers, textAnswers, toWire } from "./answers";
import { plainQuery } from "./questions";
import { awaitingReveal, startOf } from "../views/epochTimes";
import { readPolicyHistory } from "../keeper/facts/registries";
import { readSupply } from "../views/supply";
import { readTaskTypes } from "../views/taskTypes";
import { type Connection } from "../chain/connection";
import { epochStatus } from "../keeper/facts/epochStatus";
import { WAD } from "../core/fixedPoint";
import { policyOutlook } from "../views/publishedPolicies";
import { type Head, type Heads, type ApiSource } from "./source";

const get = { method: "get" as const, tags: ["network"], request: { query: plainQuery } };

const deployment = createRoute({
  ...get,
  path: "/v1/deployment",
  operationId: "getDeployment",
  summary: "Constants of the deployment: addresses, clock, schedule",
  responses: answers(deploymentAnswer, "The deployment"),
});

const status = createRoute({
  ...get,
  path: "/v1/status",
  operationId: "getStatus",
  summary: "The running epoch and slot, and which epoch is due",
  responses: answers(statusAnswer, "The status"),
});

const supply = createRoute({
  ...get,
  path: "/v1/supply",
  operationId: "getSupply",
  summary: "The supply and where it is held",
  responses: answers(supplyAnswer, "The supply"),
});

/** One number of the supply in the form that listing sites take. */
const bare = <N extends string>(name: N, what: string) =>
  createRoute({
    ...get,
    path: `/v1/supply/${name}`,
    operationId: `getSupply${name[0]!.toUpperCase()}${name.slice(1)}`,
    summary: `${what}, as one number: whole MDT, rounded down`,
    responses: textAnswers("text/plain", "12345678", "The number"),
  });
const bareSupplies = [
  [bare("total", "Total supply: minted and not burned"), "totalSupplyWei"],
  [
    bare("circulating", "Circulating supply: total without stake, unclaimed rewards, pool and escrow"),
    "circulatingWei",
  ],
  [bare("max", "The cap on all tokens that are ever minted"), "maxSupplyWei"],
] as const;

const policy = createRoute({
  ...get,
  path: "/v1/policy",
  operationId: "getPolicy",
  summary: "The policy in force, every published version, and the changes to come",
  responses: answers(policyAnswer, "The policy"),
});

const taskTypes = createRoute({
  ...get,
  path: "/v1/task-types",
  operationId: "listTaskTypes",
  summary: "The task types: their minimum fee, and whether scores or proofs judge their results",
  responses: answers(taskTypesAnswer, "The types, by id"),
});

/** Most upcoming changes of the policy that are reported. */
const stepsAhead = 50;

/** Adds the routes about the network as a whole. */
export function addNetworkRoutes(app: OpenAPIHono, { connection }: ApiSource, heads: Heads): void {
  const facts = heads.once(() => readFacts(connection));
  const now = heads.lately((head) => readStatus(connection, head));
  const supplied = heads.once(({ view }) => readSupply(view));
  const types = heads.once(({ view }) => readTypes(view));
  const policies = heads.once(({ view }) => readPolicy(view));
  app.openapi(deployment, async (c) => c.json(toWire(await facts()), 200));
  app.openapi(status, async (c) => c.json(toWire(await now()), 200));
  app.openapi(supply, async (c) => c.json(toWire(await supplied()), 200));
  for (const [route, field] of bareSupplies) {
    app.openapi(route, async (c) => c.text(String((await supplied())[field] / WAD), 200) as never);
  }
  app.openapi(taskTypes, async (c) => c.json(toWire(await types()), 200));
  app.openapi(policy, async (c) => c.json(toWire(await policies()), 200));
}

async function readFacts({ deployment, contracts }: Connection) {
  const { choices, config } = deployment;
  const { slotSeconds, slotsPerEpoch, revealSlots } = config.clock;
  const [name, symbol, decimals] = await Promise.all([
    contracts.token.read.name(),
    contracts.token.read.symbol(),
    contracts.token.read.decimals(),
  ]);
  return {
    id: deployment.id,
    chainId: deployment.chainId,
    network: choices.network,
    chain: config.chain,
    contracts: deployment.addresses,
    dao: choices.dao,
    token: { name, symbol, decimals },
    clock: { genesisTimestamp: choices.genesisTimestamp, slotSeconds, slotsPerEpoch, revealSlots },
    emission: config.emission,
    claimDelaySeconds: config.settlement.claimDelaySeconds,
    staking: { minimumStakeWei: config.staking.minimumStakeWei, seats: config.staking.seats },
    taskTypeNames: config.tasks.types.map((type) => type.name),
  };
}

/** The status at the time that the next block would have, which advances even if no block is mined. */
async function readStatus(connection: Connection, head: Head) {
  const [status, awaited] = await Promise.all([epochStatus(connection), awaitingReveal(connection)]);
  const { halvingIntervalEpochs } = connection.deployment.config.emission;
  const epoch = status.epoch ?? 0;
  const halvings = Math.floor(epoch / halvingIntervalEpochs);
  const nextHalvingEpoch = (halvings + 1) * halvingIntervalEpochs;
  return {
    ...status,
    headBlock: Number(head.number),
    overdueSeconds: Math.max(0, status.timestamp - status.dueAt),
    ceilingWei: await connection.contracts.treasury.read.emissionCeiling([BigInt(epoch)]),
    halvings,
    nextHalvingEpoch,
    nextHalvingAt: startOf(connection, nextHalvingEpoch),
    awaitingReveal: awaited?.validators ?? [],
  };
}

async function readTypes({ contracts, deployment }: Connection) {
  const names = deployment.config.tasks.types.map(({ name }) => name);
  return { types: await readTaskTypes(contracts, names) };
}

async function readPolicy(view: Connection) {
  const [{ judged, timeline }, { epoch }] = await Promise.all([readPolicyHistory(view), epochStatus(view)]);
  const { inForce, nextSteps, hasMoreSteps } = policyOutlook(timeline, epoch ?? 0, stepsAhead);
  return {
    ...inForce,
    published: judged.map(({ index, fromEpoch, json, hash, version, problem }) => {
      return { index, fromEpoch, rampEpochs: version?.rampEpochs ?? null, hash, json, problem };
    }),
    nextSteps,
    hasMoreSteps,
  };
}
