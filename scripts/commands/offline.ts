/** Commands that need no chain: everything comes from a file. */
import { formatEther } from "viem";
import { computeEpoch } from "../core/computeEpoch";
import {
  EPOCH_EMISSION,
  readUidCases,
  runUidCase,
  type UidCaseResult,
  type UidEpochResult,
  type UidRow,
} from "../core/consensus/uidCase";
import { readEpochInputs } from "../core/epochInput/readEpochInput";
import { writeEpochResult } from "../core/epochInput/writeEpoch";
import { U16_MAX } from "../core/fixedPoint";
import { noProgress } from "../core/progress";
import { buildRewardTree } from "../core/rewardTree/buildRewardTree";
import { parseDomain } from "../core/rewardTree/rewardJson";
import { readJsonFile } from "../keeper/archive/jsonFile";
import { readRewards, saveRewardTree } from "../keeper/archive/treeFile";
import { accountsIn } from "../keeper/compute/computeSettlement";
import { openParallelHasher } from "../keeper/compute/parallelHasher";
import { describeEpoch } from "../show/describeEpoch";
import { renderTable } from "../show/table";
import { progressOnStderr } from "./terminal";
import { type Run, type Runs } from "./table";
import { basename } from "node:path";
import { checkNetworkConfig, configFileOf, readConfigFile } from "../config/loadNetworkConfig";
import reference from "../config/reference.json";
import scenario from "../lab/simulator/scenarios/calm.json";

export const preview: Run<"epoch", "preview"> = ({ input }) =>
  Promise.resolve(previewEpochs(input, progressOnStderr()));

export const consensus: Run<"score", "consensus"> = ({ input }) => Promise.resolve(consensusCases(input));

export const tree: Run<"rewards", "tree"> = async ({ input, chainId, treasury, out }) => {
  const onProgress = progressOnStderr();
  const domain = parseDomain(chainId, treasury);
  const rewards = await readRewards(input, onProgress);
  const built = await buildRewardTree(domain, rewards, (count) => openParallelHasher(count, onProgress));
  if (out !== undefined) await saveRewardTree(built, out, onProgress);
  const { root, list } = built;
  const text = `root ${root}\n${list.count} ${list.count === 1 ? "leaf" : "leaves"}, ${formatEther(list.totalWei)} MDT in all`;
  return { json: { root, leaves: list.count, totalWei: list.totalWei }, text };
};

/**
 * Computes the epoch, or the array of epochs, in a file. `json` is one result or a list of them, `text` is for people;
 * each is made when it is read.
 *
 * @throws UnreadableFileError, RefusedInputError
 */
export function previewEpochs(path: string, onProgress = noProgress) {
  const inputs = readEpochInputs(readJsonFile(path));
  const epochs = [inputs].flat().map((epoch) => {
    onProgress(`accounts in the inputs of epoch ${epoch.epoch}`, 0, accountsIn(epoch));
    return { inputs: epoch, result: computeEpoch(epoch) };
  });
  return {
    get json(): unknown {
      const written = epochs.map(({ result }) => writeEpochResult(result));
      return Array.isArray(inputs) ? written : written[0]!;
    },
    get text() {
      return epochs.map((epoch) => describeEpoch(epoch.inputs, epoch.result)).join("\n\n");
    },
  };
}

/**
 * Runs Yuma consensus over the case, or the array of cases, in a file; `json` is always a list.
 *
 * @throws UnreadableFileError, RefusedInputError
 */
export function consensusCases(path: string) {
  const results = readUidCases(readJsonFile(path)).map(runUidCase);
  return {
    json: results,
    // Made only when it is read: a table of thousands of uids takes longer than their consensus.
    get text() {
      return results.flatMap(describeCase).join("\n\n");
    },
  };
}

function describeCase({ name, epochs }: UidCaseResult): readonly string[] {
  return epochs.map((epoch, number) => `${name}, epoch ${number}\n${describeUidEpoch(epoch)}`);
}

/** One line per uid: shares in percent, bonds as uid:u16. */
function describeUidEpoch(epoch: UidEpochResult): string {
  const { consensusU16, incentiveU16, validatorTrustU16, dividendsU16, emission, bondsU16 } = epoch;
  const shares = [consensusU16, incentiveU16, validatorTrustU16, dividendsU16];
  const rows = emission.map((part, uid) => [
    String(uid),
    ...shares.map((share) => percent(share[uid]!, U16_MAX)),
    percent(part, EPOCH_EMISSION),
    describeBonds(bondsU16[uid]!),
  ]);
  return renderTable([">uid", ">consensus", ">incentive", ">trust", ">dividends", ">emission", "bonds"], rows);
}

function describeBonds(bonds: UidRow): string {
  return Object.entries(bonds)
    .map(([uid, bond]) => `${uid}:${bond}`)
    .join(" ");
}

function percent(part: number, whole: number): string {
  return `${((part * 100) / whole).toFixed(2)} %`;
}

export const config: Runs<"config"> = {
  check({ file }, { network = "local" }) {
    const name = file === undefined ? network : basename(file, ".json");
    const { problems } = checkNetworkConfig(name, readConfigFile(name, file ?? configFileOf(name)));
    const fits = `Configuration "${name}" is valid: every field is present, and the values are consistent.`;
    return Promise.resolve({
      json: { network: name, problems },
      text: problems.length === 0 ? fits : problems.join("\n"),
      exitCode: problems.length === 0 ? 0 : 1,
    });
  },

  template({ scenario: isScenario }) {
    const toFillIn = { name: "", currency: { name: "", symbol: "" } };
    const json = isScenario ? scenario : { ...reference, chain: toFillIn, dao: "" };
    return Promise.resolve({ json, text: JSON.stringify(json, null, 2) });
  },
};
