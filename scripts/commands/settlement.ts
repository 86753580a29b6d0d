import { type Address } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { openArchive } from "../keeper/archive/openArchive";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { readElectorate } from "../keeper/quorum/electorate";
import { type KnownAnswers } from "../keeper/quorum/gather";
import { maxSignedBytes, readSignedRepost, readSignedSettlement } from "../keeper/quorum/signedSettlement";
import { settleNextEpoch } from "../keeper/settle/settleEpoch";
import { repostVetoedEpoch } from "../keeper/settle/repostEpoch";
import { epochToSign, settlementStanding } from "../keeper/settle/settlementStanding";
import { describeStanding, standingJson } from "../show/describeQuorum";
import { describeOutcome, describeRepost, outcomeJson } from "../show/describeSettling";
import { chainOf } from "./context";
import { senderOf, writeSettlingForSafe } from "./drafts";
import { parseWhole } from "./parameters";
import { progressOnStderr } from "./progress";
import { type Runs } from "./table";

export const runs: Runs<"settlement", "sign"> = {
  async show({ epoch: epochText }, context) {
    const chain = await chainOf(context);
    const epoch = epochText === undefined ? (await epochToSign(chain)).epoch : parseWhole("epoch", epochText);
    const standing = await settlementStanding(chain, await openArchive(chain), epoch, progressOnStderr());
    return { json: standingJson(standing), text: describeStanding(standing) };
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
 * What validators signed, from files as `settlement sign` writes them.
 * @throws Error naming the file whose validator has no say in the epoch; RefusedInputError where it is of another kind.
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
    const { validator } = what === "repost" ? readSignedRepost(json, path) : readSignedSettlement(json, path);
    if (!signers.some((signer) => signer.validator === validator)) {
      throw new Error(`${path} is signed for ${validator}, which was not an active validator in epoch ${epoch}.`);
    }
    signatures.set(validator, json);
  }
  return signatures;
}
