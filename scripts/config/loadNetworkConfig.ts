import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, type Json } from "../core/canonicalJson";
import { parseJson } from "../core/parseJson";
import { type PolicyConstants } from "../core/policy/bounds";
import { readPolicyVersion } from "../core/policy/readPolicy";
import { PolicyTimeline } from "../core/policy/versions";
import { RefusedInputError } from "../core/strictJson";
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
  const file = join(configDirectory, `${name}.json`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    throw new ConfigError(`There is no network "${name}": scripts/config has ${networkNames().join(", ")}.`);
  }
  return parseNetworkConfig(name, jsonOf(name, readFileSync(file, "utf8")));
}

function jsonOf(name: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    const problem = error instanceof RefusedInputError ? error.message : `it is not JSON: ${(error as Error).message}.`;
    throw new ConfigError(`Configuration "${name}": ${problem}`);
  }
}

/** Names that mean something else to whoever takes `--network`. */
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
  const parsed = networkSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ConfigError(`Configuration "${name}": ${issue.path.join(".") || "the file"}: ${issue.message}.`);
  }
  const policies = readPolicies(name, parsed.data.policies, policyConstants(name, parsed.data));
  const config = { ...parsed.data, policies };
  const broken = requirementsOf(name, config).find(([holds]) => !holds);
  if (broken !== undefined) throw new ConfigError(`Configuration "${name}": ${broken[1]}.`);
  return config;
}

function readPolicies(
  name: string,
  entries: readonly unknown[],
  constants: PolicyConstants,
): readonly ConfiguredPolicy[] {
  const timeline = new PolicyTimeline();
  return entries.map((entry, index) => {
    try {
      const version = readPolicyVersion(timeline, entry, constants, `policies[${index}]`);
      timeline.add(version);
      return { ...version, json: canonicalJson(entry as Json) };
    } catch (error) {
      throw error instanceof RefusedInputError ? new ConfigError(`Configuration "${name}": ${error.message}`) : error;
    }
  });
}
