import { type Address, isAddressEqual } from "viem";
import { type Site } from "./action";
import { type Choice } from "./fields";
import { briefDecimal } from "../../show/amounts";
import { getJson } from "../api/getJson";

/** The epochs at which what is done now takes effect. */
export interface Boundaries {
  /** First epoch for which added stake counts. */
  readonly countsFrom: number;
  /** First epoch for which stake that is taken out no longer counts. */
  readonly leavesFrom: number;
  /** The epoch at whose start stake that is taken out now can be withdrawn. */
  readonly withdrawableFrom: number;
}

/** A validator, as somebody chooses one. */
export interface ValidatorOption {
  readonly validator: Address;
  readonly hasSeat: boolean;
  readonly isJailed: boolean;
  readonly totalWei: bigint;
  readonly commissionBps: number;
}

/** What the account has in one validator, its own included. */
export interface Position {
  readonly validator: Address;
  /** At stake, including what does not count yet. */
  readonly stakedWei: bigint;
  /** Taken out before, and to be had now. */
  readonly withdrawableWei: bigint;
  /** Taken out, and not to be had yet. */
  readonly exits: readonly { readonly withdrawableEpoch: bigint; readonly amountWei: bigint }[];
}

/** Reads in the block to come, as everything that will be sent runs in one. */
export const inNextBlock = { blockTag: "pending" } as const;

export async function readBoundaries({ contracts }: Site): Promise<Boundaries> {
  const { staking } = contracts;
  const [countsFrom, leavesFrom, withdrawableFrom] = await Promise.all([
    staking.read.addedCountsFrom(inNextBlock),
    staking.read.nextEpoch(inNextBlock),
    staking.read.withdrawableFrom(inNextBlock),
  ]);
  return {
    countsFrom: Number(countsFrom),
    leavesFrom: Number(leavesFrom),
    withdrawableFrom: Number(withdrawableFrom),
  };
}

/** Everybody who ever registered as a validator, those with most stake first. */
export async function readValidators({ contracts }: Site): Promise<readonly ValidatorOption[]> {
  const { validators } = await getJson<{ readonly validators: readonly { readonly validator: Address }[] }>(
    "/v1/validators",
  );
  const options = await Promise.all(
    validators.map(async ({ validator }) => {
      const { isSeated, isJailed, totalWei, commissionBps } = await contracts.staking.read.statusOf(
        [validator],
        inNextBlock,
      );
      return { validator, hasSeat: isSeated, isJailed, totalWei, commissionBps };
    }),
  );
  return options.toSorted((a, b) => Number(b.totalWei - a.totalWei));
}

/** Where the account has anything at stake or on its way out. */
export async function readPositions(site: Site, validators: readonly ValidatorOption[]): Promise<readonly Position[]> {
  const { staking } = site.contracts;
  const { account } = site;
  const countsFrom = await staking.read.addedCountsFrom(inNextBlock);
  const positions = await Promise.all(
    validators.map(async ({ validator }) => {
      const [stakedWei, withdrawableWei, exits] = await Promise.all([
        isAddressEqual(validator, account)
          ? staking.read.stakeAt([validator, countsFrom], inNextBlock)
          : staking.read.delegationAt([validator, account, countsFrom], inNextBlock),
        staking.read.withdrawableWei([validator, account], inNextBlock),
        staking.read.pendingExits([validator, account], inNextBlock),
      ]);
      return { validator, stakedWei, withdrawableWei, exits };
    }),
  );
  return positions.filter(
    ({ stakedWei, withdrawableWei, exits }) => stakedWei > 0n || withdrawableWei > 0n || exits.length > 0,
  );
}

/** The validators with a seat, as the choices of a list. */
export function validatorChoices(validators: readonly ValidatorOption[]): readonly Choice[] {
  return validators
    .filter(({ hasSeat }) => hasSeat)
    .map(({ validator, totalWei, commissionBps, isJailed }) => ({
      value: validator,
      label: `${shortAddress(validator)} · keeps ${commissionBps / 100} %${isJailed ? " · jailed" : ""} · ${briefDecimal(totalWei)} MDT`,
    }));
}

/** An address that is only to be told from others nearby. */
export function shortAddress(address: Address): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}
