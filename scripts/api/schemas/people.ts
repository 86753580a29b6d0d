import { z } from "@hono/zod-openapi";
import { address, epochNumber, nextPart, wei } from "./common";
import { U16_MAX } from "../../core/fixedPoint";

const shareU16 = z.int().min(0).max(U16_MAX).openapi({ description: "A share of 1, where 65,535 is 1" });

const standingEpoch = epochNumber
  .nullable()
  .openapi({ description: "The settled epoch whose consensus `standing` tells; null where its report is not here" });

/** Everybody who ever registered as a validator. */
export const validatorsAnswer = z
  .strictObject({
    standingEpoch,
    validators: z.array(
      z.strictObject({
        validator: address,
        operator: address,
        status: z.enum(["active", "waiting", "jailed", "left"]),
        ownWei: wei,
        totalWei: wei,
        commissionBps: z.int(),
        lastRevealedEpoch: epochNumber.nullable(),
        awaitsReveal: z.boolean(),
        standing: z.strictObject({ validatorTrustU16: shareU16, dividendU16: shareU16.nullable() }).nullable(),
      }),
    ),
  })
  .openapi("Validators");

/** A page of the miners, by id, and what each did of late. */
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
        standing: z.strictObject({ consensusU16: shareU16, incentiveU16: shareU16 }).nullable(),
      }),
    ),
    count: z.int().openapi({ description: "How many miners there are in all" }),
    next: nextPart,
  })
  .openapi("Miners");
