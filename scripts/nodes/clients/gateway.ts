/** The gateway: tasks over HTTP, for applications that hold no key. Anyone who reaches it spends its account's MDT. */
import { Hono } from "hono";
import { z } from "zod";
import { RefusedError, refusalOf } from "../../chain/transact";
import { RefusedInputError, readStrict, wholeNumber } from "../../core/strictJson";
import { refusalSentence } from "../../show/refusalSentences";
import { maxBlobBytes } from "../blobs/store";
import { base64Bytes, toBase64 } from "../protocol/asker";
import { LeftAloneError, NoMinerError, type TaskClient } from "./taskClient";

/** Limits of a gateway. */
export interface GatewayLimits {
  /** The most that it pays for one task; null for no limit. */
  readonly maxFeeWei: bigint | null;
  /** Most tasks that are pending at a time. */
  readonly openTasks: number;
}

const orderSchema = z.strictObject(
  {
    typeId: wholeNumber(0, 2 ** 32 - 1),
    input: base64Bytes(maxBlobBytes),
    seconds: wholeNumber(1, 30 * 86_400).optional(),
    feeWei: z
      .string("must be a decimal number of wei")
      .regex(/^[1-9]\d{0,38}$/, "must be a decimal number of wei")
      .optional(),
  },
  "must be an object",
);

/**
 * `POST /v1/run` `{ typeId, input: base64, seconds?, feeWei? }`: 200 `{ taskId, minerId, feeWei, result: base64,
 * seconds }`; 400 if the question is wrong, 413 if it is too long or does not state its length, 422 if the fee is above
 * the gateway's limit or below the type's minimum, or the type is unknown or closed, 429 while too many tasks are open,
 * 503 if no miner is worth asking, or the gateway ends, 504 if the deadline was missed (the fee came back) or nobody
 * serves the result.
 * @param onFailure Called with any other error; callers get only a 502.
 */
export function gatewayRoutes(client: TaskClient, limits: GatewayLimits, onFailure: (error: unknown) => void): Hono {
  const app = new Hono();
  let open = 0;
  app.get("/healthz", (c) => c.json({ alive: true }));
  app.post("/v1/run", async (c) => {
    const length = Number(c.req.header("Content-Length") ?? Number.NaN);
    if (!(length <= longestQuestion)) {
      return c.json({ error: `A request must have a Content-Length of at most ${longestQuestion} bytes.` }, 413);
    }
    if (open >= limits.openTasks) return c.json({ error: "Too many tasks are open: try again later." }, 429);
    open++;
    try {
      const { typeId, input, seconds = 600, feeWei: fee } = readStrict(orderSchema, await c.req.json(), "");
      const feeWei = fee === undefined ? undefined : BigInt(fee);
      if (feeWei !== undefined && limits.maxFeeWei !== null && feeWei > limits.maxFeeWei) {
        return c.json({ error: `This gateway pays at most ${limits.maxFeeWei} wei for a task.` }, 422);
      }
      const outcome = await client.run({ typeId, input, seconds, feeWei });
      const { taskId, minerId, kind, result } = outcome;
      if (kind === "missed") return c.json({ taskId, minerId, error: "The miner missed the deadline." }, 504);
      if (result === null)
        return c.json({ taskId, minerId, error: "The task is completed, but no node serves its result." }, 504);
      const paid = { feeWei: outcome.feeWei.toString(), seconds: outcome.seconds };
      return c.json({ taskId, minerId, result: toBase64(result), ...paid });
    } catch (error) {
      if (error instanceof RefusedInputError || error instanceof SyntaxError)
        return c.json({ error: error.message }, 400);
      if (error instanceof NoMinerError || error instanceof LeftAloneError)
        return c.json({ error: error.message }, 503);
      const refusal = error instanceof RefusedError ? error : refusalOf("submitTask", error);
      if (refusal !== undefined && refusedQuestions.has(refusal.errorName))
        return c.json({ error: refusalSentence(refusal) }, 422);
      onFailure(error);
      return c.json({ error: "The task could not be submitted or tracked." }, 502);
    } finally {
      open--;
    }
  });
  return app;
}

/** Refusals of the TaskRegistry that are the question's fault. */
const refusedQuestions: ReadonlySet<string> = new Set(["UnknownTaskType", "TaskTypeClosed", "FeeBelowMinimum"]);

/** Maximum size of a question in bytes: a blob in base64, and room for the rest. */
const longestQuestion = Math.ceil(maxBlobBytes / 3) * 4 + 1_000;
