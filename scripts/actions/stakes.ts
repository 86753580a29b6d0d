import { type Address, isAddressEqual } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { formatExactMdt } from "../show/amounts";
import { readProfile } from "../views/accounts";
import {
  perform,
  type Performed,
  siteOf,
  balanceAfter,
  epochStartWords,
  inNextBlock,
  payingCall,
  type Plan,
  type Site,
} from "./plan";

/** The epochs in which changes made now take effect. */
export interface StakeEpochs {
  /** First epoch for which added stake counts. */
  readonly countsFrom: number;
  /** First epoch for which stake unstaked now no longer counts. */
  readonly leavesFrom: number;
  /** The epoch from whose start stake unstaked now can be withdrawn. */
  readonly withdrawableFrom: number;
}

/** What to know before staking. */
export function exitRule({ withdrawableFrom }: Pick<StakeEpochs, "withdrawableFrom">): string {
  return `You can unstake it at any time. It then stops counting in the next epoch, and can be slashed with its validator until you can withdraw it, which is from epoch ${withdrawableFrom} if you unstake now.`;
}

/** A validator to choose. */
export interface ValidatorOption {
  readonly validator: Address;
  /** Its self-declared name; empty if it has none. */
  readonly name: string;
  readonly hasSeat: boolean;
  readonly isJailed: boolean;
  readonly totalWei: bigint;
  readonly commissionBps: number;
}

export async function readStakeEpochs({ contracts }: Site): Promise<StakeEpochs> {
  const { staking } = contracts;
  const epochs = await Promise.all([
    staking.read.addedCountsFrom(inNextBlock),
    staking.read.nextEpoch(inNextBlock),
    staking.read.withdrawableFrom(inNextBlock),
  ]);
  const [countsFrom, leavesFrom, withdrawableFrom] = epochs.map(Number) as [number, number, number];
  return { countsFrom, leavesFrom, withdrawableFrom };
}

/** The warning for staking with a jailed validator. */
export function jailWarning({
  validator,
  isJailed,
}: Pick<ValidatorOption, "validator" | "isJailed">): readonly string[] {
  return isJailed ? [`${validator} is jailed: stake with it earns nothing until it leaves jail.`] : [];
}

/** The current state of validators, those with most stake first. */
export async function readValidators({ contracts }: Site, validators: readonly Address[]) {
  const options = await Promise.all(
    validators.map(async (validator): Promise<ValidatorOption> => {
      const [status, profile] = await Promise.all([
        contracts.stakingLens.read.statusOf([validator], inNextBlock),
        readProfile({ contracts }, validator),
      ]);
      const { isSeated, isJailed, totalWei, commissionBps } = status;
      return { validator, name: profile?.name ?? "", hasSeat: isSeated, isJailed, totalWei, commissionBps };
    }),
  );
  return options.toSorted((a, b) => Number(b.totalWei - a.totalWei));
}

/** "your own stake", or "your stake on" the validator. */
export function stakeOn({ account }: Pick<Site, "account">, validator: Address): string {
  return isAddressEqual(validator, account) ? "your own stake" : `your stake on ${validator}`;
}

export type StakeFacts = Awaited<ReturnType<typeof readStakeFacts>>;

/** What adding stake depends on. */
export async function readStakeFacts(site: Site) {
  const { token, stakingLens } = site.contracts;
  const [epochs, balanceWei, { isSeated, ownWei }] = await Promise.all([
    readStakeEpochs(site),
    token.read.balanceOf([site.account], inNextBlock),
    stakingLens.read.statusOf([site.account], inNextBlock),
  ]);
  return { ...epochs, balanceWei, hasSeat: isSeated, ownWei };
}

/** Adds to the account's own stake as a validator. */
export function planStake({ contracts, clock }: Site, facts: StakeFacts, amountWei: bigint): Plan {
  const { balanceWei, ownWei, countsFrom } = facts;
  return {
    ...payingCall({ ...contracts.staking, functionName: "stake", args: [amountWei] }, amountWei),
    statements: [
      `You add ${formatExactMdt(amountWei)} MDT to your own stake. It will be ${formatExactMdt(ownWei + amountWei)} MDT.`,
      `It takes effect in ${epochStartWords(clock, countsFrom)}.`,
      exitRule(facts),
      balanceAfter(balanceWei, amountWei),
    ],
    outcomeOf: () => ({
      sentence: `You staked ${formatExactMdt(amountWei)} MDT, effective in epoch ${countsFrom}.`,
    }),
  };
}

/** Adds to the account's delegation to a validator. */
export function planDelegate(
  { contracts, clock }: Site,
  facts: StakeEpochs & Pick<StakeFacts, "balanceWei">,
  option: Pick<ValidatorOption, "validator" | "commissionBps" | "isJailed">,
  amountWei: bigint,
): Plan {
  const { balanceWei, countsFrom } = facts;
  const { validator, commissionBps } = option;
  return {
    ...payingCall({ ...contracts.staking, functionName: "delegate", args: [validator, amountWei] }, amountWei),
    statements: [
      `You stake ${formatExactMdt(amountWei)} MDT on validator ${validator}.`,
      `It takes effect in ${epochStartWords(clock, countsFrom)}, and earns its share of the validator's rewards after a commission of ${commissionBps / 100} %.`,
      ...jailWarning(option),
      exitRule(facts),
      balanceAfter(balanceWei, amountWei),
    ],
    outcomeOf: () => ({
      sentence: [
        `You staked ${formatExactMdt(amountWei)} MDT on ${validator}, effective in epoch ${countsFrom}.`,
        ...jailWarning(option),
      ].join(" "),
    }),
  };
}

/** Stakes for a signer who is a validator. */
export async function stake(connection: Connection, signer: Signer, amountWei: bigint): Promise<Performed> {
  const site = siteOf(connection, signer);
  return perform(connection, signer, planStake(site, await readStakeFacts(site), amountWei));
}

/** Delegates for a signer. */
export async function delegate(
  connection: Connection,
  signer: Signer,
  validator: Address,
  amountWei: bigint,
): Promise<Performed> {
  const site = siteOf(connection, signer);
  const [facts, options] = await Promise.all([readStakeFacts(site), readValidators(site, [validator])]);
  return perform(connection, signer, planDelegate(site, facts, options[0]!, amountWei));
}
