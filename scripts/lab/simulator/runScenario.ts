import { join } from "node:path";
import { configDirectory } from "../../config/folders";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { readJsonFile } from "../../keeper/archive/readJsonFile";
import { candidatesOf } from "./candidates";
import { parseScenario } from "./scenario";
import { simulate, type Simulation } from "./simulate";

/**
 * Runs the scenario in a file.
 * @param epochs How many epochs to run; missing: as many as the scenario says.
 * @throws UnreadableFileError, RefusedInputError, ConfigError, ScenarioError: a sentence that names what to change.
 */
export function runScenario(file: string, epochs?: number): Simulation {
  const scenario = parseScenario(readJsonFile(file));
  const base = loadNetworkConfig(scenario.network);
  const networkJson = readJsonFile(join(configDirectory, `${scenario.network}.json`)) as object;
  return simulate(scenario, candidatesOf(scenario, networkJson), base, epochs ?? scenario.epochs);
}
