import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type Json } from "../core/canonicalJson";
import { parseJson } from "../core/parseJson";
import { type PolicyConstants } from "../core/policy/bounds";
import { readPolicyVersion } from "../core/policy/readPolicy";
import { PolicyTimeline } from "../core/policy/versions";
import { RefusedInputError } from "../core/strictJson";
import { circuitModelHash } from "./circuitModels";
import { complaintsAbout, wordingOf } from "./complaints";
import { configDirectory } from "./folders";
import {
  ConfigError,
  type ConfiguredPolicy,
  type NetworkConfig,
  networkSchema,
  policyConstants,
} from "./networkConfig";
import { requirementsOf } from "./requirements";

/**
 * Reads and validates `scripts/config/<name>.json`.
 * @throws ConfigError where there is no such file, it is not JSON, gives a field twice, or its numbers don't fit together.
 */
export function loadNetworkConfig(name: string): NetworkConfig {
  return parseNetworkConfig(name, readConfigFile(name, configFileOf(name)));
}

/** @throws ConfigError where there is no such network. */
export function configFileOf(name: string): string {
  const file = join(configDirectory, `${name}.json`);
  if (/^[\w-]+$/.test(name) && existsSync(file)) return file;
  throw new ConfigError(`Unknown network "${name}". Networks in scripts/config: ${networkNames().join(", ")}.`);
}

/** What is in the file of a network. @throws ConfigError where it is not JSON, or gives a field twice. */
export function readConfigFile(name: string, file: string): unknown {
  try {
    return parseJson(readFileSync(file, "utf8"));
  } catch (error) {
    const problem = error instanceof RefusedInputError ? error.message : `it is not JSON: ${(error as Error).message}.`;
    throw new ConfigError(`Configuration "${name}": ${problem}`);
  }
}

/** Names that mean something else to anyone who takes `--network`. */
const reserved: ReadonlySet<string> = new Set(["hardhat", "localhost"]);

/** Every network that has a configuration, by name. */
export function networkNames(): readonly string[] {
  const named = readdirSync(configDirectory).flatMap((entry) => /^(.*)\.json$/.exec(entry)?.[1] ?? []);
  return named.filter((name) => !reserved.has(name));
}

/**
 * Validates one network's configuration and that its numbers fit together: the cap holds every mint that the schedule
 * can make, a task costs more than the emission that it can attract, and real networks delay claims.
 * @param name Of the network; `local` alone may pay without a claim delay and leave the DAO to the deployer.
 * @param json The parsed file.
 * @throws ConfigError naming the field and what it must be.
 */
export function parseNetworkConfig(name: string, json: unknown): NetworkConfig {
  const { config, problems } = checkNetworkConfig(name, json);
  if (config === undefined) throw new ConfigError(`Configuration "${name}": ${problems[0]!}`);
  return config;
}

/** The same, and everything that is wrong at once, a sentence each: every field first, then how the numbers fit together. */
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

/** A type that names a folder of circuits/ is of the model there, unless it says of which. */
function withModels(tasks: NetworkConfig["tasks"]): NetworkConfig["tasks"] {
  const types = tasks.types.map((type) => {
    const folder = type.verifier === null || type.modelHash !== null ? undefined : circuitModelHash(type.verifier);
    return { ...type, modelHash: folder ?? type.modelHash };
  });
  return { ...tasks, types };
}

/** @returns What can be read, and why the next one can't. */
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
