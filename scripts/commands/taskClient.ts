/** `task run`, `task result` and `gateway start`: a client's side of a task. */
import { writeFileSync } from "node:fs";
import { bytesToHex } from "viem";
import { minerIdOf } from "../actions/miners";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { openBlobFinder } from "../nodes/blobs/finder";
import { askingRulesOf } from "../keeper/quorum/gather";
import { gatewayRoutes } from "../nodes/clients/gateway";
import { findResult } from "../nodes/clients/inputsAndResults";
import { type OrderProgress, TaskClient } from "../nodes/clients/taskClient";
import { listenOn } from "../serve/server";
import { formatMdt, parseMdt } from "../show/amounts";
import { textOf } from "../show/bytes";
import { sentenceOf } from "../show/refusalSentences";
import { type CommandOutput } from "./command";
import { chainAndSignerOf, chainOf } from "./context";
import { parseListen, parseWhole } from "./parameters";
import { tell, untilSignalled, tellServing } from "./terminal";
import { type Run, type Runs } from "./table";
import { blobsOf, readTaskFile } from "./task";

export const run: Run<"task", "run"> = async (args, context) => {
  const { type = "0", input, miner, amount, seconds = "600", out, ...sender } = args;
  const order = {
    typeId: parseWhole("type", type, 2 ** 32 - 1),
    input: readTaskFile(input),
    seconds: parseWhole("seconds", seconds, 2 ** 32 - 1, 1),
    feeWei: amount === undefined ? undefined : parseMdt(amount),
  };
  const { chain, signer } = await chainAndSignerOf(context, sender);
  const minerId = miner === undefined ? undefined : await minerIdOf(chain, miner);
  const client = await clientOf(chain, signer, untilSignalled());
  const outcome = await client.run({ ...order, minerId }, tellProgress());
  const { kind, taskId, feeWei, result } = outcome;
  const json = { ...outcome, result: result === null ? null : Buffer.from(result).toString("base64") };
  if (kind === "missed") {
    const text = `Miner ${outcome.minerId} missed the deadline of task ${taskId}; its fee of ${formatMdt(feeWei)} MDT was refunded to you.`;
    return { json, text, exitCode: 1 };
  }
  return given(
    result,
    out,
    json,
    `Task ${taskId} is completed, but no node serves its result: try "task result" later.`,
  );
};

export const result: Run<"task", "result"> = async ({ task, out }, context) => {
  const taskId = parseWhole("task", task);
  const chain = await chainOf(context);
  const finder = openBlobFinder(await blobsOf(chain), askingRulesOf(chain));
  const { hash, bytes } = await findResult(chain, finder, taskId, untilSignalled());
  const json = { taskId, hash, result: bytes === null ? null : Buffer.from(bytes).toString("base64") };
  return given(bytes, out, json, `No node serves the result of task ${taskId} now: its hash is ${hash}.`);
};

export const gateway: Runs<"gateway"> = {
  async start(args, context) {
    const { port = "8090", host, maxFee, openTasks = "100" } = args;
    const limits = {
      maxFeeWei: maxFee === undefined ? null : parseMdt(maxFee),
      openTasks: parseWhole("open-tasks", openTasks, 10_000, 1),
    };
    const address = parseListen(host, port);
    const { chain, signer } = await chainAndSignerOf(context, { from: args.from });
    const stopping = untilSignalled();
    // A service reports failures, but not that a block takes its time.
    const client = await clientOf({ ...chain, onPending: () => undefined }, signer, stopping);
    const onFailure = (error: unknown): void => void process.stderr.write(`A task failed: ${sentenceOf(error)}\n`);
    const server = await listenOn(address, gatewayRoutes(client, limits, onFailure));
    tellServing(server.url);
    if (!stopping.aborted)
      await new Promise((resolve) => {
        stopping.addEventListener("abort", resolve, { once: true });
      });
    await server.close();
    return undefined;
  },
};

async function clientOf(connection: Connection, signer: Signer, stopping: AbortSignal): Promise<TaskClient> {
  const blobs = await blobsOf(connection);
  const finder = openBlobFinder(blobs, askingRulesOf(connection));
  return new TaskClient({ connection, signer, blobs, finder, stopping });
}

/** A result as the command's output: in a file, or printed. */
function given(bytes: Uint8Array | null, out: string | undefined, json: object, missing: string): CommandOutput {
  if (bytes === null) return { json, text: missing, exitCode: 1 };
  if (out === undefined) return { json, text: textOf(bytes) ?? bytesToHex(bytes) };
  writeFileSync(out, bytes);
  return { json: { ...json, file: out }, text: `Wrote ${bytes.length} bytes to ${out}.` };
}

function tellProgress(): (progress: OrderProgress) => void {
  let trouble: string | undefined;
  return (progress) => {
    switch (progress.kind) {
      case "submitted":
        tell(
          `Task ${progress.taskId} is submitted to miner ${progress.minerId} for ${formatMdt(progress.feeWei)} MDT.`,
        );
        break;
      case "handedOver":
        tell(`The miner received the input of task ${progress.taskId}.`);
        break;
      case "handingOver":
        if (progress.reason !== trouble) tell(`The miner's node ${progress.reason}; retrying.`);
        trouble = progress.reason;
    }
  };
}
