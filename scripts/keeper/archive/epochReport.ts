import { z } from "zod";
import { type Address, type Hex } from "viem";
import { type Bonds } from "../../core/assembleInputs";
import { type JsonObject } from "../../core/canonicalJson";
import { type ComputedEpoch } from "../compute/computeSettlement";
import { type EpochInputs } from "../../core/computeEpoch";
import { readEpochInput } from "../../core/epochInput/readEpochInput";
import { RefusedInputError } from "../../core/strictJson";
import { writeEpochInput, writeEpochResult } from "../../core/epochInput/writeEpoch";
import { rowFrom } from "../../core/consensus/sparseRow";

/**
 * An epoch's outcome and its reasons, as JSON: inputs, result and settlement, what consensus says about everyone, and
 * the bonds that the next epoch starts with. Wei and raw I32F32 bits are decimal strings, accounts lower case.
 */
export function writeReport({ collected, assembled, result, settlement }: ComputedEpoch): JsonObject {
  const { inputs, scored } = assembled;
  return {
    epoch: collected.epoch,
    inputs: writeEpochInput(inputs),
    result: writeEpochResult(result),
    settlement: Object.fromEntries(Object.entries(settlement).map(([field, value]) => [field, String(value)])),
    miners: collected.miners.map(({ account, completedTasks, feesWei, provenFeesWei }, index) => ({
      account,
      completedTasks,
      feesWei: feesWei.toString(),
      provenFeesWei: provenFeesWei.toString(),
      agreedScoreWad: inputs.miners[index]!.agreedScoreWad.toString(),
      consensus: scored.consensus[index]!.toString(),
      incentive: scored.incentive[index]!.toString(),
    })),
    validators: collected.validators.map(({ account, totalWei, payload }, index) => ({
      account,
      totalWei: totalWei.toString(),
      revealed: payload !== null,
      validatorTrust: scored.validatorTrust[index]!.toString(),
      dividend: scored.yuma?.dividends[index]?.toString() ?? null,
    })),
    bonds: writeBonds(assembled.bonds),
  };
}

const reportHead = z.looseObject({
  epoch: z.int(),
  settlement: z.looseObject({ rewardsRoot: z.string(), inputsHash: z.string() }),
});

/** A report as its file holds it. */
export type Report = z.output<typeof reportHead>;

/** Reads the file of a report; undefined if it is not the report of this epoch. */
export function readReport(json: unknown, epoch: number): Report | undefined {
  const { data } = reportHead.safeParse(json);
  return data?.epoch === epoch ? data : undefined;
}

const bitsText = z.string().regex(/^\d+$/);

const standing = z.object({
  miners: z.array(
    z.object({
      account: z.string(),
      completedTasks: z.int(),
      feesWei: bitsText,
      provenFeesWei: bitsText,
      agreedScoreWad: bitsText,
      consensus: bitsText,
      incentive: bitsText,
    }),
  ),
  validators: z.array(
    z.object({
      account: z.string(),
      totalWei: bitsText,
      revealed: z.boolean(),
      validatorTrust: bitsText,
      dividend: bitsText.nullable(),
    }),
  ),
});

/** What consensus said about everyone in an epoch. */
export type Standing = z.output<typeof standing>;

/** Reads what a report says about everyone; undefined if it isn't a report. */
export function readStanding(report: unknown): Standing | undefined {
  return standing.safeParse(report).data;
}

/** Reads the inputs that a report was computed from; undefined if it isn't a report. */
export function readReportInputs(report: unknown): EpochInputs | undefined {
  try {
    return readEpochInput((report as { readonly inputs?: unknown } | undefined)?.inputs);
  } catch (error) {
    if (error instanceof RefusedInputError) return undefined;
    throw error;
  }
}

/** Bonds in a file: pairs of a miner's id and its bond as u16, by validator. */
export const bondRowsSchema = z.array(
  z.strictObject({ account: z.string(), bondsU16: z.array(z.tuple([z.int().min(1), z.int()])) }),
);

/** Bonds as a file holds them. */
export function writeBonds(bonds: Bonds): readonly JsonObject[] {
  return [...bonds].map(([account, { columns, values }]) => ({
    account,
    bondsU16: Array.from(columns, (miner, k) => [miner + 1, values[k]!]),
  }));
}

/** Bonds from a file. */
export function bondsOf(rows: z.output<typeof bondRowsSchema>): Bonds {
  return new Map(
    rows.map(({ account, bondsU16 }) => [
      account as Address,
      rowFrom(bondsU16.map(([minerId, bond]) => [minerId - 1, bond] as const)),
    ]),
  );
}

const bondRows = z.object({
  epoch: z.int(),
  settlement: z.object({ rewardsRoot: z.string() }),
  bonds: bondRowsSchema,
});

/** Reads the bonds that a report hands to the next epoch; undefined if it is not the report of this epoch and root. */
export function readBonds(report: unknown, epoch: number, root: Hex): Bonds | undefined {
  const { data } = bondRows.safeParse(report);
  if (data?.epoch !== epoch || data.settlement.rewardsRoot !== root) return undefined;
  return bondsOf(data.bonds);
}
