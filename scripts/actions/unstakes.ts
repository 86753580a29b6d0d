import { type Address, isAddressEqual, maxUint256, parseEventLogs } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { shortHex } from "../show/bytes";
import { formatExactMdt } from "../show/amounts";
import { type Position, readPositions } from "../views/accounts";
import { readAutoStake } from "./claim";
import { perform, type Performed, siteOf, callOf, epochStartWords, type Outcome, type Plan, type Site } from "./plan";
import {
  jailWarning,
  readStakeEpochs,
  readValidators,
  type StakeEpochs,
  stakeOn,
  type ValidatorOption,
} from "./stakes";

/** The amount that takes all stake there is, so that neither an earlier slash nor an earlier gift can spoil it. */
export const everything = maxUint256;

/** What taking stake out depends on. */
export interface StakesFacts extends StakeEpochs {
  /** The validator with whom the account's rewards are staked; the zero address if they are paid out. */
  readonly autoStake: Address;
  readonly positions: readonly Position[];
}

/** The account's stake on each of `validators`, and when changes to it take effect. */
export async function readStakes(site: Site, validators: readonly Address[]): Promise<StakesFacts> {
  const [epochs, autoStake] = await Promise.all([readStakeEpochs(site), readAutoStake(site)]);
  const epoch = Math.max(0, epochs.countsFrom - 2);
  return { ...epochs, autoStake, positions: await readPositions(site.contracts, site.account, validators, epoch) };
}

/** The warning for leaving a validator with which rewards are still staked automatically. */
function instructionStays({ autoStake }: StakesFacts, validator: Address, leftWei: bigint): readonly string[] {
  if (leftWei > 0n || !isAddressEqual(autoStake, validator)) return [];
  return [`Your rewards are still staked with ${validator} when they are claimed, until you stop or change that.`];
}

/** "your own stake", or "your stake on" the validator in short, for a line that names several. */
export function shortStakeOn({ account }: Pick<Site, "account">, validator: Address): string {
  return isAddressEqual(validator, account) ? "your own stake" : `your stake on ${shortHex(validator)}`;
}

/** Stake that was taken out of a validator. */
export interface TakenStake extends Outcome {
  readonly amountWei: bigint;
  /** It can be withdrawn from the start of this epoch on, and slashed until then. */
  readonly withdrawableEpoch: number;
  /** Whether all its own stake was taken, so that the validator left together with its delegations. */
  readonly validatorLeft: boolean;
}

/**
 * Takes the account's stake out of a validator.
 * @param amountWei How much, or `everything`.
 */
export function planUnstake(site: Site, facts: StakesFacts, validator: Address, amountWei: bigint): Plan<TakenStake> {
  const { positions, leavesFrom, withdrawableFrom } = facts;
  const { staking } = site.contracts;
  const stakedWei = positions.find((position) => isAddressEqual(position.validator, validator))?.willCountWei ?? 0n;
  const plannedWei = amountWei === everything ? stakedWei : amountWei;
  const where = stakeOn(site, validator);
  const leaves =
    isAddressEqual(validator, site.account) && plannedWei === stakedWei
      ? [`You stop being a validator in epoch ${leavesFrom}, and stake delegated to you stops counting too.`]
      : [];
  return {
    call: callOf({ ...staking, functionName: "unstake", args: [validator, amountWei] }),
    payment: null,
    statements: [
      `You take ${formatExactMdt(plannedWei)} MDT out of ${where}; ${formatExactMdt(stakedWei - plannedWei)} MDT remain.`,
      ...leaves,
      `It still counts in the running epoch and stops counting in epoch ${leavesFrom}. Stake that does not count yet is taken first.`,
      `You can withdraw it from ${epochStartWords(site.clock, withdrawableFrom)}. Until then it can be slashed.`,
      ...instructionStays(facts, validator, stakedWei - plannedWei),
    ],
    outcomeOf: (logs) => {
      const [event] = parseEventLogs({ abi: staking.abi, eventName: ["Unstaked", "ValidatorLeft"], logs: [...logs] });
      const takenWei = event!.eventName === "Unstaked" ? event!.args.amountWei : stakedWei;
      const withdrawableEpoch = Number(event!.args.withdrawableEpoch);
      return {
        amountWei: takenWei,
        withdrawableEpoch,
        validatorLeft: event!.eventName === "ValidatorLeft",
        sentence: `You took ${formatExactMdt(takenWei)} MDT out of ${where}. You can withdraw it from epoch ${withdrawableEpoch}.`,
      };
    },
  };
}

/** Stake that was moved from one validator to another, and the first epoch for which it counts there. */
export interface MovedStake extends Outcome {
  readonly amountWei: bigint;
  readonly countsFrom: number;
}

