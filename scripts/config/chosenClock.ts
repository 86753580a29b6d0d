/** What a local network may have that differs from its configuration: chosen once, when it is deployed. */
import { ConfigError, type NetworkConfig } from "./networkConfig";
import { requirementsOf } from "./requirements";

/** What a deployment has instead of its configuration's clock. */
export type ChosenClock = Pick<NetworkConfig["clock"], "genesisDelaySeconds" | "slotSeconds" | "slotsPerEpoch">;

/** What a deployment has instead of what its configuration says; what is missing is as configured. */
export interface Chosen {
  readonly clock?: ChosenClock | undefined;
  /** Instead of `quorum.soloAfterSeconds`. */
  readonly soloAfterSeconds?: number | undefined;
}

/** An epoch has so many slots, or more where a slot would be shorter than a second. */
const usualSlots = 32;

/** Time for people to register before epoch 0, who then count from the first. */
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

/** @throws ConfigError where the network is not `local`, which alone may settle differently from its file. */
export function soloAfter(network: string, seconds: number): number {
  if (network === "local") return seconds;
  throw new ConfigError(`--solo-after works only on local networks: set "quorum" in scripts/config/${network}.json.`);
}

/** The configuration as a deployment has it. @throws ConfigError where its numbers don't fit together with what was chosen. */
export function withChosen(network: string, config: NetworkConfig, { clock, soloAfterSeconds }: Chosen): NetworkConfig {
  if (clock === undefined && soloAfterSeconds === undefined) return config;
  const quorum = { ...config.quorum, soloAfterSeconds: soloAfterSeconds ?? config.quorum.soloAfterSeconds };
  const own = { ...config, clock: { ...config.clock, ...clock }, quorum };
  const broken = requirementsOf(network, own).find(([holds]) => !holds);
  if (broken !== undefined) throw new ConfigError(`With the options chosen for the deployment, ${broken[1]}.`);
  return own;
}
