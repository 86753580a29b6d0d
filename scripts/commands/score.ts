import { scoreFileBytes, parseScores } from "../actions/scoreFiles";
import { commitScores, describeCommit, describeReveal, revealScores } from "../actions/scores";
import { dataDirectory } from "../chain/deployment";
import { listMiners } from "../chain/miners";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { warningOf } from "../show/describeSettling";
import { awaitingReveal } from "../views/revealWindow";
import { chainAndSignerOf } from "./context";
import { parseWhole } from "./parameters";
import { type Runs } from "./table";

export const runs: Runs<"score", "consensus"> = {
  async commit({ input, from: sender }, context) {
    const file = readJsonFile(input, scoreFileBytes);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const scores = parseScores(file, await listMiners(chain));
    const outcome = await commitScores(chain, signer, scores, dataDirectory(chain.deployment.id, process.env.MDT_DATA));
    const awaited = await awaitingReveal(chain);
    const isLate = awaited?.validators.includes(outcome.validator) ?? false;
    const warnings =
      awaited !== undefined && isLate ? [warningOf({ ...awaited, validators: [outcome.validator] })] : [];
    return { json: { ...outcome, warnings }, text: [describeCommit(outcome), ...warnings].join("\n") };
  },

  async reveal({ epoch, input, from: sender }, context) {
    const wanted = epoch === undefined ? undefined : parseWhole("epoch", epoch);
    const file = input === undefined ? undefined : readJsonFile(input, scoreFileBytes);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await revealScores(chain, signer, {
      epoch: wanted,
      scores: file === undefined ? undefined : parseScores(file, await listMiners(chain)),
      directory: dataDirectory(chain.deployment.id, process.env.MDT_DATA),
    });
    return { json: outcome, text: describeReveal(outcome) };
  },
};
