import { z } from "@hono/zod-openapi";
import { maxInlineBytes } from "../../actions/taskBytes";
import { taskStatuses } from "../../views/taskRecords";
import { address, epochNumber, hash, nextPart, time, transaction, wei } from "./common";

const carried = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .nullable()
  .openapi({ description: `At most ${maxInlineBytes} bytes, from the chain; null if they are off chain` });

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
      .openapi({ description: "The model whose proof its result needs; null if scores judge it" }),
    deadline: time,
    status: z.enum(taskStatuses),
    submitted: transaction,
    ended: transaction.nullable().openapi({ description: "Its completion or refund; null while it is open" }),
    epoch: epochNumber.nullable().openapi({ description: "The epoch that it counts for; null if it is not completed" }),
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
    count: z.int().openapi({ description: "Number of tasks ever submitted" }),
    next: nextPart,
  })
  .openapi("Tasks");
