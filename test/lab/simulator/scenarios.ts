import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { candidatesOf } from "../../../scripts/lab/simulator/runScenario";
import { parseScenario, type Scenario } from "../../../scripts/lab/simulator/scenario";
import { simulate, type Simulation } from "../../../scripts/lab/simulator/simulate";

const configs = join(__dirname, "..", "..", "..", "scripts", "config");

/** The parsed file of the network that scenarios build on. */
export const referenceJson = JSON.parse(readFileSync(join(configs, "reference.json"), "utf8")) as {
  readonly staking: object;
};

/** A scenario's file without randomness: full demand for the hardest type, perfect work, every validator present. */
export const perfect = {
  name: "Perfect",
  description: "Everything is as good as it can be.",
  network: "reference",
  seed: 1,
  epochs: 10,
  policies: [{ name: "As configured" }] as { name: string; versions?: unknown[]; changes?: object; rules?: string }[],
  miners: { accounts: 4, peopleEach: 1, skillBps: 10_000, skillSpreadBps: 0 },
  validators: {
    accounts: 4,
    peopleEach: 1,
    stakeMdt: "100000",
    commissionBps: 0,
    delegatorsEach: 0,
    delegatedMdt: "1",
    presentBps: 10_000,
    errorBps: 0,
  },
  tasks: {
    perEpoch: 10_000,
    doublesEveryEpochs: null as number | null,
    seasonBps: 0,
    seasonEpochs: 365,
    noiseBps: 0,
    typeSharesBps: [0, 0, 10_000],
    feeBps: 10_000,
  },
  registrations: { minersPerEpochBps: 0, validatorsPerEpochBps: 0 },
  slashing: { chanceBps: 0, slashedBps: 0 },
  shocks: [] as object[],
  adversaries: [] as object[],
};

/** The fields of each kind of adversary, besides its time. */
const adversaryFields = {
  selfBuyer: { tasksEach: 50, type: "training", seats: 1, stakeMdt: "50000" },
  junkClient: { tasksEach: 50, type: "text" },
  silentSeats: { seats: 3, stakeMdt: "32" },
  lazyCartel: { tasksEach: 5, type: "text", seats: 2, stakeMdt: "50000" },
  sybilMiners: { tasksEach: 1, type: "text", miners: 4 },
};

/** An adversary of a scenario's file, of any kind. */
export function adversary(kind: string, changes: object): object {
  return { name: `A ${kind}`, kind, ...adversaryFields[kind as keyof typeof adversaryFields], ...changes };
}

/** Reads, checks and runs a scenario as the command does, on the reference network. */
export function run(json: unknown, epochs?: number): Simulation {
  const scenario: Scenario = parseScenario(json);
  return simulate(
    scenario,
    candidatesOf(scenario, referenceJson),
    loadNetworkConfig("reference"),
    epochs ?? scenario.epochs,
  );
}
