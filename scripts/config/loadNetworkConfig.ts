import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, type NetworkConfig, parseNetworkConfig } from "./networkConfig";

/**
 * Reads and validates `scripts/config/<name>.json`.
 * @throws ConfigError where there is no such file, or where its numbers don't fit together.
 */
export function loadNetworkConfig(name: string): NetworkConfig {
  const file = join(__dirname, `${name}.json`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    const known = readdirSync(__dirname).flatMap((entry) => /^(.*)\.json$/.exec(entry)?.[1] ?? []);
    throw new ConfigError(`There is no network "${name}": scripts/config has ${known.join(", ")}.`);
  }
  return parseNetworkConfig(name, JSON.parse(readFileSync(file, "utf8")));
}
