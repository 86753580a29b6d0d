import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Run } from "../scripts/commands/command";
import { parseWhole } from "../scripts/commands/parameters";
import { progressOnStderr } from "../scripts/commands/progress";
import { untilSignalled } from "../scripts/commands/signals";
import { type hardhatCommands } from "../scripts/commands/hardhatCommands";
import { Years } from "../test/years/makeYears";
import { startYearsNetwork } from "../test/years/network";

const tenYears = 3_650;

export const years: Run<typeof hardhatCommands.years.params, HardhatRuntimeEnvironment> = async (
  { epochs, seed },
  hre,
) => {
  const count = epochs === undefined ? tenYears : parseWhole("epochs", epochs);
  const stopping = untilSignalled();
  const stage = await startYearsNetwork(hre);
  try {
    const onProgress = progressOnStderr();
    const made = await Years.begin(stage.connection, stage.chain, stage.offices, parseWhole("seed", seed ?? "1"));
    await made.liveUntil(count, (settled) => {
      onProgress("epochs settled", settled, count);
    });
    process.stderr.write(`${count} epochs are settled on the chain at ${stage.url}\n`);
    if (!stopping.aborted)
      await new Promise((stop) => {
        stopping.addEventListener("abort", stop);
      });
    return { json: { epochs: count, url: stage.url }, text: "Stopped." };
  } finally {
    await stage.close();
  }
};
