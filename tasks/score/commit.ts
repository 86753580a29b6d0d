import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "score",
  name: "commit",
  description: "Commit to your scores for the running epoch; nobody can read them until you reveal",
  params: {
    input: { kind: "required", description: "A file of scores 0 to 65535 by miner: { id or address: score, … }" },
    from,
  },
  async run({ input, from: sender }, hre) {
    const { dataDirectory } = await import("../../scripts/chain/dataDirectory");
    const { describeCommit } = await import("../../scripts/actions/describeScores");
    const { listMiners } = await import("../../scripts/chain/miners");
    const { warningOf } = await import("../../scripts/show/revealWarning");
    const { awaitingReveal } = await import("../../scripts/views/revealWindow");
    const { commitScores } = await import("../../scripts/actions/scores");
    const { parseScores } = await import("../../scripts/actions/scoresFile");
    const { readJsonFile } = await import("../../scripts/keeper/archive/readJsonFile");
    const file = readJsonFile(input);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const scores = parseScores(file, await listMiners(chain));
    const outcome = await commitScores(chain, signer, scores, dataDirectory(chain.deployment.id, process.env.MDT_DATA));
    const awaited = await awaitingReveal(chain);
    const isLate = awaited?.validators.includes(outcome.validator) ?? false;
    const warnings =
      awaited !== undefined && isLate ? [warningOf({ ...awaited, validators: [outcome.validator] })] : [];
    return { json: { ...outcome, warnings }, text: [describeCommit(outcome), ...warnings].join("\n") };
  },
});
