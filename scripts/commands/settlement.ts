import { type Address } from "viem";
import { type Connection } from "../chain/connection";
import { signerOf } from "../chain/signer";
import { openArchive } from "../keeper/archive/openArchive";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { readElectorate } from "../keeper/quorum/electorate";
import { type KnownAnswers } from "../keeper/quorum/gather";
import { maxSignedBytes, readSignedSettlement } from "../keeper/quorum/signedSettlement";
import { settleNextEpoch, writeForSafe } from "../keeper/settle/settleEpoch";
import { settlementStanding } from "../keeper/settle/settlementStanding";
import { describeStanding, standingJson } from "../show/describeQuorum";
import { describeOutcome, outcomeJson } from "../show/describeSettling";
import { chainOf } from "./context";
import { parseWhole } from "./parameters";
import { progressOnStderr, tell } from "./progress";
import { type Runs } from "./table";

export const runs: Runs<"settlement", "sign"> = {
  async show({ epoch: epochText }, context) {
    const chain = await chainOf(context);
    const epoch = epochText === undefined ? await nextEpochOf(chain) : parseWhole("epoch", epochText);
    const standing = await settlementStanding(chain, await openArchive(chain), epoch, progressOnStderr());
    return { json: standingJson(standing), text: describeStanding(standing) };
  },

  async submit({ files, safe, from: sender }, context) {
    const chain = await chainOf(context);
    const signatures = await signaturesIn(chain, files?.split(",").map((path) => path.trim()) ?? []);
    const onProgress = progressOnStderr();
    const outcome = await settleNextEpoch(chain, await openArchive(chain), {
      signer: safe === undefined ? await signerOf(chain.reader, sender, process.env) : undefined,
      payRecipientsUpTo: chain.deployment.config.settlement.payRecipientsUpTo,
      signatures,
      onProgress,
    });
    if (safe !== undefined && outcome.kind === "ready") {
      await writeForSafe(chain, outcome, safe);
      tell(`The signed settlement of epoch ${outcome.epoch} is in ${safe}: any Safe can send it.`);
    }
    const exitCode = outcome.kind === "quorumMissing" ? 1 : 0;
    return { json: outcomeJson(outcome), text: describeOutcome(outcome), exitCode };
  },
};

const nextEpochOf = async ({ contracts }: Connection): Promise<number> =>
  Number(await contracts.treasury.read.nextEpochToSettle());

/**
 * What validators signed, from files as `settlement sign` writes them.
 * @throws Error naming the file whose validator has no say in the next epoch.
 */
async function signaturesIn(chain: Connection, paths: readonly string[]): Promise<KnownAnswers> {
  const signatures = new Map<Address, unknown>();
  if (paths.length === 0) return signatures;
  const epoch = await nextEpochOf(chain);
  const { signers } = await readElectorate(chain, epoch);
  for (const path of paths) {
    const json = readJsonFile(path, maxSignedBytes);
    const { validator } = readSignedSettlement(json, path);
    if (!signers.some((signer) => signer.validator === validator)) {
      throw new Error(`${path} is of ${validator}, which is none of the validators of epoch ${epoch}.`);
    }
    signatures.set(validator, json);
  }
  return signatures;
}
