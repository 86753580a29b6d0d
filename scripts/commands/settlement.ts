import { type Address } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { type EpochArchive, openArchive } from "../keeper/archive/epochArchive";
import { readJsonFile } from "../keeper/archive/jsonFile";
import { readElectorate } from "../keeper/quorum/electorate";
import { type KnownAnswers } from "../keeper/quorum/gather";
import { maxSignedBytes, repostForm, settlementForm } from "../keeper/quorum/statements";
import { settleNextEpoch } from "../keeper/settle/settleEpoch";
import { repostVetoedEpoch } from "../keeper/settle/repostEpoch";
import { epochToSign, settlementStanding } from "../keeper/settle/settlementStanding";
import { describeStanding, standingJson } from "../show/describeQuorum";
import { describeOutcome, describeRepost, outcomeJson } from "../show/describeSettling";
import { chainOf, chainAndSignerOf } from "./context";
import { senderOf, writeSettlingForSafe } from "./drafts";
import { parseWhole } from "./parameters";
import { progressOnStderr, tell } from "./terminal";
import { type Runs } from "./table";
import { validatorOf } from "../actions/validators";
import { nextTimestamp } from "../chain/blocks";
import { dataDirectory } from "../chain/deployment";
import { writeWhole } from "../keeper/archive/textFile";
import {
  SigningLine,
  type FinalView,
  repostToSign,
  settlementToSign,
  viewFinal,
} from "../nodes/validator/signing/line";
import { durationText } from "../show/moments";
import { revealWindowOf } from "../views/epochTimes";

export const settlement: Runs<"settlement"> = {
  async show({ epoch: epochText }, context) {
    const chain = await chainOf(context);
    const epoch = epochText === undefined ? (await epochToSign(chain)).epoch : parseWhole("epoch", epochText);
    const standing = await settlementStanding(chain, await openArchive(chain), epoch, progressOnStderr());
    return { json: standingJson(standing), text: describeStanding(standing) };
  },

  /** Signs as the validator's node does, with its journal: shows what was signed before, and signs nothing else. */
  async sign({ epoch: epochText, out, from }, context) {
    const { chain, signer } = await chainAndSignerOf(context, { from });
    const validator = await validatorOf(chain, signer);
    const view = await viewFinal(chain, await chain.reader.getBlockNumber());
    if (view === undefined) throw new Error("No block is final yet, and only final facts are signed.");
    const { settled } = view.settlements;
    const next = settled.length;
    const untilNext = await untilDue(chain, view, next);
    const isVetoed = settled.at(-1)?.isVetoed === true;
    // As a node does, except that a due epoch comes first: once it is settled, nobody posts the vetoed root any more.
    const usual = isVetoed && untilNext !== undefined ? next - 1 : next;
    const epoch = epochText === undefined ? usual : parseWhole("epoch", epochText);
    const isRepost = isVetoed && epoch === next - 1;
    const directory = dataDirectory(chain.deployment.id, process.env.MDT_DATA);
    const stopping = new AbortController().signal;
    const clock = (): number => performance.now() / 1_000;
    const ends = { stopping, clock, random: Math.random, accuse: () => false, tell: tellOfFiles };
    const node = { ...ends, connection: chain, signer, directory };
    const ways = { node, validator, archive: await openArchive(chain), dryRun: false };
    const line = isRepost
      ? new SigningLine(repostForm, ways, repostToSign)
      : new SigningLine(settlementForm, ways, settlementToSign);
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
  },

  async submit({ files, safe, from, dryRun }, context) {
    const chain = await chainOf(context);
    const { what, epoch } = await epochToSign(chain);
    const signatures = await signaturesIn(chain, what, epoch, files?.split(",").map((path) => path.trim()) ?? []);
    const signer = safe === undefined || dryRun ? await senderOf(chain, { from, dryRun, safe }) : undefined;
    const send = what === "repost" ? sendRepost : settle;
    const { outcome, ...told } = await send(chain, await openArchive(chain), signer, signatures);
    if (safe !== undefined && outcome.kind === "ready") {
      await writeSettlingForSafe(chain, outcome.calldata, `Send the signed ${what} of epoch ${epoch}`, safe);
      return { ...told, text: `The signed ${what} of epoch ${epoch} is in ${safe}. Any Safe can send it.` };
    }
    return { ...told, exitCode: outcome.kind === "quorumMissing" ? 1 : 0 };
  },
};

type Send = [chain: Connection, archive: EpochArchive, signer: Signer | undefined, signatures: KnownAnswers];

async function settle(...[chain, archive, signer, signatures]: Send) {
  const { payRecipientsUpTo } = chain.deployment.config.settlement;
  const options = { signer, signatures, payRecipientsUpTo, onProgress: progressOnStderr() };
  const outcome = await settleNextEpoch(chain, archive, options);
  return { outcome, json: outcomeJson(outcome), text: describeOutcome(outcome) };
}

async function sendRepost(...sent: Send) {
  const outcome = await repostVetoedEpoch(...sent);
  return { outcome, json: outcome, text: describeRepost(outcome) };
}

/**
 * Signatures of validators, from files that `settlement sign` wrote.
 * @throws Error naming the file if its validator was not active in the epoch; RefusedInputError if its kind is wrong.
 */
async function signaturesIn(
  chain: Connection,
  what: string,
  epoch: number,
  paths: readonly string[],
): Promise<KnownAnswers> {
  const signatures = new Map<Address, unknown>();
  if (paths.length === 0) return signatures;
  const { signers } = await readElectorate(chain, epoch);
  for (const path of paths) {
    const json = readJsonFile(path, maxSignedBytes);
    const { validator } = (what === "repost" ? repostForm : settlementForm).read(json, path);
    if (!signers.some((signer) => signer.validator === validator)) {
      throw new Error(`${path} is signed for ${validator}, which was not an active validator in epoch ${epoch}.`);
    }
    signatures.set(validator, json);
  }
  return signatures;
}

function tellOfFiles(event: object): void {
  if ("sentence" in event) tell(String(event.sentence));
}

const closed = (epoch: number, next: number): string =>
  epoch < next ? `epoch ${epoch} is settled.` : `epoch ${next} must be settled first.`;

/** Why an epoch can't be signed yet, in words; undefined if it is due at the final block. */
async function untilDue(chain: Connection, { timestamp }: FinalView, epoch: number): Promise<string | undefined> {
  const { closesAt } = revealWindowOf(chain, epoch);
  // Without confirmations, the block that makes it due need not be mined yet.
  const isAtHead = chain.deployment.config.keeper.confirmations === 0;
  const now = isAtHead ? Number(await nextTimestamp(chain.reader)) : timestamp;
  return now >= closesAt ? undefined : `epoch ${epoch} can be signed in ${durationText(closesAt - now)}.`;
}
