import { scoreFileBytes, parseScores } from "../actions/scoreFiles";
import { commitScores, describeCommit, describeReveal, NotYetError, revealScores } from "../actions/scores";
import { whenPossible } from "../actions/waiting";
import { dataDirectory } from "../chain/deployment";
import { listMiners } from "../chain/participants";
import { readJsonFile } from "../keeper/archive/jsonFile";
import { warningOf } from "../show/describeSettling";
import { awaitingReveal } from "../views/epochTimes";
import { chainAndSignerOf } from "./context";
import { parseWhole } from "./parameters";
import { tell } from "./terminal";
import { type Runs } from "./table";

export const score: Runs<"score", "consensus"> = {
  async commit({ input, wait, ...sender }, context) {
    const file = readJsonFile(input, scoreFileBytes);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const scores = parseScores(file, await listMiners(chain));
    const directory = dataDirectory(chain.deployment.id, process.env.MDT_DATA);
    const commit = () => commitScores(chain, signer, scores, directory);
    const outcome = wait ? await whenPossible(chain, commit, "the next epoch to commit in", tell) : await commit();
    const awaited = await awaitingReveal(chain);
    const isLate = awaited?.validators.includes(outcome.validator) ?? false;
    const warnings =
      awaited !== undefined && isLate ? [warningOf({ ...awaited, validators: [outcome.validator] })] : [];
    return { json: { ...outcome, warnings }, text: [describeCommit(outcome), ...warnings].join("\n") };
  },

  async reveal({ epoch, input, wait, ...sender }, context) {
    const wanted = epoch === undefined ? undefined : parseWhole("epoch", epoch);
    const file = input === undefined ? undefined : readJsonFile(input, scoreFileBytes);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const request = {
      epoch: wanted,
      scores: file === undefined ? undefined : parseScores(file, await listMiners(chain)),
      directory: dataDirectory(chain.deployment.id, process.env.MDT_DATA),
    };
    const reveal = async () => {
      const outcome = await revealScores(chain, signer, request);
      const next = outcome.kind === "noWindow" ? outcome.next : null;
      if (wait && next !== null) throw new NotYetError(describeReveal(outcome), next.opensAt);
      return outcome;
    };
    const outcome = await whenPossible(chain, reveal, "the window to reveal the scores", tell);
    return { json: outcome, text: describeReveal(outcome) };
  },
};
