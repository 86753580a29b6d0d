import { getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { writeEpochInput } from "../core/epochInput/writeEpoch";
import { openArchive } from "../keeper/archive/epochArchive";
import { writeWhole } from "../keeper/archive/textFile";
import { epochStatus } from "../keeper/facts/epochStatus";
import { figuresOf, readSettledEpochs } from "../keeper/facts/settledEpochs";
import { explainEpochs, readInputs } from "../keeper/settle/epochInputs";
import { repostVetoedEpoch } from "../keeper/settle/repostEpoch";
import { settleNextEpoch } from "../keeper/settle/settleEpoch";
import { verifyWithCheckpoint } from "../keeper/verify/checkpoint";
import {
  describeOutcome,
  describeRepost,
  describeStatus,
  describeVerification,
  outcomeJson,
  warningOf,
} from "../show/describeSettling";
import { describeFigures } from "../show/describeEpoch";
import { provenWork } from "../views/taskTypes";
import { awaitingReveal } from "../views/epochTimes";
import { chainOf } from "./context";
import { senderOf, writeSettlingForSafe } from "./drafts";
import { parseWhole } from "./parameters";
import { progressOnStderr, tell, toJson } from "./terminal";
import { type Runs } from "./table";

export const epoch: Runs<"epoch", "preview" | "watch"> = {
  async history({ html, last }, context) {
    const count = last === undefined ? undefined : parseWhole("last", last, Number.MAX_SAFE_INTEGER, 1);
    const chain = await chainOf(context);
    if (html !== undefined) await writeHistory(chain, html);
    const settled = await readSettledEpochs(chain);
    const figures = figuresOf(count === undefined ? settled : settled.slice(-count));
    return { json: figures, text: describeFigures(figures) };
  },

  async inputs({ epoch, out }, context) {
    const chain = await chainOf(context);
    const json = writeEpochInput(await readInputs(chain, await openArchive(chain), parseWhole("epoch", epoch)));
    if (out === undefined) return { json, text: JSON.stringify(json, null, 2) };
    await writeWhole(out, [`${toJson(json)}\n`]);
    return { json, text: `The inputs of epoch ${epoch} are in ${out}.` };
  },

  async repost({ send, ...sender }, context) {
    const chain = await chainOf(context);
    const signer = send || sender.dryRun || sender.safe !== undefined ? await senderOf(chain, sender) : undefined;
    const outcome = await repostVetoedEpoch(chain, await openArchive(chain), signer);
    return { json: outcome, text: describeRepost(outcome), exitCode: outcome.kind === "quorumMissing" ? 1 : 0 };
  },

  async settle({ send, safe, leaveUnpaid, from, dryRun }, context) {
    if (send && safe !== undefined) throw new Error("--send and --safe are mutually exclusive.");
    const chain = await chainOf(context);
    const onProgress = progressOnStderr();
    const outcome = await settleNextEpoch(chain, await openArchive(chain), {
      signer: send || dryRun ? await senderOf(chain, { from, dryRun, safe }) : undefined,
      payRecipientsUpTo: leaveUnpaid ? 0 : chain.deployment.config.settlement.payRecipientsUpTo,
      onComputed: (epoch) => {
        onProgress("epochs computed again", epoch + 1);
      },
      onProgress,
    });
    if (safe !== undefined && outcome.kind === "ready") {
      await writeSettlingForSafe(chain, outcome.calldata, `Settle epoch ${outcome.epoch}`, safe);
      tell(`The settlement of epoch ${outcome.epoch} is in ${safe}. Import it in the Safe that settles.`);
    }
    return { json: outcomeJson(outcome), text: describeOutcome(outcome) };
  },

  async status(_args, context) {
    const chain = await chainOf(context);
    const [status, awaited] = await Promise.all([epochStatus(chain), awaitingReveal(chain)]);
    const text = describeStatus(status);
    return {
      json: { ...status, awaitingReveal: awaited?.validators ?? [] },
      text: awaited === undefined ? text : `${text}\n${warningOf(awaited)}`,
    };
  },

  async verify({ epoch, from, checkpoint }, context) {
    const lastEpoch = parseWhole("epoch", epoch);
    const fromEpoch = from === undefined ? undefined : parseWhole("from", from, lastEpoch);
    const verification = await verifyWithCheckpoint(await chainOf(context), lastEpoch, {
      fromEpoch,
      checkpointFile: checkpoint,
      onProgress: progressOnStderr(),
      onSetAside: tell,
    });
    return {
      json: verification,
      text: describeVerification(verification),
      exitCode: verification.kind === "different" || verification.kind === "notSettled" ? 1 : 0,
    };
  },
};

/** Writes a report on every settled epoch of a network to a file. */
async function writeHistory(connection: Connection, path: string): Promise<void> {
  const { writeReport } = await import("../page/serve/assets");
  const { epochsReport } = await import("../show/report/epochsReport");
  const { choices, addresses } = connection.deployment;
  const chainId = await connection.reader.getChainId();
  await writeReport(
    path,
    epochsReport({
      title: "ModernTensor, epoch by epoch",
      subtitle: `Network ${choices.network} · chain ${chainId} · Treasury ${addresses.Treasury}`,
      epochs: await explainEpochs(connection, await openArchive(connection)),
      nameOf: (account) => getAddress(account),
      titleOf: () => undefined,
      provenOf: await provenWork(connection),
    }),
  );
}
