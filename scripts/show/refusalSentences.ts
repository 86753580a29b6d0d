import { maxUint256 } from "viem";
import { nodeSentenceOf } from "../chain/nodeErrors";
import { roles } from "../chain/participants";
import { type RefusedError } from "../chain/transact";
import { formatExactMdt } from "./amounts";
import { momentOf } from "./moments";

type Values = readonly unknown[];

/** What a pause means to those who settle or claim. */
export const treasuryPaused =
  "The Treasury is paused: nobody can settle or claim until the pause ends. No rewards are lost.";

const mdt = (value: unknown): string => `${formatExactMdt(value as bigint)} MDT`;

/** What each custom error means to the person whose call it refused, and what helps. Values are in the error's order. */
const sentences: Readonly<Record<string, (values: Values) => string>> = {
  ERC20InsufficientBalance: ([, balanceWei, neededWei]) =>
    `The account has ${mdt(balanceWei)}, but this needs ${mdt(neededWei)}: choose a smaller amount, or get more MDT first.`,
  ERC20InsufficientAllowance: ([, allowanceWei, neededWei]) =>
    `The contract is allowed to spend only ${mdt(allowanceWei)} of the account's MDT, but this needs ${mdt(neededWei)}: try again, and approve it when your wallet asks.`,

  AccessControlUnauthorizedAccount: ([account, id]) => {
    const held = roles.filter((role) => role.id === id);
    const name = held[0]?.name;
    return name === undefined
      ? `${String(account)} lacks the required role ${String(id)}.`
      : `${String(account)} lacks the required role ${name} of ${held.map(({ contract }) => contract).join(", ")}: "npx mdt roles list" shows who has it, and an admin grants it with "npx mdt roles grant --role ${name} --account ${String(account)}".`;
  },
  NotGuardianOrAdmin: ([account]) =>
    `${String(account)} is neither guardian nor admin of the Treasury: "npx mdt roles list" shows who is, and an admin can grant the role with "npx mdt roles grant".`,

  ZeroAmount: () => "The amount is zero: enter an amount above zero.",
  NotAValidator: ([account]) =>
    `${String(account)} has no validator seat now: choose another validator or, if this is your account, register first.`,
  AlreadyRegistered: () => "The account is already a validator: add to its stake instead.",
  StakeBelowMinimum: ([stakeWei, minimumWei]) =>
    `${mdt(stakeWei)} would be the validator's own stake, less than the minimum of ${mdt(minimumWei)}: keep at least that, or unstake everything.`,
  StakeNotAboveSmallestSeat: ([, smallestSeatWei]) =>
    `All seats are taken, and the smallest holds ${mdt(smallestSeatWei)}: stake more than that to take it.`,
  AllSeatsSafe: ([firstEpoch]) =>
    `All seats are taken and protected until epoch ${String(firstEpoch)}: try again then.`,
  InsufficientStake: ([, , askedWei, stakedWei]) =>
    `The stake there is ${mdt(stakedWei)}, less than the ${mdt(askedWei)} requested: choose a smaller amount.`,
  InvalidRedelegation: () => "Only a delegation to another validator can be moved, not your own stake.",
  RedelegatedRecently: ([, , allowedEpoch]) =>
    `You recently moved stake to this validator: you can move it again from epoch ${String(allowedEpoch)}.`,
  RedelegationPending: ([, , arrivalEpoch]) =>
    `Stake that you are moving to this validator takes effect in epoch ${String(arrivalEpoch)}: try again then.`,
  TooManyDestinations: ([validator]) =>
    `Stake of ${String(validator)} has already moved to the maximum number of validators in this epoch: choose one of those, or wait for the next epoch.`,
  NothingToWithdraw: () =>
    "Nothing can be withdrawn there yet: unstaked tokens are paid out when the exit delay is over.",
  IndexExhausted: ([validator]) =>
    `${String(validator)} accepts no more stake, because slashes have left it almost none: choose another validator.`,
  PriceAboveMaximum: ([priceWei]) =>
    `The price has risen to ${mdt(priceWei)}, because someone else registered first: check the new price, then decide.`,
  CommissionAboveMaximum: ([, maximumBps]) =>
    `The commission may be at most ${Number(maximumBps) / 100} %: choose a smaller one.`,
  CommissionRiseTooSteep: ([fromBps, , maximumRiseBps]) =>
    `The commission is ${Number(fromBps) / 100} % and rises by at most ${Number(maximumRiseBps) / 100} points at a time: choose a smaller one.`,
  CommissionRiseTooSoon: ([, allowedEpoch]) =>
    `A commission can rise once in 30 epochs: the next rise can take effect in epoch ${String(allowedEpoch)}, so set it in the epoch before.`,
  StillJailed: ([, releasableEpoch]) =>
    `The validator can be active again in epoch ${String(releasableEpoch)} at the earliest: leave jail in the epoch before.`,
  OperatorTaken: ([operator, validator]) =>
    `${String(operator)} is already the operator of validator ${String(validator)}: choose another account.`,

  NotActiveValidator: ([account, epoch]) =>
    `${String(account)} is neither owner nor operator of a validator that is active in epoch ${String(epoch)}: new stake takes effect in the epoch after the next, and jail ends only on request.`,
  AlreadyCommitted: ([validator, epoch]) =>
    `${String(validator)} has already committed to other scores for epoch ${String(epoch)}, and a commitment can't change: reveal those.`,

  SoloTooEarly: ([epoch, allowedFrom]) =>
    `Epoch ${String(epoch)} needs the signatures of a quorum; the keeper may settle alone from ${momentOf(Number(allowedFrom)).text}.`,
  QuorumMissing: ([signedWei, neededWei]) =>
    neededWei === maxUint256
      ? "The epoch's active stake is below the quorum's floor: only the keeper can settle it."
      : `Validators with ${mdt(signedWei)} have signed, but the quorum needs ${mdt(neededWei)}: get more signatures.`,
  NotASigner: ([validator, , epoch]) =>
    `${String(validator)} was not active in epoch ${String(epoch)}, or is at another position in that epoch's list: omit its signature.`,
  WrongSignature: ([validator, operator]) =>
    `The signature for ${String(validator)} was not made by its operator ${String(operator)} for this settlement: ask for it again, or omit it.`,
  RepostUsed: () => "The guardian has vetoed this same repost: validators must sign another one.",

  TreasuryPaused: () => treasuryPaused,
  GuardianMustRest: ([allowedFrom]) =>
    `The guardian paused recently and may pause again from ${momentOf(Number(allowedFrom)).text}: veto the pending root, and ask the admin to pause if a wrong root can be claimed against.`,
  LastAdmin: ([admin]) =>
    `${String(admin)} is the only admin, and without one nobody could ever change a role again: grant the role to another account first.`,
  RootNotClaimable: () =>
    "This proof is outdated, because a newer epoch was settled meanwhile. Check what you can claim now, then decide.",
  NothingToClaim: () => "There is nothing to claim: all rewards have been paid, perhaps a moment ago.",
  InvalidRecipient: () => "Rewards can't be paid to the Treasury itself: choose another recipient.",

  UnknownMiner: ([minerId]) => `There is no miner ${String(minerId)}: choose one from the list.`,
  UnknownTaskType: ([typeId]) => `There is no task type ${String(typeId)}: choose one from the list.`,
  TaskTypeClosed: () => "Tasks of this type are no longer accepted: choose another type.",
  FeeBelowMinimum: ([, , minimumWei]) => `A task of this type costs at least ${mdt(minimumWei)}: raise the fee.`,
  DeadlineNotInFuture: () => "The deadline has already passed: give the miner more time.",
  DeadlineTooFar: () => "A task may take 30 days at most: choose an earlier deadline.",
  DeadlineBeforeMinerActive: () =>
    "The miner becomes active only after the deadline: give it more time, or choose another miner.",

  MinerAlreadyRegistered: ([, minerId]) => `The account is already miner ${String(minerId)}: it can complete tasks.`,
  MinerNotActive: ([, activeFromEpoch]) =>
    `The miner may complete tasks from epoch ${String(activeFromEpoch)}: wait until it begins.`,
  TaskNotOpen: ([taskId]) => `Task ${String(taskId)} is already completed or refunded: see it under Tasks.`,
  DeadlinePassed: ([taskId]) =>
    `The deadline of task ${String(taskId)} has passed: it can no longer be completed, and its client can reclaim the fee.`,
  ProofRequired: ([taskId, typeId]) =>
    `Task ${String(taskId)} is of type ${String(typeId)}, which requires proofs: complete it with a proof.`,
  ProofRefused: ([taskId]) =>
    `The verifier rejects the proof of task ${String(taskId)}: make one for exactly this task, input and result with "task prove".`,
  DeadlineNotReached: ([taskId, deadline]) =>
    `The miner of task ${String(taskId)} has until ${momentOf(Number(deadline)).text}: try again then.`,
  NotJailed: () => "The validator is not in jail.",
  EndpointTooLong: ([, maximum]) => `An endpoint can have at most ${String(maximum)} bytes: choose a shorter one.`,

  Reverted: () =>
    "The transaction was mined but reverted, because the chain had changed meanwhile. You paid only gas: check again, then decide.",
};

/** The names of the errors that have a sentence of their own. */
export const explainedErrors: readonly string[] = Object.keys(sentences);

/**
 * A contract's refusal as a sentence that says what helps; an error without a sentence is named with all its values.
 */
export function refusalSentence({ errorName, values, message }: RefusedError): string {
  return sentences[errorName]?.(values) ?? `${inMdt(message)} Nothing was changed.`;
}

/** A message with its amounts in wei, like "stakeWei 5", changed to MDT. */
function inMdt(message: string): string {
  return message.replaceAll(/(\w+)Wei (\d+)\b/g, (_match, name: string, wei: string) => `${name} ${mdt(BigInt(wei))}`);
}

/**
 * The first line of an error: the node's own words, else viem's shorter message for people, else the error's message.
 */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { shortMessage } = error as { shortMessage?: unknown };
  const message = nodeSentenceOf(error) ?? (typeof shortMessage === "string" ? shortMessage : error.message);
  return message.split("\n")[0] ?? message;
}
