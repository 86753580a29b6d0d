import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Address, type Hex } from "viem";
import { registerMiner } from "../../../scripts/actions/miners";
import { completeTask, resultOf } from "../../../scripts/actions/tasks";
import { registerValidator } from "../../../scripts/actions/validators";
import { type Connection } from "../../../scripts/chain/connection";
import { transact } from "../../../scripts/chain/transact";
import { connect } from "../../shared/connect";
import { type DevelopmentNode, nodeAccount, startNode } from "../../shared/node";

/** A node with three miners and a validator, all of them active. */
export interface ClientStage {
  readonly node: DevelopmentNode;
  readonly connection: Connection;
  readonly miners: readonly Address[];
  readonly validator: Address;
}

/** One node for all files of this folder, until the process ends. */
let opened: Promise<Omit<ClientStage, "connection">> | undefined;
let beginning: Hex | undefined;

/** The stage in its initial state. Call it once per file. */
export async function openStage(): Promise<ClientStage> {
  opened ??= open();
  const stage = await opened;
  if (beginning !== undefined) await stage.node.control.revert({ id: beginning });
  beginning = await stage.node.control.snapshot();
  return { ...stage, connection: await connect(stage.node.url) };
}

async function open(): Promise<Omit<ClientStage, "connection">> {
  const node = await startNode();
  process.once("exit", () => {
    node.stop();
  });
  const connection = await node.deploy();
  const [validator, ...miners] = [1, 8, 9, 10].map(nodeAccount) as [Address, ...Address[]];
  await registerValidator(connection, validator, { stakeWei: 100n * 10n ** 18n, commissionBps: 0 });
  for (const miner of miners) await registerMiner(connection, miner);
  const { slotSeconds, slotsPerEpoch } = connection.deployment.config.clock;
  await node.advanceTo(BigInt(connection.deployment.choices.genesisTimestamp + 2 * slotsPerEpoch * slotSeconds));
  return { node, miners, validator };
}

/** Publishes an account's endpoint. */
export async function publish({ connection }: ClientStage, account: Address, endpoint: string): Promise<void> {
  const { directory } = connection.contracts;
  await transact(connection, account, { ...directory, functionName: "setEndpoint", args: [endpoint] });
}

/** Waits for the task with this id, and lets its miner complete it. */
export async function complete(
  { connection, miners }: ClientStage,
  taskId: number,
  result: { readonly hash: Hex; readonly carried: Hex } | string = "an answer",
): Promise<void> {
  const task = await untilTask(connection, taskId);
  const answer = typeof result === "string" ? resultOf(result) : { resultHash: result.hash, result: result.carried };
  await completeTask(connection, miners[task.minerId - 1]!, taskId, answer);
}

/** The task with this id, as soon as there is one. */
export async function untilTask(connection: Connection, taskId: number) {
  for (;;) {
    const task = await connection.contracts.taskRegistry.read.taskOf([BigInt(taskId)]);
    if (task.status !== 0) return task;
    await sleep(20);
  }
}

/** The id that the next task will have. */
export const nextTask = async ({ connection }: ClientStage): Promise<number> =>
  Number(await connection.contracts.taskRegistry.read.taskCount()) + 1;

/** Someone's server for blobs: answers as a test says, and lists its requests, like "PUT /v1/blobs/0x…". */
export interface BlobServer {
  readonly url: string;
  readonly asked: string[];
  answer: (method: string, path: string) => { readonly status: number; readonly body?: Uint8Array };
  close(): void;
}

export async function serveBlobs(answer: BlobServer["answer"]): Promise<BlobServer> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const { method = "", url = "" } = request;
    request.resume().once("end", () => {
      asked.push(`${method} ${url}`);
      const { status, body } = serving.answer(method, url);
      response.writeHead(status).end(body);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serving: BlobServer = {
    ...{ url, asked, answer },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return serving;
}
