import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type Json } from "../core/canonicalJson";
import { parseJson, RefusedInputError } from "../core/strictJson";
import { type PolicyConstants } from "../core/policy/bounds";
import { readPolicyVersion } from "../core/policy/history";
import { PolicyTimeline } from "../core/policy/timeline";
import { circuitModelHash, configDirectory } from "./folders";
import { complaintsAbout, wordingOf, requirementsOf } from "./problems";
import {
  ConfigError,
  type ConfiguredPolicy,
  type NetworkConfig,
  networkSchema,
  policyConstants,
} from "./networkConfig";

/**
 * Reads and validates `scripts/config/<name>.json`.
 * @throws ConfigError if there is no such file, it is not JSON, gives a field twice, or its numbers don't fit together.
 */
export function loadNetworkConfig(name: string): NetworkConfig {
  return parseNetworkConfig(name, readConfigFile(name, configFileOf(name)));
}

/** @throws ConfigError if there is no such network. */
export function configFileOf(name: string): string {
  const file = join(configDirectory, `${name}.json`);
  if (/^[\w-]+$/.test(name) && existsSync(file)) return file;
  throw new ConfigError(`Unknown network "${name}". Networks in scripts/config: ${networkNames().join(", ")}.`);
}

/** The parsed file of a network. @throws ConfigError if it is not JSON, or gives a field twice. */
export function readConfigFile(name: string, file: string): unknown {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    const problem = error instanceof RefusedInputError ? error.message : `it is not JSON: ${(error as Error).message}.`;
    throw new ConfigError(`Configuration "${name}": ${problem}`);
  }
}

/** Names that mean something else in a `--network` option. */
const reserved: ReadonlySet<string> = new Set(["hardhat", "localhost"]);

/** Every network that has a configuration, by name. */
export function networkNames(): readonly string[] {
  const named = readdirSync(configDirectory).flatMap((entry) => /^(.*)\.json$/.exec(entry)?.[1] ?? []);
  return named.filter((name) => !reserved.has(name));
}

/**
 * Validates one network's configuration, and checks that its numbers fit together: the cap covers every mint that the
 * schedule can make, a task costs more than the emission that it can attract, and real networks delay claims.
 * @param name The network's name; only `local` may pay without a claim delay and leave the DAO to the deployer.
 * @param json The parsed file.
 * @throws ConfigError naming the field and what it must be.
 */
export function parseNetworkConfig(name: string, json: unknown): NetworkConfig {
  const { config, problems } = checkNetworkConfig(name, json);
  if (config === undefined) throw new ConfigError(`Configuration "${name}": ${problems[0]!}`);
  return config;
}

/**
 * The same, but returns all problems, a sentence each: every field, or, if all are right, how the numbers fit together.
 */
export function checkNetworkConfig(
  name: string,
  json: unknown,
): { readonly config: NetworkConfig | undefined; readonly problems: readonly string[] } {
  const { data, error } = networkSchema.safeParse(json, { error: wordingOf });
  if (error !== undefined) return { config: undefined, problems: complaintsAbout(json, error.issues) };
  const { policies, problem } = readPolicies(data.policies, policyConstants(name, data));
  const config = { ...data, tasks: withModels(data.tasks), policies };
  const broken = requirementsOf(name, config).filter(([holds]) => !holds);
  const problems = [...problem, ...broken.map(([, complaint, would]) => `${complaint}. ${would} would do.`)];
  return { config: problems.length === 0 ? config : undefined, problems };
}

/** A type that names a folder of circuits/ has the model there, unless it names a model itself. */
function withModels(tasks: NetworkConfig["tasks"]): NetworkConfig["tasks"] {
  const types = tasks.types.map((type) => {
    const folder = type.verifier === null || type.modelHash !== null ? undefined : circuitModelHash(type.verifier);
    return { ...type, modelHash: folder ?? type.modelHash };
  });
  return { ...tasks, types };
}

/** @returns The versions before the first that can't be read, and why it can't. */
function readPolicies(
  entries: readonly unknown[],
  constants: PolicyConstants,
): { readonly policies: readonly ConfiguredPolicy[]; readonly problem: readonly string[] } {
  const timeline = new PolicyTimeline();
  const policies: ConfiguredPolicy[] = [];
  for (const [index, entry] of entries.entries()) {
    try {
      const version = readPolicyVersion(timeline, entry, constants, `policies[${index}]`);
      timeline.add(version);
      policies.push({ ...version, json: canonicalJson(entry as Json) });
    } catch (error) {
      if (error instanceof RefusedInputError) return { policies, problem: [error.message] };
      throw error;
    }
  }
  return { policies, problem: [] };
}

/** A deployment's own clock, instead of its configuration's. */
type ChosenClock = Pick<NetworkConfig["clock"], "genesisDelaySeconds" | "slotSeconds" | "slotsPerEpoch">;

/** What a deployment overrides in its configuration; what is missing stays as configured. */
export interface Chosen {
  readonly clock?: ChosenClock | undefined;
  /** Instead of `quorum.soloAfterSeconds`. */
  readonly soloAfterSeconds?: number | undefined;
}

/** Slots of an epoch, unless it is shorter than 64 seconds: then slots last one second. */
const usualSlots = 32;

/** Seconds from the deployment to epoch 0: people who register in this time count from the first epoch. */
const genesisDelaySeconds = 120;

const shortestEpochSeconds = 16;
const longestEpochSeconds = 86_400;

/**
 * The clock of epochs of this many seconds: 32 slots, or slots of one second below 64 seconds.
 * @param network Name of the configuration; only `local` may have another clock than its file says.
 * @throws ConfigError
 */
export function clockOf(network: string, epochSeconds: number): ChosenClock {
  if (network !== "local") {
    throw new ConfigError(
      `--epoch-seconds works only on local networks: set "clock" in scripts/config/${network}.json.`,
    );
  }
  const slotSeconds = Math.max(1, Math.floor(epochSeconds / usualSlots));
  const isInRange = epochSeconds >= shortestEpochSeconds && epochSeconds <= longestEpochSeconds;
  if (!isInRange || epochSeconds % slotSeconds !== 0 || (slotSeconds > 1 && epochSeconds % usualSlots !== 0)) {
    throw new ConfigError(
      `--epoch-seconds must be from ${shortestEpochSeconds} to ${2 * usualSlots}, or a multiple of ${usualSlots} up to ${longestEpochSeconds}, not ${epochSeconds}.`,
    );
  }
  return { genesisDelaySeconds, slotSeconds, slotsPerEpoch: epochSeconds / slotSeconds };
}

/** @throws ConfigError if the network is not `local`: only that one may settle differently from its file. */
export function soloAfter(network: string, seconds: number): number {
  if (network === "local") return seconds;
  throw new ConfigError(`--solo-after works only on local networks: set "quorum" in scripts/config/${network}.json.`);
}

/**
 * The configuration with what a deployment overrides.
 * @throws ConfigError if its numbers don't fit together with what was chosen.
 */
export function withChosen(network: string, config: NetworkConfig, { clock, soloAfterSeconds }: Chosen): NetworkConfig {
  if (clock === undefined && soloAfterSeconds === undefined) return config;
  const quorum = { ...config.quorum, soloAfterSeconds: soloAfterSeconds ?? config.quorum.soloAfterSeconds };
  const own = { ...config, clock: { ...config.clock, ...clock }, quorum };
  const broken = requirementsOf(network, own).find(([holds]) => !holds);
  if (broken !== undefined) throw new ConfigError(`With the options chosen for the deployment, ${broken[1]}.`);
  return own;
}
