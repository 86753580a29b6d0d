import { z } from "@hono/zod-openapi";
import { maxInlineBytes } from "../../actions/taskBytes";
import { taskStatuses } from "../../views/taskRecords";
import { address, epochNumber, hash, nextPart, time, transaction, wei } from "./common";

const carried = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .nullable()
  .openapi({ description: `At most ${maxInlineBytes} bytes, as the chain has them; null where they travel off chain` });

/** One task. */
export const taskAnswer = z
  .strictObject({
    taskId: z.int().positive(),
    client: address,
    minerId: z.int().positive(),
    miner: address.openapi({ description: "The miner's account" }),
    typeId: z.int().nonnegative(),
    feeWei: wei,
    difficultyBps: z.int(),
    modelHash: hash
      .nullable()
      .openapi({ description: "The model of which its result has to be proven; null where scores judge it" }),
    deadline: time,
    status: z.enum(taskStatuses),
    submitted: transaction,
    ended: transaction.nullable().openapi({ description: "Its completion or refund; null while it is open" }),
    epoch: epochNumber
      .nullable()
      .openapi({ description: "The epoch that it counts for; null where it is not completed" }),
    inputHash: hash,
    input: carried,
    resultHash: hash.nullable(),
    result: carried,
  })
  .openapi("Task");

/** A page of the tasks, the newest first. */
export const tasksAnswer = z
  .strictObject({
    tasks: z.array(taskAnswer),
    count: z.int().openapi({ description: "How many tasks were ever submitted" }),
    next: nextPart,
  })
  .openapi("Tasks");
