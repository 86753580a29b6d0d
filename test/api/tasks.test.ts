import { OpenAPIHono } from "@hono/zod-openapi";
import { expect } from "chai";
import { type Hex } from "viem";
import { Heads } from "../../scripts/api/source";
import { addTaskRoutes } from "../../scripts/api/tasks";
import { connectionOf } from "../../scripts/chain/connection";
import { deploymentIdOf } from "../../scripts/chain/deployment";
import { addressOfContract, blockAt, logOf } from "../shared/answeringChain";
import { chainWith, completed, headOfTasks, submitted } from "../nodes/run/taskLogs";

const miner = addressOfContract("staking");

describe("The API's tasks", () => {
  let asked: Hex[];
  let app: OpenAPIHono;

  beforeEach(async () => {
    asked = [];
    const registered = logOf(
      "taskRegistry",
      "MinerRegistered",
      { minerId: 1, account: miner, priceWei: 1n, activeFromEpoch: 0n },
      { block: 1 },
    );
    const chain = chainWith(
      () => [registered, submitted({ taskId: 7 }), completed({ taskId: 7, epoch: 2 }), submitted({ taskId: 8 })],
      {
        views: {
          "taskRegistry.taskCount": () => 8n,
          "taskRegistry.minerCount": () => 1,
          "taskRegistry.miners": () => [{ account: miner, activeFromEpoch: 0n }],
        },
        methods: {
          eth_getBlockByNumber: (tag: Hex) => {
            const number = tag.startsWith("0x") ? Number(tag) : headOfTasks;
            asked.push(tag);
            return blockAt(number, 10 * number);
          },
        },
      },
    );
    const connection = connectionOf(chain.transport, { ...chain.deployment, id: await deploymentIdOf(chain.reader) });
    app = new OpenAPIHono();
    addTaskRoutes(app, new Heads(connection, { maxAgeMilliseconds: 0, now: () => 0 }));
  });

  const get = async (path: string) => {
    asked = [];
    return (await (await app.request(path)).json()) as Record<string, unknown>;
  };

  it("have the times of their blocks, which are read once", async () => {
    const { tasks } = (await get("/v1/tasks")) as { tasks: Record<string, { timestamp: number }>[] };
    expect(tasks.map(({ submitted: { timestamp } = { timestamp: 0 } }) => timestamp)).to.deep.equal([80, 70]);
    expect(asked.filter((tag) => ["0x7", "0x8", "0x3ef"].includes(tag)).sort()).to.deep.equal(["0x3ef", "0x7", "0x8"]);
    const { ended } = (await get("/v1/tasks/7")) as { ended: { timestamp: number } };
    expect(ended.timestamp).to.equal(10_070);
    expect(asked.filter((tag) => ["0x7", "0x8", "0x3ef"].includes(tag))).to.deep.equal([]);
  });
});
