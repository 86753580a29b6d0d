/** A network's configuration before anything is deployed: a file to fill in, and what is wrong with one. */
import { basename } from "node:path";
import { checkNetworkConfig, configFileOf, readConfigFile } from "../config/loadNetworkConfig";
import reference from "../config/reference.json";
import scenario from "../lab/simulator/scenarios/calm.json";
import { type Runs } from "./table";

export const runs: Runs<"config"> = {
  check({ file }, { network = "local" }) {
    const name = file === undefined ? network : basename(file, ".json");
    const { problems } = checkNetworkConfig(name, readConfigFile(name, file ?? configFileOf(name)));
    const fits = `Configuration "${name}" is valid: every field is present, and the values are consistent.`;
    return Promise.resolve({
      json: { network: name, problems },
      text: problems.length === 0 ? fits : problems.join("\n"),
      exitCode: problems.length === 0 ? 0 : 1,
    });
  },

  template({ scenario: isScenario }) {
    const toFillIn = { name: "", currency: { name: "", symbol: "" } };
    const json = isScenario ? scenario : { ...reference, chain: toFillIn, dao: "" };
    return Promise.resolve({ json, text: JSON.stringify(json, null, 2) });
  },
};
