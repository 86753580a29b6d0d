import { carriedInto } from "../keeper/settle/epochInputs";
import { toU16 } from "../core/consensus/fixed32";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { readSettledEpochs, rootOf, type SettledEpoch } from "../keeper/facts/settledEpochs";
import { type Connection } from "../chain/connection";
import { U16_MAX } from "../core/fixedPoint";

/** What consensus said of a miner: shares of 1 as u16; 65,535 is 1. */
export interface MinerStanding {
  readonly consensusU16: number;
  readonly incentiveU16: number;
}

/** What consensus said of a validator; the dividend is null under the stake rule. */
export interface ValidatorStanding {
  /** Null if it revealed no scores that others could support. */
  readonly validatorTrustU16: number | null;
  readonly dividendU16: number | null;
}

/** Standings by account in lower case. */
export interface LastStanding {
  /** The last settled epoch; null if there is none, or if its report is not known. */
  readonly epoch: number | null;
  /** Empty if no validator revealed: consensus then says nothing. */
  readonly miners: ReadonlyMap<string, MinerStanding>;
  readonly validators: ReadonlyMap<string, ValidatorStanding>;
}

/** What consensus said of everyone in the last settled epoch: from the archive, or computed again from the chain. */
export async function lastStanding(connection: Connection, archive: EpochArchive): Promise<LastStanding> {
  const settled = await readSettledEpochs(connection);
  const last = settled.at(-1);
  if (last === undefined) return unknownStanding;
  const epoch = settled.length - 1;
  if ((await archive.tree(epoch, rootOf(last))) === undefined) {
    await carriedInto(connection, archive, epoch + 1, settled);
  }
  return archivedStanding(archive, settled);
}

/** The same, from the archive alone: the epoch is also null if the archive lacks the last epoch's report. */
export function archivedStanding(archive: EpochArchive, settled: readonly SettledEpoch[]): LastStanding {
  const last = settled.at(-1);
  const epoch = settled.length - 1;
  if (last === undefined || !archive.holds(epoch, rootOf(last))) return unknownStanding;
  const { miners = [], validators = [] } = archive.standing(epoch) ?? {};
  const judged = validators.some(({ revealed }) => revealed) ? miners : [];
  return {
    epoch,
    miners: new Map(
      judged.map(({ account, consensus, incentive }) => [
        account,
        { consensusU16: u16(consensus), incentiveU16: u16(incentive) },
      ]),
    ),
    validators: new Map(
      validators.map(({ account, revealed, validatorTrust, dividend }) => [
        account,
        {
          validatorTrustU16: revealed ? u16(validatorTrust) : null,
          dividendU16: dividend === null ? null : u16(dividend),
        },
      ]),
    ),
  };
}

const unknownStanding: LastStanding = { epoch: null, miners: new Map(), validators: new Map() };

/** A u16 share of 1 as a percentage for people. */
export function formatU16(shareU16: number): string {
  return `${((shareU16 / U16_MAX) * 100).toFixed(2)} %`;
}

function u16(bits: string): number {
  return toU16(Number(bits));
}
