import { z } from "@hono/zod-openapi";
import { address, epochNumber, time, wei } from "./common";

/** Who may sign the next epoch to settle, and who has. */
export const quorumAnswer = z
  .strictObject({
    epoch: epochNumber.openapi({ description: "The next epoch to settle" }),
    dueAt: time,
    isDue: z.boolean(),
    neededWei: wei.nullable().openapi({
      description: "How much stake must sign; null if all active stake is below the floor and the keeper settles alone",
    }),
    soloFrom: time.openapi({ description: "When the keeper may settle without signatures" }),
    signedWei: wei
      .nullable()
      .openapi({ description: "How much stake has signed; null if the validators were not asked" }),
    validators: z.array(
      z.strictObject({
        validator: address,
        stakeWei: wei,
        hasSigned: z.boolean().nullable().openapi({ description: "Null if the validators were not asked" }),
        reason: z
          .string()
          .nullable()
          .openapi({ description: "Why it counts as not having signed, as the rest of a sentence about it" }),
      }),
    ),
  })
  .openapi("Quorum");
