import { z } from "@hono/zod-openapi";
import { address, epochNumber, nextPart, wad, wei } from "./common";
import { policy } from "./network";

const bits = z.string().regex(/^\d+$/).openapi({ description: "A share of 1 as raw I32F32 bits: 2^32 is 1" });
const stake = z.strictObject({ account: address, stakeWei: wei });
const reward = z.strictObject({ account: address, amountWei: wei });

/** What decided an epoch: the form that `epoch preview` takes. */
const inputs = z
  .strictObject({
    epoch: epochNumber,
    baseRewardWei: wei,
    halvingIntervalEpochs: z.int(),
    mintableWei: wei,
    poolWei: wei,
    policy,
    tasks: z.strictObject({ completed: z.int(), difficultySumBps: z.int() }),
    validators: z.strictObject({ active: z.int(), revealed: z.int() }),
    qualityWad: wad,
    miners: z.array(z.strictObject({ account: address, performance: bits, agreedScoreWad: wad })),
    stakers: z.array(
      z.strictObject({
        account: address,
        stakeWei: wei,
        commissionBps: z.int(),
        dividend: bits.optional(),
        delegations: z.array(stake),
      }),
    ),
  })
  .openapi("EpochInputs");

/** What came of it: what `epoch preview --json` prints. */
const result = z
  .strictObject({
    utilityWad: wad,
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
  agreedScoreWad: wad,
  consensus: bits,
  incentive: bits,
});

/** An epoch's report as the archive has it: everything that decided it, and what came of it. */
export const archivedReport = z
  .strictObject({
    epoch: epochNumber,
    inputBlock: z.int(),
    inputs,
    result,
    settlement: z.record(z.string(), z.string()),
    miners: z.array(miner),
    validators: z.array(
      z.strictObject({
        account: address,
        totalWei: wei,
        revealed: z.boolean(),
        validatorTrust: bits,
        dividend: bits.nullable(),
      }),
    ),
    bonds: z.array(z.strictObject({ account: address, bondsU16: z.array(z.tuple([z.int(), z.int()])) })),
  })
  .openapi("WholeEpochReport");

/**
 * The report in bounded size: what the epoch was computed from and came to, in words too, with the three factors that the
 * utility is the weighted sum of. Of those who were paid it has a page.
 */
export const reportAnswer = z
  .strictObject({
    epoch: epochNumber,
    inputBlock: z.int(),
    inputs: inputs.omit({ miners: true, stakers: true }).openapi("EpochFacts"),
    result: result.omit({ minerRewards: true, validatorRewards: true }).openapi("EpochTotals"),
    utilityFactors: z.strictObject({ taskScoreWad: wad, difficultyWad: wad, participationWad: wad }),
    story: z
      .array(z.strictObject({ question: z.string(), answer: z.string() }))
      .openapi({ description: "The epoch in words; amounts in MDT, cut after four digits" }),
    miners: z
      .array(miner.extend({ amountWei: wei }))
      .openapi({ description: "A page of those who worked, those who were paid most first" }),
    stakers: z
      .array(reward)
      .openapi({ description: "The same page of validators and delegators, those who were paid most first" }),
    counts: z.strictObject({ miners: z.int(), stakers: z.int() }).openapi({ description: "How many there are in all" }),
    next: nextPart,
  })
  .openapi("EpochReport");
