import { validatorOf } from "../actions/validators";
import { nextTimestamp } from "../chain/blocks";
import { type Connection } from "../chain/connection";
import { dataDirectory } from "../chain/deployment";
import { openArchive } from "../keeper/archive/openArchive";
import { writeWhole } from "../keeper/archive/textFile";
import { acceptedEpochIn } from "../keeper/run/acceptance";
import { repostForm, settlementForm } from "../nodes/validator/signing/forms";
import { SigningLine } from "../nodes/validator/signing/line";
import { type ConfirmedView, repostToSign, settlementToSign, viewConfirmed } from "../nodes/validator/signing/toSign";
import { durationText } from "../show/moments";
import { revealWindowOf } from "../views/revealWindow";
import { chainAndSignerOf } from "./context";
import { parseWhole } from "./parameters";
import { tell } from "./progress";
import { type Run } from "./table";

/** Signs as the validator's node does, by the same journal: what was signed before is shown, and nothing else is signed. */
export const sign: Run<"settlement", "sign"> = async ({ epoch: epochText, out, from }, context) => {
  const { chain, signer } = await chainAndSignerOf(context, { from });
  const validator = await validatorOf(chain, signer);
  const view = await viewConfirmed(chain, await chain.reader.getBlockNumber());
  if (view === undefined) throw new Error("No block is confirmed yet, and only confirmed facts are signed.");
  const { settled } = view.settlements;
  const next = settled.length;
  const untilNext = await untilDue(chain, view, next);
  const isVetoed = settled.at(-1)?.isVetoed === true;
  // As a node does, except that what is due comes first: then nobody posts the root any more.
  const usual = isVetoed && untilNext !== undefined ? next - 1 : next;
  const epoch = epochText === undefined ? usual : parseWhole("epoch", epochText);
  const isRepost = isVetoed && epoch === next - 1;
  const directory = dataDirectory(chain.deployment.id, process.env.MDT_DATA);
  const stopping = new AbortController().signal;
  const acceptedEpoch = () => acceptedEpochIn(directory);
  const clock = (): number => performance.now() / 1_000;
  const ends = { stopping, clock, random: Math.random, accuse: () => false, tell: tellOfFiles };
  const node = { ...ends, connection: chain, signer, directory };
  const ways = { node, validator, dryRun: false, acceptedEpoch, connection: chain, stopping };
  const archive = await openArchive(chain);
  const line = isRepost
    ? new SigningLine(repostForm, ways, (seen) => repostToSign({ ...ways, archive }, seen))
    : new SigningLine(settlementForm, ways, (seen) => settlementToSign({ ...ways, archive }, seen));
  const nothing = isRepost ? undefined : epoch === next ? untilNext : closed(epoch, next);
  if (nothing === undefined) await line.answer(epoch, view);
  const refusal = line.refusalOf(epoch);
  if (refusal !== undefined) throw new Error(`Refused to sign epoch ${epoch}: ${refusal}.`);
  const json = await line.served(epoch);
  if (json === undefined) return { json: { kind: "nothingToDo", epoch }, text: `Nothing to do: ${nothing}` };
  const text = JSON.stringify(json, null, 2);
  if (out === undefined) return { json, text };
  await writeWhole(out, [`${text}\n`]);
  return {
    json,
    text: `The signature of ${validator} for ${isRepost ? "the repost of " : ""}epoch ${epoch} is in ${out}. Give the file to "settlement submit --files".`,
  };
};

function tellOfFiles(event: object): void {
  if ("sentence" in event) tell(String(event.sentence));
}

const closed = (epoch: number, next: number): string =>
  epoch < next ? `epoch ${epoch} is settled.` : `epoch ${next} must be settled first.`;

/** Why an epoch is not signed yet, in words; undefined where it is due below finality. */
async function untilDue(chain: Connection, { timestamp }: ConfirmedView, epoch: number): Promise<string | undefined> {
  const { closesAt } = revealWindowOf(chain, epoch);
  // Without confirmations the block that makes it due need not be mined yet.
  const isAtHead = chain.deployment.config.keeper.confirmations === 0;
  const now = isAtHead ? Number(await nextTimestamp(chain.reader)) : timestamp;
  return now >= closesAt ? undefined : `epoch ${epoch} can be signed in ${durationText(closesAt - now)}.`;
}
