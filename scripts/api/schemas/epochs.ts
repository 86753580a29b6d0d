import { z } from "@hono/zod-openapi";
import { address, epochNumber, hash, nextPart, time, transaction, wad, wei } from "../answers";
import { policy } from "./network";

/** The figures of a settled epoch. */
const figures = z
  .strictObject({
    epoch: epochNumber,
    utilityWad: wad,
    qualityWad: wad,
    emissionWei: wei,
    mintedWei: wei,
    recycledWei: wei,
    burnedWei: wei,
    minerRewardsWei: wei,
    validatorRewardsWei: wei,
    daoWei: wei,
    returnedWei: wei,
    totalSupplyWei: wei.describe("Supply of MDT right after the settlement"),
  })
  .openapi("EpochFigures");

/** A page of settled epochs. */
export const epochsAnswer = z
  .strictObject({
    epochs: z.array(figures),
    next: epochNumber.nullable().describe("`from` of the next page; null if there is none yet"),
  })
  .openapi("Epochs");

/** What the Treasury was called with, field by field. */
const settlement = z
  .strictObject({
    epoch: wei,
    emission: wei,
    burnedUnmetQuota: wei,
    burnedQualityPenalty: wei,
    minerRewards: wei,
    validatorRewards: wei,
    daoShare: wei,
    returned: wei,
    utilityWad: wad,
    qualityWad: wad,
    rewardsRoot: hash,
    policyHash: hash,
    inputsHash: hash,
  })
  .openapi("Settlement");

/** What became of the root that an epoch posted. */
const rootStatus = z
  .discriminatedUnion("status", [
    z.strictObject({ status: z.literal("none") }).describe("No rewards yet"),
    z.strictObject({ status: z.literal("pending"), claimableAt: time, claimableEpoch: epochNumber }),
    z.strictObject({ status: z.literal("claimable"), claimableEpoch: epochNumber }),
    z.strictObject({ status: z.literal("superseded") }).describe("Replaced before it could be claimed"),
    z.strictObject({ status: z.literal("vetoed"), vetoTransaction: hash }),
  ])
  .openapi("RootStatus", {
    description:
      "Roots are cumulative: `claimableEpoch` is the epoch of the root that holds this epoch's rewards, its own or a later one.",
  });

/** Whose signatures settled an epoch. */
const settledBy = z
  .strictObject({ validators: z.array(address), signedWei: wei, neededWei: wei })
  .nullable()
  .openapi("SettledBy", { description: "Null if a keeper settled alone" });

/** One settled epoch. */
export const epochAnswer = z
  .strictObject({
    figures,
    settlement,
    signed: settledBy,
    root: rootStatus,
    transaction,
    isFinal: z.boolean().describe("Whether its block has the network's confirmations"),
    ceilingWei: wei.describe("The most that the schedule allowed for the epoch"),
  })
  .openapi("Epoch");

const bits = z.string().regex(/^\d+$/).describe("A share as raw I32F32 bits: 2^32 is 1");
const stake = z.strictObject({ account: address, stakeWei: wei });
const reward = z.strictObject({ account: address, amountWei: wei });

/** What decided an epoch, in the form that `epoch preview` takes. */
const inputs = z
  .strictObject({
    epoch: epochNumber,
    baseRewardWei: wei,
    halvingIntervalEpochs: z.int(),
    mintableWei: wei,
    poolWei: wei,
    policy,
    tasks: z.strictObject({ completed: z.int(), difficultySumBps: z.int() }),
    validators: z.strictObject({ activeStakeWei: wei, revealedStakeWei: wei }),
    miners: z.array(
      z.strictObject({
        account: address,
        performance: bits,
        agreedScoreWad: wad,
        feesWei: wei,
        provenFeesWei: wei,
      }),
    ),
    stakers: z.array(
      z.strictObject({
        account: address,
        stakeWei: wei,
        commissionBps: z.int(),
        unscoredFeesWei: wei,
        dividend: bits.optional(),
        delegations: z.array(stake),
      }),
    ),
  })
  .openapi("EpochInputs");

/** What came of it, as `epoch preview --json` prints it. */
const result = z
  .strictObject({
    utilityWad: wad,
    qualityWad: wad,
    emissionWei: wei,
    recycledWei: wei,
    mintedWei: wei,
    burnedUnmetQuotaWei: wei,
    burnedQualityPenaltyWei: wei,
    daoWei: wei,
    returnedWei: wei,
    minerRewards: z.array(reward),
    validatorRewards: z.array(reward),
  })
  .openapi("EpochResult");

/** A miner's work, and what validators agreed it was worth. */
const miner = z.strictObject({
  account: address,
  completedTasks: z.int(),
  feesWei: wei.describe("Fees of these tasks"),
  provenFeesWei: wei.describe("Fees of those tasks that have a proof"),
  agreedScoreWad: wad,
  consensus: bits,
  incentive: bits,
});

/** A validator's stake, whether it revealed, and its standing in the consensus. */
const validator = z.strictObject({
  account: address,
  totalWei: wei,
  revealed: z.boolean(),
  validatorTrust: bits,
  dividend: bits.nullable(),
});

/** An epoch's report as the archive has it: everything that decided it, and what came of it. */
export const archivedReport = z
  .strictObject({
    epoch: epochNumber,
    inputs,
    result,
    settlement: z.record(z.string(), z.string()),
    miners: z.array(miner),
    validators: z.array(validator),
    bonds: z.array(z.strictObject({ account: address, bondsU16: z.array(z.tuple([z.int(), z.int()])) })),
  })
  .openapi("WholeEpochReport");

/**
 * The report in bounded size: the epoch's inputs and results, in words too, with the three factors whose weighted sum
 * is the utility. It has one page of the accounts that were paid.
 */
export const reportAnswer = z
  .strictObject({
    epoch: epochNumber,
    inputs: inputs.omit({ miners: true, stakers: true }).openapi("EpochFacts"),
    result: result.omit({ minerRewards: true, validatorRewards: true }).openapi("EpochTotals"),
    utilityFactors: z.strictObject({ taskScoreWad: wad, difficultyWad: wad, participationWad: wad }),
    story: z
      .array(z.strictObject({ question: z.string(), answer: z.string() }))
      .describe("The epoch in words; amounts in MDT, rounded down to four digits"),
    miners: z
      .array(miner.extend({ amountWei: wei }))
      .describe("A page of the miners that worked, largest rewards first"),
    validators: z
      .array(validator.extend({ amountWei: wei }))
      .describe("Every active validator, largest stake first; the same on every page, at most 100"),
    stakers: z.array(reward).describe("The same page of validators and delegators, largest rewards first"),
    counts: z.strictObject({ miners: z.int(), stakers: z.int() }).describe("Total number"),
    next: nextPart,
  })
  .openapi("EpochReport");

/** Who may sign the next epoch to settle, and who has. */
export const quorumAnswer = z
  .strictObject({
    epoch: epochNumber.describe("The next epoch to settle"),
    dueAt: time,
    isDue: z.boolean(),
    neededWei: wei
      .nullable()
      .describe("How much stake must sign; null if all active stake is below the floor and the keeper settles alone"),
    soloFrom: time.describe("When the keeper may settle without signatures"),
    signedWei: wei.nullable().describe("How much stake has signed; null if the validators were not asked"),
    validators: z.array(
      z.strictObject({
        validator: address,
        stakeWei: wei,
        hasSigned: z.boolean().nullable().describe("Null if the validators were not asked"),
        reason: z
          .string()
          .nullable()
          .describe("Why it counts as not having signed, as the rest of a sentence about it"),
      }),
    ),
  })
  .openapi("Quorum");
