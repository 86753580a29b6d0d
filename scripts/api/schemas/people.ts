import { z } from "@hono/zod-openapi";
import { address, epochNumber, hash, nextPart, seconds, time, wad, wei } from "../answers";
import { U16_MAX } from "../../core/fixedPoint";

const shareU16 = z.int().min(0).max(U16_MAX).describe("A share: 65,535 is 1");

const standingEpoch = epochNumber
  .nullable()
  .describe("The settled epoch of the consensus in `standing`; null if the archive does not have its report");

const profile = z
  .strictObject({ name: z.string(), site: z.string(), contact: z.string() })
  .nullable()
  .describe(
    "Self-declared and unverified: plain text, never markup, without invisible characters; null if it has none",
  );

const yearlyReturnWad = wad.nullable();

const record = z
  .strictObject({
    epochs: z.int().describe("How many of the last 30 settled epochs have passed since its stake first counted"),
    activeEpochs: z.int().describe("Number of these epochs in which it was active: not in jail, with enough stake"),
    revealedEpochs: z.int().describe("Number of active epochs in which it revealed its scores"),
    missedEpochs: z.array(epochNumber).describe("The active epochs in which it revealed nothing"),
    yearlyReturnWad: yearlyReturnWad.describe(
      "Average reward of a delegated token in these epochs, times the epochs of a year: after " +
        "commission, not compounded, epochs without a reward counted as zero; null if the archive has no report of them",
    ),
    commissions: z
      .array(z.strictObject({ epoch: epochNumber, commissionBps: z.int() }))
      .describe("Every commission that it announced, with its first epoch, oldest first"),
  })
  .describe("Its record in the last 30 settled epochs");

/** Everyone who ever registered as a validator. */
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
        standing: z
          .strictObject({
            validatorTrustU16: shareU16
              .nullable()
              .describe("The part of its scores that the others support; null if it revealed none"),
            dividendU16: shareU16.nullable(),
          })
          .nullable(),
      }),
    ),
  })
  .openapi("Validators");

/** What accounts call themselves. */
export const namesAnswer = z
  .strictObject({
    names: z
      .array(z.strictObject({ account: address, name: z.string() }))
      .describe("Unverified, like a profile: accounts without a name are omitted"),
  })
  .openapi("Names");

/** A page of the miners, and how each served its clients recently, without tasks for its own account. */
export const minersAnswer = z
  .strictObject({
    standingEpoch,
    miners: z.array(
      z.strictObject({
        minerId: z.int(),
        account: address,
        profile,
        activeFromEpoch: epochNumber,
        completedThisEpoch: z.int(),
        completedLastEpoch: z.int(),
        scoreWad: wad.nullable().describe("Agreed score, weighted by fees; null if it has no score yet"),
        completedShareBps: z
          .int()
          .nullable()
          .describe("Fees of completed tasks divided by those of completed and missed ones; null if it has neither"),
        latencySeconds: seconds.nullable().describe("Median time from submission to completion"),
        priceWei: wei.nullable().describe("Median fee of completed tasks"),
        completedTasks: z.int(),
        missedTasks: z.int().describe("Tasks whose deadline passed"),
        openTasks: z.int().describe("Open tasks of any type"),
        standing: z
          .strictObject({ consensusU16: shareU16, incentiveU16: shareU16 })
          .nullable()
          .describe("Null also if no validator revealed"),
      }),
    ),
    count: z.int().describe("Total number of miners"),
    next: nextPart,
  })
  .openapi("Miners");

/** What an account has earned, was paid and can claim: `Treasury.claim(account, cumulativeWei, proof)`. */
export const accountAnswer = z
  .strictObject({
    account: address,
    profile,
    recipient: address.describe("Recipient of this account's claims; Staking if they are staked"),
    autoStake: address.nullable().describe("The validator with which claims are staked; null if they are paid"),
    claimedWei: wei,
    root: hash.nullable().describe("The root that the proof leads to; null if none is claimable"),
    epoch: epochNumber.nullable().describe("The last epoch that this root includes"),
    stakeReturn: z
      .strictObject({ epochs: z.int(), yearlyReturnWad })
      .describe(
        "Average reward of a token of its own stake over those of the last 30 settled epochs in which it had active stake, " +
          "times the epochs of a year: not compounded; `epochs` is the number of these epochs, and the return is null if its " +
          "stake earned nothing in any",
      ),
    cumulativeWei: wei.describe("All that the account has earned up to that epoch"),
    claimableWei: wei.describe("What a claim pays now; 0 while paused"),
    proof: z.array(hash),
    pending: z
      .strictObject({
        root: hash,
        epoch: epochNumber,
        cumulativeWei: wei,
        claimableAt: time,
        moreWei: wei.describe("The additional amount that will be claimable"),
      })
      .nullable()
      .describe("The pending root; null if there is none"),
    paused: z.boolean(),
  })
  .openapi("AccountRewards");

/** A page of the accounts that can claim something. */
export const claimableAnswer = z
  .strictObject({
    root: hash.nullable().describe("The root that the proofs lead to; null if there is none to claim against"),
    epoch: epochNumber.nullable().describe("The last epoch that this root includes"),
    paused: z.boolean().describe("Whether claims are paused; then the list is empty"),
    accounts: z.array(
      z.strictObject({ account: address, claimableWei: wei, cumulativeWei: wei, proof: z.array(hash) }),
    ),
    count: z.int().describe("Total number"),
    next: nextPart,
  })
  .openapi("Claimable");

/** Why a miner got what it got. */
const minerPart = z.strictObject({
  amountWei: wei,
  agreedScoreWad: wad.describe("Agreed score"),
  feesWei: wei.describe("Fees of the tasks that it completed"),
  provenFeesWei: wei.describe("Fees of those tasks that have a proof"),
  shareWad: wad.describe("Its share of the miners' pool"),
  cutWei: wei.describe("The amount cut off above the limit that its fees set"),
  penaltyWei: wei.describe("Burned because its work was scored below the threshold"),
});

/** Why a stake got what it got. */
const stakePart = z.strictObject({
  as: z.enum(["validator", "delegator"]),
  validator: address,
  amountWei: wei,
  stakeWei: wei.describe("The account's own stake with this validator"),
  validatorStakeWei: wei.describe("All stake with this validator"),
  commissionBps: z.int(),
  shareWad: wad.describe("The validator's share of the validators' pool"),
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
    next: epochNumber.nullable().describe("`from` of the next page; null if there is none yet"),
  })
  .openapi("AccountHistory");
