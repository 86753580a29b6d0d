import { maxUint256 } from "viem";
import { nodeSentenceOf } from "../chain/nodeErrors";
import { roles } from "../chain/roles";
import { type RefusedError } from "../chain/transact";
import { formatExactMdt } from "./amounts";
import { momentOf } from "./moments";

type Values = readonly unknown[];

const mdt = (value: unknown): string => `${formatExactMdt(value as bigint)} MDT`;

/** What each custom error means to the person whose call it refused, and what helps. Values are in the error's order. */
const sentences: Readonly<Record<string, (values: Values) => string>> = {
  ERC20InsufficientBalance: ([, balanceWei, neededWei]) =>
    `The account has ${mdt(balanceWei)}, and ${mdt(neededWei)} are needed: choose a smaller amount, or get more MDT first.`,
  ERC20InsufficientAllowance: ([, allowanceWei, neededWei]) =>
    `The contract may take ${mdt(allowanceWei)} of the account's MDT, and ${mdt(neededWei)} are needed: try again and give the permission when your wallet asks.`,

  AccessControlUnauthorizedAccount: ([account, id]) => {
    const held = roles.filter((role) => role.id === id);
    const name = held[0]?.name;
    return name === undefined
      ? `${String(account)} lacks the role ${String(id)} that this takes.`
      : `${String(account)} lacks the role that this takes, ${name} of ${held.map(({ contract }) => contract).join(", ")}: "npx mdt roles list" shows who has it, and an admin gives it with "npx mdt roles grant --role ${name} --account ${String(account)}".`;
  },
  NotGuardianOrAdmin: ([account]) =>
    `${String(account)} is neither guardian nor admin of treasury: "npx mdt roles list" shows who is, and an admin names another with "npx mdt roles grant".`,

  ZeroAmount: () => "An amount of zero changes nothing: write one above zero.",
  NotAValidator: ([account]) =>
    `${String(account)} holds no seat as a validator now: choose another validator, or register first if it is you.`,
  AlreadyRegistered: () => "The account is a validator already: add to its stake instead.",
  StakeBelowMinimum: ([stakeWei, minimumWei]) =>
    `A validator's own stake is nothing or at least ${mdt(minimumWei)}, and ${mdt(stakeWei)} would be left: choose an amount that leaves enough, or take everything.`,
  StakeNotAboveSmallestSeat: ([, smallestSeatWei]) =>
    `All seats are taken, and the smallest holds ${mdt(smallestSeatWei)}: stake more than that to take it.`,
  AllSeatsSafe: ([firstEpoch]) =>
    `All seats are taken, and none of them can be taken over before epoch ${String(firstEpoch)}: come back then.`,
  InsufficientStake: ([, , askedWei, stakedWei]) =>
    `${mdt(stakedWei)} are at stake there, less than ${mdt(askedWei)}: choose a smaller amount.`,
  InvalidRedelegation: () =>
    "Only a delegation can be moved, from one validator to another that isn't you: your own stake stays with you.",
  RedelegatedRecently: ([, , allowedEpoch]) =>
    `Stake was moved to this validator not long ago: what you have there can be moved on from epoch ${String(allowedEpoch)}.`,
  RedelegationPending: ([, , arrivalEpoch]) =>
    `Stake is on its way to this validator: try again in epoch ${String(arrivalEpoch)}, when it has arrived.`,
  TooManyDestinations: ([validator]) =>
    `Stake of ${String(validator)} went to as many validators as it can in this epoch: choose one of those, or wait for the next.`,
  NothingToWithdraw: () => "Nothing can be withdrawn there yet: stake is paid out some epochs after it was taken out.",
  WornOut: ([validator]) =>
    `Slashes have left so little of ${String(validator)} that it takes no more stake: choose another validator.`,
  PriceAboveMaximum: ([priceWei]) =>
    `Somebody registered first, and the price has risen to ${mdt(priceWei)}: look at it again, then decide.`,
  CommissionAboveMaximum: ([, maximumBps]) =>
    `The commission may be at most ${Number(maximumBps) / 100} %: choose a smaller one.`,
  CommissionRiseTooSteep: ([fromBps, , maximumRiseBps]) =>
    `The commission is ${Number(fromBps) / 100} % and rises by at most ${Number(maximumRiseBps) / 100} points at a time: choose a smaller one.`,
  CommissionRiseTooSoon: ([, allowedEpoch]) =>
    `A commission rises at most once in 30 epochs: the next rise may take effect in epoch ${String(allowedEpoch)}, so ask for it in the epoch before.`,
  StillJailed: ([, releasableEpoch]) =>
    `The validator may be active again in epoch ${String(releasableEpoch)} at the earliest: ask for it in the epoch before.`,
  OperatorTaken: ([operator, validator]) =>
    `${String(operator)} acts for the validator ${String(validator)}: choose another account.`,

  NotActiveValidator: ([account, epoch]) =>
    `${String(account)} acts for no validator that is active in epoch ${String(epoch)}: new stake counts from the epoch after the next, and jail ends only on request.`,
  AlreadyCommitted: ([validator, epoch]) =>
    `${String(validator)} has committed to other scores for epoch ${String(epoch)}, and a commitment never changes: reveal those.`,

  SoloTooEarly: ([epoch, allowedFrom]) =>
    `A quorum of the validators settles epoch ${String(epoch)}; the keeper may do it alone from ${momentOf(Number(allowedFrom)).text}.`,
  QuorumMissing: ([signedWei, neededWei]) =>
    neededWei === maxUint256
      ? "All active stake of the epoch is too little for a quorum: the keeper settles it alone."
      : `Validators with ${mdt(signedWei)} have signed, and ${mdt(neededWei)} are needed: get more signatures.`,
  NotASigner: ([validator, , epoch]) =>
    `${String(validator)} was not active in epoch ${String(epoch)}, or stands elsewhere among those that were: leave its signature out.`,
  WrongSignature: ([validator, operator]) =>
    `The signature for ${String(validator)} is not one of ${String(operator)}, its operator, over these very data: ask for it again, or leave it out.`,
  RepostUsed: () => "This repost was made before and vetoed: validators sign another one.",

  TreasuryPaused: () =>
    "Claims are paused by the network's guardian. Nothing is lost: what was earned stays claimable when they go on.",
  GuardianMustRest: ([allowedFrom]) =>
    `The guardian paused not long ago, and may pause again from ${momentOf(Number(allowedFrom)).text}: veto what is still pending, and ask the admin to pause if something wrong can be claimed.`,
  LastAdmin: ([admin]) =>
    `${String(admin)} is the only admin, and without one nobody could ever change a role again: give the role to another first.`,
  RootNotClaimable: () =>
    "The network's rewards were settled anew meanwhile, so this proof no longer holds. Look at what you can claim now, then decide.",
  NothingToClaim: () => "There is nothing to claim: everything earned so far was paid, perhaps a moment ago.",
  InvalidRecipient: () => "The Treasury can't be paid its own rewards: choose another recipient.",

  UnknownMiner: ([minerId]) => `There is no miner ${String(minerId)}: choose one of the list.`,
  UnknownTaskType: ([typeId]) => `There is no task type ${String(typeId)}: choose one of the list.`,
  TaskTypeClosed: () => "Tasks of this type are no longer accepted: choose another type.",
  FeeBelowMinimum: ([, , minimumWei]) => `A task of this type costs at least ${mdt(minimumWei)}: raise the fee.`,
  DeadlineNotInFuture: () => "The deadline has passed while you decided: give the miner more time.",
  DeadlineTooFar: () => "A task may take 30 days at most: choose an earlier deadline.",
  DeadlineBeforeMinerActive: () =>
    "The miner starts working only after the deadline: give it more time, or choose another miner.",

  MinerAlreadyRegistered: ([, minerId]) => `The account is miner ${String(minerId)} already: it can complete tasks.`,
  MinerNotActive: ([, activeFromEpoch]) =>
    `The miner may complete tasks from epoch ${String(activeFromEpoch)} on: wait until it begins.`,
  TaskNotOpen: ([taskId]) => `Task ${String(taskId)} was completed or refunded before: look at it under Tasks.`,
  DeadlinePassed: ([taskId]) =>
    `The deadline of task ${String(taskId)} has passed: its client gets the fee back, and there is nothing left to do.`,
  ProofRequired: ([taskId, typeId]) =>
    `Task ${String(taskId)} is of type ${String(typeId)}, whose results are proven: complete it with a proof.`,
  ProofRefused: ([taskId]) =>
    `The verifier refuses the proof of task ${String(taskId)}: make one of this very input and result, for this task, with "task prove".`,
  DeadlineNotReached: ([taskId, deadline]) =>
    `The miner of task ${String(taskId)} still has until ${momentOf(Number(deadline)).text}: come back then.`,
  NotJailed: () => "The validator is not jailed, so there is nothing to leave.",
  EndpointTooLong: ([, maximum]) => `An endpoint has at most ${String(maximum)} bytes: choose a shorter one.`,

  Cancelled: () =>
    "The transaction was cancelled or replaced in your wallet, so this did not happen. You can try again.",
  Reverted: () =>
    "The transaction was mined, but the contract refused it, because the chain changed meanwhile. Only gas was spent: look again, then decide.",
};

/** The names of the errors that have a sentence of their own. */
export const explainedErrors: readonly string[] = Object.keys(sentences);

/** A contract's refusal as a sentence with a way on; an error that has none is named with all its values. */
export function refusalSentence({ errorName, values, message }: RefusedError): string {
  return sentences[errorName]?.(values) ?? `${inMdt(message)} Nothing was changed.`;
}

/** Amounts that a message names in wei, as "stakeWei 5": in MDT. */
function inMdt(message: string): string {
  return message.replaceAll(/(\w+)Wei (\d+)\b/g, (_match, name: string, wei: string) => `${name} ${mdt(BigInt(wei))}`);
}

/** The first line of what an error says: a node's own words, or the shorter message made for people that viem's errors carry. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { shortMessage } = error as { shortMessage?: unknown };
  const message = nodeSentenceOf(error) ?? (typeof shortMessage === "string" ? shortMessage : error.message);
  return message.split("\n")[0] ?? message;
}
