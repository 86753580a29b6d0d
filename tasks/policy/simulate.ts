import { command } from "../shared/command";
import { parseWhole } from "../shared/parameters";

command({
  scope: "policy",
  name: "simulate",
  description: "Run policies over years of epochs, side by side and beside two known schedules",
  params: {
    scenario: { kind: "required", description: "A file with what happens and the policies to compare" },
    epochs: { kind: "optional", description: "How many epochs to run (default: as many as the scenario says)" },
    html: { kind: "optional", description: "Write a report with charts to this file" },
  },
  async run({ scenario, epochs, html }) {
    const { runScenario } = await import("../../scripts/lab/simulator/runScenario");
    const { simulationJson } = await import("../../scripts/lab/simulator/simulationJson");
    const { describeSimulation } = await import("../../scripts/lab/simulator/describeSimulation");
    const count = epochs === undefined ? undefined : parseWhole("epochs", epochs, 1_000_000, 1);
    const simulation = runScenario(scenario, count);
    if (html !== undefined) {
      const { simulationReport } = await import("../../scripts/lab/simulator/simulationReport");
      const { writeReport } = await import("../../scripts/page/serve/writeReport");
      await writeReport(html, simulationReport(simulation));
    }
    return { json: simulationJson(simulation), text: describeSimulation(simulation) };
  },
});
