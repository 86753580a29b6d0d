/** What keeps a computed epoch from being signed, and how a human can have it signed anyway. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseUnits } from "viem";
import { type Connection } from "../../chain/connection";
import { writeWhole } from "../archive/textFile";
import { type SettledEpoch } from "../facts/settledEpochs";
import { SettlementDiffersError } from "../settle/epochInputs";
import { type PreparedSettlement } from "../settle/settleEpoch";
import { recentEpochs, sanityOf } from "./sanity";

/** Why an epoch is not signed. */
export interface Objection {
  /** What was found, without a full stop. */
  readonly reason: string;
  /** Whether it is signed once a human has accepted the epoch. */
  readonly mayBeAccepted: boolean;
}

/**
 * What the last check before signing finds wrong with a settlement; undefined if it is to be signed.
 * @param settled Every settled epoch, in order.
 * @param acceptedEpoch The epoch that a human has accepted: it is signed however much it burns.
 */
export function objectionTo(
  { epoch, before, computed }: PreparedSettlement,
  { deployment }: Pick<Connection, "deployment">,
  settled: readonly SettledEpoch[],
  acceptedEpoch: number | undefined,
): Objection | undefined {
  const sanity = sanityOf({
    settlement: computed.settlement,
    before: before.cumulative,
    after: computed.carried.cumulative,
    baseRewardWei: computed.collected.baseRewardWei,
    halvingIntervalEpochs: computed.collected.halvingIntervalEpochs,
    settled: settled.slice(-recentEpochs).map(({ settlement }) => settlement),
    maxJumpFactorWad: parseUnits(String(deployment.config.keeper.maxJumpFactor), 18),
  });
  const mayBeAccepted = sanity.kind === "unusual";
  if (sanity.kind === "sound" || (mayBeAccepted && acceptedEpoch === epoch)) return undefined;
  return { reason: sanity.reason, mayBeAccepted };
}

/** The computed value; or an objection if an earlier epoch's wrong root is alive, because nothing honest follows it. */
export async function unlessDifferent<T>(compute: () => Promise<T>): Promise<T | Objection> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof SettlementDiffersError)) throw error;
    return { reason: error.message.replace(/\.$/, ""), mayBeAccepted: false };
  }
}

const fileIn = (directory: string): string => join(directory, "accepted-epoch");

/** Makes the keeper with this data directory sign this epoch, and no other that looks unusual. @returns The file. */
export async function acceptEpoch(directory: string, epoch: number): Promise<string> {
  const file = fileIn(directory);
  await writeWhole(file, [`${epoch}\n`]);
  return file;
}

/**
 * The epoch that was accepted last; undefined if none was, or if the file can't be read: then no unusual epoch is
 * signed.
 */
export function acceptedEpochIn(directory: string): number | undefined {
  try {
    const text = readFileSync(fileIn(directory), "utf8");
    return /^\d+\n$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}
