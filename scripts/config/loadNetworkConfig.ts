import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configDirectory } from "./folders";
import { ConfigError, type NetworkConfig, parseNetworkConfig } from "./networkConfig";

/**
 * Reads and validates `scripts/config/<name>.json`.
 * @throws ConfigError where there is no such file, or where its numbers don't fit together.
 */
export function loadNetworkConfig(name: string): NetworkConfig {
  const file = join(configDirectory, `${name}.json`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    throw new ConfigError(`There is no network "${name}": scripts/config has ${networkNames().join(", ")}.`);
  }
  return parseNetworkConfig(name, JSON.parse(readFileSync(file, "utf8")));
}

/** Every network that has a configuration, by name. */
export function networkNames(): readonly string[] {
  return readdirSync(configDirectory).flatMap((entry) => /^(.*)\.json$/.exec(entry)?.[1] ?? []);
}
