import { renderTable } from "../show/table";
import {
  EPOCH_EMISSION,
  readUidCases,
  runUidCase,
  type UidCaseResult,
  type UidEpochResult,
  type UidRow,
} from "../core/consensus/uidCase";
import { readJsonFile } from "../keeper/archive/readJsonFile";
import { U16_MAX } from "../core/fixedPoint";

/** Consensus over the cases of a file, for programs and for people. */
export interface ConsensusCases {
  /** A list, also where the file holds a single case. */
  readonly json: readonly UidCaseResult[];
  readonly text: string;
}

/**
 * Runs Yuma consensus over the case, or the array of cases, in a file.
 *
 * @throws UnreadableFileError, RefusedInputError
 */
export function consensusCases(path: string): ConsensusCases {
  const results = readUidCases(readJsonFile(path)).map(runUidCase);
  return {
    json: results,
    // Written only where it is asked for: a table of thousands of uids takes longer than their consensus.
    get text() {
      return results.flatMap(describeCase).join("\n\n");
    },
  };
}

function describeCase({ name, epochs }: UidCaseResult): readonly string[] {
  return epochs.map((epoch, number) => `${name}, epoch ${number}\n${describeEpoch(epoch)}`);
}

/** One line per uid: shares in percent, bonds as uid:u16. */
function describeEpoch(epoch: UidEpochResult): string {
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
