import { join } from "node:path";
import { configDirectory } from "../../config/folders";
import { loadNetworkConfig, parseNetworkConfig } from "../../config/loadNetworkConfig";
import { handwrittenBytes, readJsonFile } from "../../keeper/archive/jsonFile";
import { type Candidate, parseScenario, type Scenario, type ScenarioPolicy, ScenarioError } from "./scenario";
import { simulate, type Simulation } from "./simulate";
import { ConfigError, type ConfiguredPolicy, type NetworkConfig } from "../../config/networkConfig";
import { parseMdt } from "../../show/amounts";
import { ONE_IN_BPS } from "../../core/fixedPoint";

/**
 * Runs the scenario in a file.
 * @param epochs How many epochs to run; if missing, as many as the scenario says.
 * @throws UnreadableFileError, RefusedInputError, ConfigError, ScenarioError: a sentence that names what to change.
 */
export function runScenario(file: string, epochs?: number): Simulation {
  const scenario = parseScenario(readJsonFile(file, handwrittenBytes));
  const base = loadNetworkConfig(scenario.network);
  const networkJson = readJsonFile(join(configDirectory, `${scenario.network}.json`)) as object;
  return simulate(scenario, candidatesOf(scenario, networkJson), base, epochs ?? scenario.epochs);
}

/**
 * The scenario's policies, each on the network with its changes, checked like the configuration of a network to deploy:
 * its cap holds every mint of its schedule, its burns stay within the Treasury's bound, buying tasks never pays. Only
 * `"rules": "described"` is taken without a check.
 * @param networkJson The parsed file of the scenario's network.
 * @throws ScenarioError naming the policy and which number to change.
 */
export function candidatesOf(scenario: Scenario, networkJson: object): readonly Candidate[] {
  return scenario.policies.map((policy, index) => {
    if (scenario.policies.findIndex(({ name }) => name === policy.name) !== index) {
      throw new ScenarioError(`Two policies are named "${policy.name}": give each a name of its own.`);
    }
    const candidate = { name: policy.name, config: configOf(scenario, policy, networkJson) };
    requireThatPeopleFit(scenario, candidate);
    return candidate;
  });
}

function configOf(
  { network }: Scenario,
  { name, versions, changes, rules }: ScenarioPolicy,
  networkJson: object,
): NetworkConfig {
  const sections = networkJson as Readonly<Record<string, object>>;
  const changed = Object.entries(changes).map(([section, change]) => [section, { ...sections[section], ...change }]);
  const policies = versions === undefined ? {} : { policies: versions };
  try {
    const config = parseNetworkConfig(network, { ...networkJson, ...Object.fromEntries(changed), ...policies });
    return rules === "network" ? config : { ...config, policies: config.policies.map(asDescribed) };
  } catch (error) {
    throw error instanceof ConfigError
      ? new ScenarioError(`The policy "${name}" does not fit. ${error.message}`)
      : error;
  }
}

/** The rules as first described, so far as they have changed since; formulas that no policy chooses are today's. */
const describedRules = {
  difficultyFloorTasks: 0,
  participationFloorWei: 0n,
  qualityPenaltyThresholdBps: 2_000,
  minerRule: "incentive",
  minerFeeCapBps: null,
} as const;

function asDescribed(version: ConfiguredPolicy): ConfiguredPolicy {
  return {
    ...version,
    before: { ...version.before, ...describedRules },
    policy: { ...version.policy, ...describedRules },
  };
}

function requireThatPeopleFit({ validators, tasks, adversaries }: Scenario, { name, config }: Candidate): void {
  const { supply, staking } = config;
  const types = config.tasks.types.length;
  if (
    tasks.typeSharesBps.length !== types ||
    tasks.typeSharesBps.reduce((sum, share) => sum + share, 0) !== ONE_IN_BPS
  ) {
    throw new ScenarioError(
      `tasks.typeSharesBps must have ${types} shares, one per task type of "${name}", that sum to 10000.`,
    );
  }
  const seats = adversaries.flatMap((adversary) => ("seats" in adversary ? [adversary] : []));
  if (seats.reduce((sum, adversary) => sum + adversary.seats, validators.accounts) > staking.seats) {
    throw new ScenarioError(
      `validators.accounts, and the seats of all adversaries, must be at most ${staking.seats}, the seats of "${name}".`,
    );
  }
  if (seats.some(({ stakeMdt }) => parseMdt(stakeMdt) < staking.minimumStakeWei)) {
    throw new ScenarioError("An adversary's stakeMdt must be at least staking.minimumStakeMdt.");
  }
  if (parseMdt(validators.stakeMdt) < 10n * staking.minimumStakeWei) {
    throw new ScenarioError(
      `validators.stakeMdt must be at least ten times staking.minimumStakeMdt, since the last validator has a tenth of it.`,
    );
  }
  if (supply.daoAllocationWei === 0n) {
    throw new ScenarioError(`The policy "${name}" needs a supply.daoAllocationMdt: nobody could stake at the start.`);
  }
}
