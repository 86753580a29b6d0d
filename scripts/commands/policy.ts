import {
  comparePolicies,
  describeDiff,
  describePolicies,
  describePublishing,
  publishPolicy,
} from "../actions/policies";
import { describeStress, exitCodeOf, stress } from "../lab/attacks/stress";
import { describeSimulation, simulationJson } from "../lab/simulator/describeSimulation";
import { runScenario } from "../lab/simulator/runScenario";
import { readPolicyHistory } from "../keeper/facts/registries";
import { epochStatus } from "../keeper/facts/epochStatus";
import { policiesInForce } from "../views/publishedPolicies";
import { chainAndSignerOf, chainOf } from "./context";
import { parseWhole } from "./parameters";
import { type Runs } from "./table";

export const policy: Runs<"policy"> = {
  async diff({ epochs = "20" }, context) {
    const count = parseWhole("epochs", epochs, 10_000);
    const chain = await chainOf(context);
    const [{ epoch: running }, history] = await Promise.all([epochStatus(chain), readPolicyHistory(chain)]);
    const diff = comparePolicies(chain.deployment.config.policies, history, running ?? 0, count);
    return { json: diff, text: describeDiff(diff) };
  },

  async publish({ input, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await publishPolicy(chain, signer, input);
    return { json: outcome, text: describePublishing(outcome) };
  },

  async show({ epochs = "5" }, context) {
    const count = parseWhole("epochs", epochs, 10_000);
    const chain = await chainOf(context);
    const [{ epoch: running }, history] = await Promise.all([epochStatus(chain), readPolicyHistory(chain)]);
    const epoch = running ?? 0;
    const inForce = policiesInForce(history.timeline, epoch, count);
    return { json: { epoch, inForce, published: history.judged }, text: describePolicies(inForce, history.judged) };
  },

  async simulate({ scenario, epochs, html }) {
    const count = epochs === undefined ? undefined : parseWhole("epochs", epochs, 1_000_000, 1);
    const simulation = runScenario(scenario, count);
    if (html !== undefined) {
      const { simulationReport } = await import("../lab/simulator/simulationReport");
      const { writeReport } = await import("../page/serve/assets");
      await writeReport(html, simulationReport(simulation));
    }
    return { json: simulationJson(simulation), text: describeSimulation(simulation) };
  },

  stress(_args, { network }) {
    const rows = stress(network);
    return Promise.resolve({ json: { rows }, text: describeStress(rows), exitCode: exitCodeOf(rows) });
  },
};
