import { command } from "./shared/command";
import { startInProcessNetwork } from "./shared/inProcessNetwork";

command({
  name: "demo",
  description: "Twelve epochs of a whole network on a chain in this process, with every number checked",
  params: { html: { kind: "optional", description: "Write a report with charts and each epoch's story to this file" } },
  async run({ html }, hre) {
    const { loadNetworkConfig } = await import("../scripts/config/loadNetworkConfig");
    const { demoJson, describeDemo, isConserved } = await import("../scripts/lab/demo/describeDemo");
    const { runDemo } = await import("../scripts/lab/demo/runDemo");
    const network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
    try {
      const result = await runDemo(network, (epoch, { title }) => {
        process.stderr.write(`epoch ${epoch}: ${title}\n`);
      });
      if (html !== undefined) {
        const { demoReport } = await import("../scripts/lab/demo/demoReport");
        const { writeReport } = await import("../scripts/page/serve/writeReport");
        await writeReport(html, demoReport(result));
      }
      const isRight = isConserved(result.conservation) && result.verification.kind === "verified";
      return { json: demoJson(result), text: describeDemo(result), exitCode: isRight ? 0 : 1 };
    } finally {
      await network.close();
    }
  },
});