/**
 * Moves the account's delegation from one validator to another.
 * @param amountWei How much, or `everything`.
 */
export function planRedelegate(
  site: Site,
  facts: StakesFacts,
  from: Address,
  target: Pick<ValidatorOption, "validator" | "commissionBps" | "isJailed">,
  amountWei: bigint,
): Plan<MovedStake> {
  const { staking } = site.contracts;
  const { positions, countsFrom } = facts;
  const { validator: to, commissionBps } = target;
  const stakedWei = positions.find(({ validator }) => isAddressEqual(validator, from))?.willCountWei ?? 0n;
  const plannedWei = amountWei === everything ? stakedWei : amountWei;
  const warnings = [...jailWarning(target), ...instructionStays(facts, from, stakedWei - plannedWei)];
  return {
    call: callOf({ ...staking, functionName: "redelegate", args: [from, to, amountWei] }),
    payment: null,
    statements: [
      `You move ${formatExactMdt(plannedWei)} MDT from validator ${from} to ${to}; ${formatExactMdt(stakedWei - plannedWei)} MDT remain.`,
      `It counts for the old validator until ${epochStartWords(site.clock, countsFrom)}, and for the new one from then on. The new one's commission is ${commissionBps / 100} %.`,
      "Until then it can be slashed with either validator, and you can't unstake from the new one. You can move it again after an exit delay.",
      ...warnings,
    ],
    outcomeOf: (logs) => {
      const [moved] = parseEventLogs({ abi: staking.abi, eventName: "Redelegated", logs: [...logs] });
      const movedWei = moved?.args.amountWei ?? plannedWei;
      const arrival = Number(moved?.args.arrivalEpoch ?? countsFrom);
      const sentence = `You moved ${formatExactMdt(movedWei)} MDT from ${from} to ${to}. It takes effect there in epoch ${arrival}.`;
      return { amountWei: movedWei, countsFrom: arrival, sentence: [sentence, ...warnings].join(" ") };
    },
  };
}

/** Pays out stake that the account took out of a validator earlier. */
export function planWithdraw(
  site: Site,
  { validator, withdrawableWei }: Pick<Position, "validator" | "withdrawableWei">,
): Plan<Outcome & { readonly amountWei: bigint }> {
  const { staking } = site.contracts;
  return {
    call: callOf({ ...staking, functionName: "withdraw", args: [validator] }),
    payment: null,
    statements: [
      `You are paid ${formatExactMdt(withdrawableWei)} MDT of ${shortStakeOn(site, validator)}.`,
      `Your balance grows by ${formatExactMdt(withdrawableWei)} MDT.`,
    ],
    outcomeOf: (logs) => {
      const [withdrawn] = parseEventLogs({ abi: staking.abi, eventName: "Withdrawn", logs: [...logs] });
      const amountWei = withdrawn?.args.amountWei ?? withdrawableWei;
      return { amountWei, sentence: `You were paid ${formatExactMdt(amountWei)} MDT.` };
    },
  };
}

/** A signer's stake on `validator` that is not leaving, wei. */
export async function stakedOn(connection: Connection, signer: Signer, validator: Address): Promise<bigint> {
  const { positions } = await readStakes(siteOf(connection, signer), [validator]);
  return positions[0]?.willCountWei ?? 0n;
}

/** Takes a signer's stake out of `validator`. @param amountWei How much, or `everything`. */
export async function unstake(
  connection: Connection,
  signer: Signer,
  validator: Address,
  amountWei: bigint,
): Promise<Performed<TakenStake>> {
  const site = siteOf(connection, signer);
  return perform(connection, signer, planUnstake(site, await readStakes(site, [validator]), validator, amountWei));
}

/** Moves a signer's delegation from one validator to another. @param amountWei How much, or `everything`. */
export async function redelegate(
  connection: Connection,
  signer: Signer,
  from: Address,
  to: Address,
  amountWei: bigint,
): Promise<Performed<MovedStake>> {
  const site = siteOf(connection, signer);
  const [facts, options] = await Promise.all([readStakes(site, [from]), readValidators(site, [to])]);
  return perform(connection, signer, planRedelegate(site, facts, from, options[0]!, amountWei));
}

/**
 * Pays a signer the withdrawable stake on `validator`.
 * @returns How much, wei; if there is none, 0, and nothing is sent.
 */
export async function withdraw(connection: Connection, signer: Signer, validator: Address): Promise<bigint> {
  const site = siteOf(connection, signer);
  const [position] = (await readStakes(site, [validator])).positions;
  if (position === undefined || position.withdrawableWei === 0n) return 0n;
  return (await perform(connection, signer, planWithdraw(site, position))).outcome.amountWei;
}
