/** Claiming rewards, and the standing instructions on where they are paid or staked, no matter who claims them. */
import { type Address, type Hex, isAddressEqual, type Log, parseEventLogs, zeroAddress } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { formatExactMdt } from "../show/amounts";
import {
  performPlanned,
  siteOf,
  callOf,
  epochStartWords,
  inNextBlock,
  type Outcome,
  type Plan,
  type Planned,
  type Site,
  nothing,
  planCall,
} from "./plan";
import {
  exitRule,
  jailWarning,
  type StakeEpochs,
  stakeOn,
  type ValidatorOption,
  readStakeEpochs,
  readValidators,
} from "./stakes";

/** What an account has earned and was paid, in wei, with the proof that the Treasury takes. */
export interface RewardFacts {
  readonly account: Address;
  /** The last epoch that the claimable root includes; null while there is no such root. */
  readonly epoch: number | null;
  readonly cumulativeWei: bigint;
  readonly claimedWei: bigint;
  readonly proof: readonly Hex[];
}

/** What the account can claim now if claims are not paused. */
export function claimableWei({ cumulativeWei, claimedWei }: Pick<RewardFacts, "cumulativeWei" | "claimedWei">): bigint {
  return cumulativeWei > claimedWei ? cumulativeWei - claimedWei : 0n;
}

/** Where the account's rewards are paid: to itself, to an address that it chose, or to Staking if they are staked. */
export function readRecipient({ contracts }: Pick<Site, "contracts">, account: Address): Promise<Address> {
  return contracts.treasury.read.claimRecipientOf([account], inNextBlock);
}

/** A claim that was paid. */
export interface PaidOut extends Outcome {
  readonly paidWei: bigint;
}

/** Pays an account's claimable rewards to its recipient, no matter who sends the transaction. */
export function planClaim(
  { contracts, account: sender }: Site,
  rewards: RewardFacts & { readonly recipient: Address },
): Plan<PaidOut> {
  const { account, recipient, cumulativeWei, proof } = rewards;
  const isOwn = isAddressEqual(account, sender);
  const who = isOwn ? "You are" : `${account} is`;
  const isStaked = isAddressEqual(recipient, contracts.staking.address);
  const where = isAddressEqual(recipient, account) ? "" : ` The recipient is ${recipient}, as the account chose.`;
  const paid = `${who} paid ${formatExactMdt(claimableWei(rewards))} MDT: everything earned up to epoch ${rewards.epoch ?? 0}.`;
  return {
    call: callOf({ ...contracts.treasury, functionName: "claim", args: [account, cumulativeWei, proof] }),
    payment: null,
    statements: [
      isStaked
        ? `${paid} It is staked at once with the validator that the account chose, if that validator accepts stake.`
        : `${paid}${where}`,
      ...(isOwn ? [] : ["You only pay the gas."]),
    ],
    outcomeOf: (logs) => {
      const paidWei = paidIn(logs, contracts.treasury, account);
      const staked = isStaked ? stakedIn(logs, contracts.treasury, recipient) : "";
      return {
        paidWei,
        sentence: `${isOwn ? "You were" : `${account} was`} paid ${formatExactMdt(paidWei)} MDT${staked}.`,
      };
    },
  };
}

/** Stakes the account's claimable rewards on a validator, in the account's name. */
export function planClaimAndStake(
  site: Site,
  rewards: RewardFacts,
  epochs: StakeEpochs,
  option: Pick<ValidatorOption, "validator" | "isJailed">,
): Plan<PaidOut> {
  const { treasury } = site.contracts;
  const { validator } = option;
  const { cumulativeWei, proof } = rewards;
  const where = stakeOn(site, validator);
  return {
    call: callOf({ ...treasury, functionName: "claimAndStake", args: [cumulativeWei, proof, validator] }),
    payment: null,
    statements: [
      `${formatExactMdt(claimableWei(rewards))} MDT, everything you earned up to epoch ${rewards.epoch ?? 0}, are added to ${where}.`,
      `They take effect in ${epochStartWords(site.clock, epochs.countsFrom)}.`,
      ...jailWarning(option),
      exitRule(epochs),
      "Your balance does not change, and nothing is paid to a recipient that you have set.",
    ],
    outcomeOf: (logs) => {
      const paidWei = paidIn(logs, treasury, site.account);
      const sentence = `${formatExactMdt(paidWei)} MDT were added to ${where}. They take effect in epoch ${epochs.countsFrom}.`;
      return { paidWei, sentence: [sentence, ...jailWarning(option)].join(" ") };
    },
  };
}

