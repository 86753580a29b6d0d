/** Registering as a validator, and a validator's terms: commission, operator, the end of its jail. */
import { type Address, parseEventLogs, zeroAddress, isAddressEqual } from "viem";
import { parseAccount } from "viem/utils";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { formatExactMdt } from "../show/amounts";
import {
  perform,
  performPlanned,
  type Performed,
  siteOf,
  balanceAfter,
  epochStartWords,
  inNextBlock,
  type Outcome,
  payingCall,
  type Planned,
  type Site,
  nothing,
  planCall,
} from "./plan";
import { exitRule, readStakeEpochs } from "./stakes";

/** The signer acts for no validator. */
export class NotAValidatorError extends Error {
  override readonly name = "NotAValidatorError";
}

/**
 * The validator for which the signer acts, as its owner or as its operator.
 * @throws NotAValidatorError if there is none.
 */
export async function validatorOf({ contracts }: Connection, signer: Signer): Promise<Address> {
  const { address } = parseAccount(signer);
  const validator = await contracts.staking.read.validatorOf([address]);
  if (validator !== zeroAddress) return validator;
  throw new NotAValidatorError(`${address} is neither a validator nor a validator's operator.`);
}

export type RegisterFacts = Awaited<ReturnType<typeof readRegisterFacts>>;

/** What registering depends on; the price falls over time, and rises with each registration. */
export async function readRegisterFacts(site: Site) {
  const { token, staking, stakingLens } = site.contracts;
  const [epochs, balanceWei, { isSeated, ownWei, commissionBps }, priceWei, minimumStakeWei] = await Promise.all([
    readStakeEpochs(site),
    token.read.balanceOf([site.account], inNextBlock),
    stakingLens.read.statusOf([site.account], inNextBlock),
    staking.read.registrationPriceWei(inNextBlock),
    staking.read.minimumStakeWei(),
  ]);
  return { ...epochs, balanceWei, hasSeat: isSeated, ownWei, commissionBps, priceWei, minimumStakeWei };
}

/** The terms on which a validator registers. */
export interface Registration {
  /** Own stake, at least the network's minimum. */
  readonly stakeWei: bigint;
  readonly commissionBps: number;
  /** The operator, the key for daily work; by default the account's own. */
  readonly operator?: Address | undefined;
}

/** What a validator must do in each epoch, and with which programs: a closed browser reveals nothing. */
export const scoringDuty =
  'A validator commits and reveals scores in every epoch. The page can\'t do that, since a closed browser reveals nothing: run a node ("npx mdt validator start"), or use "score commit" and "score reveal". Three missed reveals within eight epochs cost 1 % of the stake and mean jail once anyone reports them.';

/** What registering cost, and the first epoch for which the stake counts. */
export interface RegisteredValidator extends Outcome {
  readonly priceWei: bigint;
  readonly countsFrom: number;
}

/** Takes a seat as a validator; nothing changes if the account already has one. */
export function planRegister(
  { contracts, clock, account }: Site,
  facts: RegisterFacts,
  { stakeWei, commissionBps, operator = account }: Registration,
): Planned<RegisteredValidator> {
  const { balanceWei, hasSeat, priceWei, countsFrom } = facts;
  if (hasSeat) return nothing("You are already a validator: add to your stake instead.");
  const { staking } = contracts;
  const args = [operator, commissionBps, stakeWei, priceWei] as const;
  return {
    kind: "plan",
    plan: {
      ...payingCall({ ...staking, functionName: "registerValidator", args }, stakeWei + priceWei),
      statements: [
        `You become a validator with ${formatExactMdt(stakeWei)} MDT of your own, and keep ${commissionBps / 100} % of your delegators' rewards.`,
        `Registering costs at most ${formatExactMdt(priceWei)} MDT, which are recycled into rewards.`,
        `Your stake takes effect in ${epochStartWords(clock, countsFrom)}.`,
        scoringDuty,
        exitRule(facts),
        balanceAfter(balanceWei, stakeWei + priceWei),
      ],
      outcomeOf: (logs) => {
        const [registered] = parseEventLogs({ abi: staking.abi, eventName: "ValidatorRegistered", logs: [...logs] });
        const paidWei = registered?.args.priceWei ?? priceWei;
        const sentence = `You are a validator with ${formatExactMdt(stakeWei)} MDT at stake; registering cost ${formatExactMdt(paidWei)} MDT. Your stake takes effect in epoch ${countsFrom}.`;
        return { priceWei: paidWei, countsFrom, sentence };
      },
    },
  };
}

/** The state of a validator that is registered already. */
interface StandingValidator {
  readonly kind: "alreadyRegistered";
  readonly ownWei: bigint;
  readonly commissionBps: number;
  /** First epoch, from the running one on, for which it counts; null if it is jailed, or has too little stake. */
  readonly countsFrom: number | null;
}

