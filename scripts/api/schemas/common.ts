import { z } from "@hono/zod-openapi";
import { ADDRESS } from "../../core/address";

/** An amount in wei, or another number that may exceed 2^53, as a decimal string. */
export const wei = z
  .string()
  .regex(/^\d+$/)
  .openapi({ example: "1000000000000000000", description: "Wei, as a decimal string" });

/** A ratio as a decimal string, where 10^18 is 1. */
export const wad = z
  .string()
  .regex(/^\d+$/)
  .openapi({ example: "500000000000000000", description: "A ratio: 10^18 is 1; rounded down" });

export const address = z.string().regex(ADDRESS).openapi({ example: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" });

export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .openapi({ description: "32 bytes" });

export const epochNumber = z.int().nonnegative();

/** Where the next part of a list begins. */
export const nextPart = z.int().nullable().openapi({ description: "`from` of the next page; null after the last" });

export const seconds = z.int().nonnegative();

/** Unix seconds. */
export const time = z.int().nonnegative().openapi({ description: "Unix seconds" });

/** A transaction, and when it was mined. */
export const transaction = z.strictObject({ hash, blockNumber: z.int(), timestamp: time });

/** What every answer that is no success holds: one sentence that says what was wrong, and what to do. */
export const problem = z.strictObject({ error: z.string() }).openapi("Problem");
