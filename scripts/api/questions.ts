/** What routes are asked: schemas of their paths and queries. */
import { z } from "@hono/zod-openapi";
import { getAddress } from "viem";
import { rankingOrders } from "../core/minerRanking";
import { writtenAddress } from "../core/strictJson";
import { dayOf } from "../show/moments";
import { taskStatuses } from "../views/taskRecords";

/** A whole number in a path or a query; numbers too large to be exact are refused. */
const whole = (most = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d{1,16}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value <= most, `must be at most ${most}`);

/** Clients that name the deployment get only that one, and may keep final answers for ever. */
const deployment = z
  .string()
  .optional()
  .describe("The `id` of /v1/deployment: 404 if this server serves another deployment");

/** What every route takes. */
export const plainQuery = z.strictObject({ deployment });

const atLeastOne = (most?: number) => whole(most).refine((value) => value > 0, "must be at least 1");

/** Most items on one page, and the number if none is asked for. */
export const pageLimits = { most: 100, usual: 20 };

const limit = atLeastOne(pageLimits.most).default(pageLimits.usual).openapi({
  type: "integer",
  minimum: 1,
  maximum: pageLimits.most,
  default: pageLimits.usual,
});

/** Which page of epochs. */
export const pageQuery = z.strictObject({
  deployment,
  from: whole().optional().openapi({
    description: "The first epoch of the page, in order; if omitted, the newest epochs, newest first",
    type: "integer",
  }),
  limit,
});

/** Which part of a list. */
export const partQuery = z.strictObject({
  deployment,
  from: whole().default(0).openapi({
    description: "Number of items to skip",
    type: "integer",
    default: 0,
  }),
  limit,
});

/** Which part of the list of accounts that can claim something. */
export const claimableQuery = partQuery.extend({
  minWei: z
    .string()
    .regex(/^\d{1,30}$/, "must be an amount in wei")
    .default("1")
    .transform(BigInt)
    .openapi({
      description: "Only accounts that can claim at least this",
      type: "string",
    }),
});

/** Which part of the list of miners, and in what order. */
export const minersQuery = partQuery.extend({
  sort: z
    .enum(rankingOrders, `must be one of ${rankingOrders.join(", ")}`)
    .optional()
    .describe("Sort order, best first; by id if omitted"),
  type: whole(2 ** 32 - 1)
    .optional()
    .openapi({
      description: "Count only tasks of this type; all if omitted",
      type: "integer",
    }),
});

/** Which tasks. */
export const tasksQuery = z.strictObject({
  deployment,
  from: atLeastOne().optional().openapi({
    description: "The highest id of the page; if omitted, the newest tasks",
    type: "integer",
  }),
  limit,
  miner: atLeastOne(2 ** 32 - 1)
    .optional()
    .openapi({
      description: "Only those of this miner, by id",
      type: "integer",
    }),
  client: writtenAddress
    .transform((text) => getAddress(text))
    .optional()
    .describe("Only those that this account paid for"),
  status: z
    .enum(taskStatuses, `must be one of ${taskStatuses.join(", ")}`)
    .optional()
    .describe("Only tasks with this status"),
});

/** A day (UTC) as "2026-11-28", as the unix second with which it begins. */
const day = z
  .string()
  .transform((text) => dayOf(text) ?? Number.NaN)
  .refine((start) => !Number.isNaN(start), "must be a day like 2026-11-28");

/** Which part of an account's income. */
export const incomeQuery = z.strictObject({
  deployment,
  from: day.optional().openapi({
    description: "The first day (UTC)",
    type: "string",
    format: "date",
  }),
  to: day.optional().openapi({ description: "The last day (UTC)", type: "string", format: "date" }),
});

export const taskParam = z.strictObject({
  task: atLeastOne().openapi({ type: "integer" }),
});

export const epochParam = z.strictObject({
  epoch: whole().openapi({ type: "integer" }),
});

export const accountParam = z.strictObject({
  address: writtenAddress
    .transform((text) => getAddress(text))
    .openapi({ example: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" }),
});

/** Whose names. */
export const namesQuery = z.strictObject({
  deployment,
  accounts: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(writtenAddress.transform((text) => getAddress(text))).max(pageLimits.most))
    .openapi({
      description: `At most ${pageLimits.most} addresses, separated by commas`,
      type: "string",
    }),
});
