import { z } from "@hono/zod-openapi";
import { epochNumber, hash, time, wad, wei } from "./common";

/** The figures of a settled epoch. */
export const figures = z
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
    totalSupplyWei: wei.openapi({ description: "Supply of MDT right after the settlement" }),
  })
  .openapi("EpochFigures");

/** A page of settled epochs. */
export const epochsAnswer = z
  .strictObject({
    epochs: z.array(figures),
    next: epochNumber
      .nullable()
      .openapi({ description: "What to give as `from` for the next page; null where there is none yet" }),
  })
  .openapi("Epochs");

/** What the Treasury was told, field by field. */
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
export const rootStatus = z
  .discriminatedUnion("status", [
    z.strictObject({ status: z.literal("none") }).openapi({ description: "Nobody was ever rewarded" }),
    z.strictObject({ status: z.literal("pending"), claimableAt: time, claimableEpoch: epochNumber }),
    z.strictObject({ status: z.literal("claimable"), claimableEpoch: epochNumber }),
    z.strictObject({ status: z.literal("superseded") }).openapi({ description: "Replaced before it could be claimed" }),
    z.strictObject({ status: z.literal("vetoed"), vetoTransaction: hash }),
  ])
  .openapi("RootStatus", {
    description:
      "Roots are cumulative: `claimableEpoch` is the epoch of the root that holds this epoch's rewards, its own or a later one.",
  });

/** One settled epoch. */
export const epochAnswer = z
  .strictObject({
    figures,
    settlement,
    root: rootStatus,
    transaction: z.strictObject({ hash, blockNumber: z.int(), timestamp: time }),
    isConfirmed: z.boolean().openapi({ description: "Whether its block has the network's confirmations" }),
    ceilingWei: wei.openapi({ description: "The most that the schedule allowed for the epoch" }),
  })
  .openapi("Epoch");