/** What a claim paid according to its events, in wei. */
function paidIn(logs: readonly Log[], { abi }: Site["contracts"]["treasury"], account: Address): bigint {
  return parseEventLogs({ abi, eventName: "Claimed", logs: [...logs] })
    .filter(({ args }) => isAddressEqual(args.account, account))
    .reduce((sumWei, { args }) => sumWei + args.amount, 0n);
}

/** Says whether the paid rewards were staked: goes after the amount. */
function stakedIn(logs: readonly Log[], { abi }: Site["contracts"]["treasury"], staking: Address): string {
  const claims = parseEventLogs({ abi, eventName: "Claimed", logs: [...logs] });
  const isStaked = claims.some(({ args }) => isAddressEqual(args.recipient, staking));
  return isStaked ? ", which are staked" : ", because its chosen validator did not accept stake";
}

/**
 * Chooses where the account's rewards are paid; the account's own address removes an earlier choice.
 * @param current Where they are paid now.
 */
export function planSetRecipient({ contracts, account }: Site, current: Address, recipient: Address): Planned {
  if (isAddressEqual(recipient, current)) return nothing("Your rewards are already paid to this address.");
  const isSelf = isAddressEqual(recipient, account);
  const wasStaked = isAddressEqual(current, contracts.staking.address);
  const where = isSelf ? "your own address" : recipient;
  const warning =
    "Check the address letter by letter: payments to it can't be reversed. You can change the recipient at any time.";
  return planCall(
    {
      ...contracts.treasury,
      functionName: "setClaimRecipient",
      args: [isSelf ? zeroAddress : recipient],
    },
    [
      `From now on every claim pays your rewards to ${where}.`,
      ...(wasStaked ? ["They are no longer staked automatically."] : []),
      ...(isSelf ? [] : [warning]),
    ],
    `Your rewards are now paid to ${where}.`,
  );
}

/**
 * Chooses where a signer's rewards are paid; null means to itself.
 * @returns The recipient, and what happened, in words.
 */
export async function setRecipient(connection: Connection, signer: Signer, chosen: Address | null) {
  const site = siteOf(connection, signer);
  const recipient = chosen ?? site.account;
  const planned = planSetRecipient(site, await readRecipient(site, site.account), recipient);
  return { recipient, ...(await performPlanned(connection, signer, planned)) };
}

/** The validator with whom the account's rewards are staked; the zero address if they are paid out. */
export function readAutoStake({ contracts, account }: Site): Promise<Address> {
  return contracts.treasury.read.autoStakeValidatorOf([account], inNextBlock);
}

/**
 * Makes claims stake the account's rewards with a validator from now on.
 * @param current The validator with whom they are staked now; the zero address if they are paid out.
 * @param option The new validator; null pays them out again.
 */
export function planAutoStake(
  site: Site,
  current: Address,
  option: Pick<ValidatorOption, "validator" | "hasSeat" | "isJailed"> | null,
  epochs: StakeEpochs,
): Planned {
  const validator = option?.validator ?? zeroAddress;
  if (isAddressEqual(validator, current)) {
    const sentence =
      option === null ? "Your rewards are already paid to you." : "Your rewards are already staked there.";
    return nothing(sentence);
  }
  if (option?.hasSeat === false) return nothing(`${validator} is not a validator: choose one.`);
  const paid = "paid to you with every claim";
  const staked = `added to ${stakeOn(site, validator)} with every claim`;
  return planCall(
    { ...site.contracts.treasury, functionName: "setAutoStake", args: [validator] },
    option === null
      ? [`From now on your rewards are ${paid}.`]
      : [
          `From now on your rewards are ${staked}. This replaces any recipient that you have set.`,
          "If the validator is in jail or has left when someone claims, you are paid instead. You can stop this at any time.",
          ...jailWarning(option),
          exitRule(epochs),
        ],
    `Your rewards are now ${option === null ? paid : staked}.`,
  );
}

/** Makes claims stake a signer's rewards with `validator`; null pays them out again. @returns The outcome, in words. */
export async function autoStake(connection: Connection, signer: Signer, validator: Address | null) {
  const site = siteOf(connection, signer);
  const [current, epochs, options] = await Promise.all([
    readAutoStake(site),
    readStakeEpochs(site),
    readValidators(site, validator === null ? [] : [validator]),
  ]);
  return performPlanned(connection, signer, planAutoStake(site, current, options[0] ?? null, epochs));
}
