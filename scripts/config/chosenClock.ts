/** Epochs of another length on a local network: chosen once, when it is deployed. */
import { ConfigError, type NetworkConfig } from "./networkConfig";
import { requirementsOf } from "./requirements";

/** What a deployment has in place of its configuration's clock. */
export type ChosenClock = Pick<NetworkConfig["clock"], "genesisDelaySeconds" | "slotSeconds" | "slotsPerEpoch">;

/** An epoch has so many slots, or more where a slot would be shorter than a second. */
const usualSlots = 32;

/** Time for people to register before epoch 0, who then count from the first. */
const genesisDelaySeconds = 120;

const shortestEpochSeconds = 16;
const longestEpochSeconds = 86_400;

/**
 * The clock of epochs of so many seconds: 32 slots, or slots of one second below 64 seconds.
 * @param network Name of the configuration; only `local` may have another clock than its file says.
 * @throws ConfigError
 */
export function clockOf(network: string, epochSeconds: number): ChosenClock {
  if (network !== "local") {
    throw new ConfigError(
      `--epoch-seconds is for local networks alone: set "clock" in scripts/config/${network}.json.`,
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

/** The configuration as a deployment has it. @throws ConfigError where its numbers don't fit together with this clock. */
export function withClock(network: string, config: NetworkConfig, clock: ChosenClock | undefined): NetworkConfig {
  if (clock === undefined) return config;
  const own = { ...config, clock: { ...config.clock, ...clock } };
  const broken = requirementsOf(network, own).find(([holds]) => !holds);
  if (broken !== undefined) throw new ConfigError(`With the deployment's own clock, ${broken[1]}.`);
  return own;
}
