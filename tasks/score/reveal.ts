import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";

command({
  scope: "score",
  name: "reveal",
  description: "Reveal the scores that you committed to in the epoch before",
  params: {
    epoch: { kind: "optional", description: "For which epoch (default: the one that can be revealed now)" },
    input: { kind: "optional", description: "The file of scores, where what the commit saved is lost" },
    from,
  },
  async run({ epoch, input, from: sender }, hre) {
    const { dataDirectory } = await import("../../scripts/chain/dataDirectory");
    const { describeReveal } = await import("../../scripts/actions/describeScores");
    const { listMiners } = await import("../../scripts/chain/miners");
    const { revealScores } = await import("../../scripts/actions/scores");
    const { parseScores } = await import("../../scripts/actions/scoresFile");
    const { readJsonFile } = await import("../../scripts/keeper/archive/readJsonFile");
    const wanted = epoch === undefined ? undefined : parseWhole("epoch", epoch);
    const file = input === undefined ? undefined : readJsonFile(input);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await revealScores(chain, signer, {
      epoch: wanted,
      scores: file === undefined ? undefined : parseScores(file, await listMiners(chain)),
      directory: dataDirectory(chain.deployment.id, process.env.MDT_DATA),
    });
    return { json: outcome, text: describeReveal(outcome) };
  },
});
