import { z } from "@hono/zod-openapi";
import { address, epochNumber, hash, nextPart, seconds, time, wad, wei } from "./common";
import { U16_MAX } from "../../core/fixedPoint";

const shareU16 = z.int().min(0).max(U16_MAX).openapi({ description: "A share of 1, where 65,535 is 1" });

const standingEpoch = epochNumber
  .nullable()
  .openapi({ description: "The settled epoch whose consensus `standing` tells; null where its report is not here" });

const profile = z.strictObject({ name: z.string(), site: z.string(), contact: z.string() }).nullable().openapi({
  description:
    "Self-declared and unverified: plain text, never markup, without invisible characters; null if it has none",
});

const yearlyReturnWad = wad.nullable();

const record = z
  .strictObject({
    epochs: z
      .int()
      .openapi({ description: "How many of the last 30 settled epochs have passed since its stake first counted" }),
    activeEpochs: z.int().openapi({ description: "In how many of these it was active: not jailed, with enough stake" }),
    revealedEpochs: z.int().openapi({ description: "In how many of those it revealed its scores" }),
    missedEpochs: z.array(epochNumber).openapi({ description: "In which it did not" }),
    yearlyReturnWad: yearlyReturnWad.openapi({
      description:
        "What a token delegated to it earned in each of these epochs, on average, times the epochs of a year: measured after " +
        "commission, not compounded, an epoch without a reward as nothing; null where no report of them is here",
    }),
    commissions: z
      .array(z.strictObject({ epoch: epochNumber, commissionBps: z.int() }))
      .openapi({ description: "Every commission that it announced, and from which epoch on, oldest first" }),
  })
  .openapi({ description: "How it did in the last 30 settled epochs" });

/** Everybody who ever registered as a validator. */
export const validatorsAnswer = z
  .strictObject({
    standingEpoch,
    validators: z.array(
      z.strictObject({
        validator: address,
        profile,
        operator: address,
        status: z.enum(["active", "waiting", "jailed", "left"]),
        ownWei: wei,
        totalWei: wei,
        commissionBps: z.int(),
        lastRevealedEpoch: epochNumber.nullable(),
        awaitsReveal: z.boolean(),
        record,
        standing: z.strictObject({ validatorTrustU16: shareU16, dividendU16: shareU16.nullable() }).nullable(),
      }),
    ),
  })
  .openapi("Validators");

/** A page of the miners, and how each served its clients recently: tasks for its own account left out. */
export const minersAnswer = z
  .strictObject({
    standingEpoch,
    miners: z.array(
      z.strictObject({
        minerId: z.int(),
        account: address,
        activeFromEpoch: epochNumber,
        completedThisEpoch: z.int(),
        completedLastEpoch: z.int(),
        scoreWad: wad
          .nullable()
          .openapi({ description: "What validators agreed on, weighted by fees; null where it has no score yet" }),
        completedShareBps: z.int().nullable().openapi({
          description: "Fees of completed tasks out of those of completed and missed ones; null where it has neither",
        }),
        latencySeconds: seconds.nullable().openapi({ description: "From submission to completion, the median" }),
        priceWei: wei.nullable().openapi({ description: "Fees of completed tasks, the median" }),
        completedTasks: z.int(),
        missedTasks: z.int().openapi({ description: "Tasks whose deadline passed" }),
        openTasks: z.int().openapi({ description: "Tasks that it has to do now, of any type" }),
        standing: z.strictObject({ consensusU16: shareU16, incentiveU16: shareU16 }).nullable(),
      }),
    ),
    count: z.int().openapi({ description: "How many miners there are in all" }),
    next: nextPart,
  })
  .openapi("Miners");

/** What an account has earned, was paid and can claim: `Treasury.claim(account, cumulativeWei, proof)`. */
export const accountAnswer = z
  .strictObject({
    account: address,
    profile,
    recipient: address.openapi({ description: "Where claims of this account are paid; Staking where they are staked" }),
    autoStake: address.nullable().openapi({ description: "With whom claims are staked; null where they are paid" }),
    claimedWei: wei,
    root: hash.nullable().openapi({ description: "The root that the proof leads to; null where none is claimable" }),
    epoch: epochNumber.nullable().openapi({ description: "The last epoch that this root includes" }),
    stakeReturn: z.strictObject({ epochs: z.int(), yearlyReturnWad }).openapi({
      description:
        "What a token of its own stake earned in those of the last 30 settled epochs in which it had stake that counted, on " +
        "average, times the epochs of a year: not compounded; `epochs` is how many those are, and the return null where its " +
        "stake earned nothing in any",
    }),
    cumulativeWei: wei.openapi({ description: "All that the account has earned up to that epoch" }),
    claimableWei: wei.openapi({ description: "What a claim pays now; 0 while paused" }),
    proof: z.array(hash),
    pending: z
      .strictObject({
        root: hash,
        epoch: epochNumber,
        cumulativeWei: wei,
        claimableAt: time,
        moreWei: wei.openapi({ description: "What it adds to the claimable" }),
      })
      .nullable()
      .openapi({ description: "The root that waits for its claim delay; null where none does" }),
    paused: z.boolean(),
  })
  .openapi("AccountRewards");

/** A page of those who can claim something. */
export const claimableAnswer = z
  .strictObject({
    root: hash
      .nullable()
      .openapi({ description: "The root that the proofs lead to; null where none can be claimed from" }),
    epoch: epochNumber.nullable().openapi({ description: "The last epoch that this root includes" }),
    paused: z.boolean().openapi({ description: "Whether claims are paused; nobody is listed then" }),
    accounts: z.array(
      z.strictObject({ account: address, claimableWei: wei, cumulativeWei: wei, proof: z.array(hash) }),
    ),
    count: z.int().openapi({ description: "How many there are in all" }),
    next: nextPart,
  })
  .openapi("Claimable");

/** Why a miner got what it got. */
const minerPart = z.strictObject({
  amountWei: wei,
  agreedScoreWad: wad.openapi({ description: "The score that validators agree on" }),
  feesWei: wei.openapi({ description: "Fees of the tasks that it completed" }),
  provenFeesWei: wei.openapi({ description: "Fees of those among them that came with a proof" }),
  shareWad: wad.openapi({ description: "Its part of the miners' pool" }),
  cutWei: wei.openapi({ description: "What the limit by its fees cut off that part" }),
  penaltyWei: wei.openapi({ description: "Burned because its work was scored below the threshold" }),
});

/** Why a stake got what it got. */
const stakePart = z.strictObject({
  as: z.enum(["validator", "delegator"]),
  validator: address,
  amountWei: wei,
  stakeWei: wei.openapi({ description: "The account's own stake on this validator" }),
  validatorStakeWei: wei.openapi({ description: "All stake on this validator" }),
  commissionBps: z.int(),
  shareWad: wad.openapi({ description: "The validator's part of the validators' pool" }),
});

const earned = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("known"),
    epoch: epochNumber,
    earnedWei: wei,
    miner: minerPart.nullable(),
    stakes: z.array(stakePart),
  }),
  z.strictObject({ kind: z.literal("missing"), epoch: epochNumber, reason: z.string() }),
]);

/** What an account earned in each epoch of a page, and why. */
export const historyAnswer = z
  .strictObject({
    account: address,
    epochs: z.array(earned),
    next: epochNumber
      .nullable()
      .openapi({ description: "What to give as `from` for the next page; null where there is none yet" }),
  })
  .openapi("AccountHistory");