/** Registers a signer as a validator. @returns The validator's state if it is registered already. */
export async function registerValidator(
  connection: Connection,
  signer: Signer,
  registration: Registration,
): Promise<({ readonly kind: "registered" } & Performed<RegisteredValidator>) | StandingValidator> {
  const site = siteOf(connection, signer);
  const facts = await readRegisterFacts(site);
  const planned = planRegister(site, facts, registration);
  if (planned.kind === "plan") {
    return { kind: "registered", ...(await perform(connection, signer, planned.plan)) };
  }
  const { ownWei, commissionBps, leavesFrom: next } = facts;
  const epochs = [next - 1, next, next + 1].filter((epoch) => epoch >= 0);
  const { staking } = site.contracts;
  const isActive = await Promise.all(epochs.map((epoch) => staking.read.isActive([site.account, BigInt(epoch)])));
  const countsFrom = epochs[isActive.indexOf(true)] ?? null;
  return { kind: "alreadyRegistered", ownWei, commissionBps, countsFrom };
}

/** The terms of the validator for which the account acts, as its owner or as its operator. */
export interface Terms {
  readonly validator: Address;
  readonly operator: Address;
  readonly isSeated: boolean;
  readonly isJailed: boolean;
  /** First epoch in which it may be active again. */
  readonly releasableEpoch: bigint;
  /** From the next epoch on. */
  readonly commissionBps: number;
  /** The epoch from which changes made now hold. */
  readonly nextEpoch: number;
}

/** @returns Null if the account acts for no validator. */
export async function readTerms({ contracts, account }: Site): Promise<Terms | null> {
  const { staking, stakingLens } = contracts;
  const validator = await staking.read.validatorOf([account], inNextBlock);
  if (validator === zeroAddress) return null;
  const [status, nextEpoch] = await Promise.all([
    stakingLens.read.statusOf([validator], inNextBlock),
    staking.read.nextEpoch(inNextBlock),
  ]);
  return { ...status, validator, nextEpoch: Number(nextEpoch) };
}

/** Changes the part of its delegators' rewards that the validator keeps; only its owner may. */
export function planSetCommission({ contracts, clock }: Site, terms: Terms, commissionBps: number): Planned {
  const { validator, commissionBps: before, nextEpoch } = terms;
  const percent = `${commissionBps / 100} %`;
  if (before === commissionBps) return nothing(`The commission of ${validator} is already ${percent}.`);
  return planCall(
    { ...contracts.staking, functionName: "setCommission", args: [commissionBps] },
    [
      `Your commission changes from ${before / 100} to ${percent} of your delegators' rewards.`,
      `It takes effect in ${epochStartWords(clock, nextEpoch)}.`,
      ...(commissionBps > before
        ? ["After that you can't raise it again for 30 epochs. You can lower it at any time."]
        : []),
    ],
    `Your commission will be ${percent} from epoch ${nextEpoch}.`,
  );
}

/** Names the operator, the key for the validator's daily work; only its owner may. */
export function planSetOperator({ contracts, account }: Site, current: Address, operator: Address): Planned {
  if (isAddressEqual(current, operator)) return nothing(`${operator} is already the operator.`);
  const isSelf = isAddressEqual(operator, account);
  return planCall(
    { ...contracts.staking, functionName: "setOperator", args: [operator] },
    [
      isSelf
        ? `From now on only you act for your validator; ${current} no longer can.`
        : `From now on ${operator} scores, produces slots and leaves jail for your validator.`,
      "It can't move money: stake and rewards stay yours, and you can name another key at any time.",
    ],
    `${isSelf ? "You act" : `${operator} acts`} for your validator from now on.`,
  );
}

/** Takes the validator out of jail. */
export function planUnjail({ contracts, clock }: Site, { validator, isJailed, nextEpoch }: Terms): Planned {
  if (!isJailed) return nothing(`${validator} is not jailed.`);
  return planCall(
    { ...contracts.staking, functionName: "unjail", args: [] },
    [
      `Validator ${validator} is active again from ${epochStartWords(clock, nextEpoch)}.`,
      "From then on it must reveal scores in every epoch.",
    ],
    `${validator} leaves jail in epoch ${nextEpoch}.`,
  );
}

/** The signer's validator, and whether anything had to be sent. */
export interface TermsOutcome {
  readonly validator: Address;
  readonly changed: boolean;
}

/** Sets the commission of the signer's validator from the next epoch on; the signer must be its owner. */
export function setCommission(connection: Connection, signer: Signer, commissionBps: number): Promise<TermsOutcome> {
  return change(connection, signer, (site, terms) => planSetCommission(site, terms, commissionBps));
}

/** Names the operator of the signer's validator; the signer must be its owner. */
export function setOperator(connection: Connection, signer: Signer, operator: Address): Promise<TermsOutcome> {
  return change(connection, signer, (site, terms) => planSetOperator(site, terms.operator, operator));
}

/** Takes the signer's validator out of jail from the next epoch on. */
export function unjail(connection: Connection, signer: Signer): Promise<TermsOutcome> {
  return change(connection, signer, planUnjail);
}

/** @throws NotAValidatorError if the signer acts for no validator. */
async function change(
  connection: Connection,
  signer: Signer,
  planOf: (site: Site, terms: Terms) => Planned,
): Promise<TermsOutcome> {
  const site = siteOf(connection, signer);
  const validator = await validatorOf(connection, signer);
  const planned = planOf(site, (await readTerms(site))!);
  const { transactionHash } = await performPlanned(connection, signer, planned);
  return { validator, changed: transactionHash !== null };
}
