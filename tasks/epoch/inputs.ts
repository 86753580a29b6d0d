import { chainOf } from "../shared/chain";
import { command, toJson } from "../shared/command";
import { parseWhole } from "../shared/parameters";

command({
  scope: "epoch",
  name: "inputs",
  description: "An epoch's inputs from the chain, as `epoch preview` takes them",
  params: {
    epoch: { kind: "required", description: "Which epoch" },
    out: { kind: "optional", description: "Write them to this file" },
  },
  async run({ epoch, out }, hre) {
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { writeEpochInput } = await import("../../scripts/core/epochInput/writeEpoch");
    const { readInputs } = await import("../../scripts/keeper/settle/readInputs");
    const { writeWhole } = await import("../../scripts/keeper/archive/textFile");
    const chain = await chainOf(hre);
    const json = writeEpochInput(await readInputs(chain, await openArchive(chain), parseWhole("epoch", epoch)));
    if (out === undefined) return { json, text: JSON.stringify(json, null, 2) };
    await writeWhole(out, [`${toJson(json)}\n`]);
    return { json, text: `The inputs of epoch ${epoch} are in ${out}.` };
  },
});
