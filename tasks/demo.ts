import { loadNetworkConfig } from "../scripts/config/loadNetworkConfig";
import { demoJson, describeDemo, isConserved } from "../scripts/lab/demo/describeDemo";
import { runDemo } from "../scripts/lab/demo/runDemo";
import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Run } from "../scripts/commands/command";
import { type hardhatCommands } from "../scripts/commands/hardhatCommands";
import { startInProcessNetwork } from "./inProcessNetwork";

export const demo: Run<typeof hardhatCommands.demo.params, HardhatRuntimeEnvironment> = async ({ html }, hre) => {
  const network = await startInProcessNetwork(hre, loadNetworkConfig("local"));
  try {
    const result = await runDemo(network, (epoch, { title }) => {
      process.stderr.write(`epoch ${epoch}: ${title}\n`);
    });
    if (html !== undefined) {
      const { demoReport } = await import("../scripts/lab/demo/describeDemo");
      const { writeReport } = await import("../scripts/page/serve/writeReport");
      await writeReport(html, demoReport(result));
    }
    const isRight = isConserved(result.conservation) && result.verification.kind === "verified";
    return { json: demoJson(result), text: describeDemo(result), exitCode: isRight ? 0 : 1 };
  } finally {
    await network.close();
  }
};
