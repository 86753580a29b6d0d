import { expect } from "chai";
import { OpenAPIHono } from "@hono/zod-openapi";
import { addNetworkRoutes } from "../../scripts/api/network";
import { Heads, type ApiSource } from "../../scripts/api/source";
import { deploymentIdOf } from "../../scripts/chain/deployment";
import { connectionOf } from "../../scripts/chain/connection";
import { answeringChain, blockAt } from "../shared/answeringChain";

/** An epoch has 64 seconds, and its scores may be revealed until 16 seconds after it. */
const epochSeconds = 64;

describe("The status of the network, as the API reports it", () => {
  /** The status at a time, with the next epoch to settle; epoch 0 begins at `genesis`. */
  async function statusAt(timestamp: number, next: number, genesis = 0) {
    const chain = answeringChain(
      {
        methods: {
          eth_getBlockByNumber: (tag: string) => (tag === "0x0" ? blockAt(0, 0) : blockAt(9, timestamp)),
        },
        views: {
          "treasury.nextEpochToSettle": () => BigInt(next),
          "treasury.paused": () => false,
          "treasury.pauseEndsAt": () => 0n,
          "treasury.revealEnd": (epoch: bigint) => BigInt(genesis) + (epoch + 1n) * 64n + 16n,
          "treasury.emissionCeiling": (epoch: bigint) => epoch * 10n,
          "staking.activeStakes": () => [[], []],
          "scoreBoard.commitsOf": () => [],
        },
      },
      { genesisTimestamp: genesis },
    );
    const deployment = { ...chain.deployment, id: await deploymentIdOf(chain.reader) };
    const connection = connectionOf(chain.transport, deployment);
    const app = new OpenAPIHono();
    const heads = new Heads(connection, { maxAgeMilliseconds: 0, now: () => 0 });
    addNetworkRoutes(app, { connection } as ApiSource, heads);
    return (await (await app.request("/v1/status")).json()) as Record<string, unknown>;
  }

  it("has the emission halved every 1,350 epochs, and the time of the next halving", async () => {
    for (const [epoch, halvings] of [
      [1_349, 0],
      [1_350, 1],
      [2_700, 2],
    ] as const) {
      const status = await statusAt(epoch * epochSeconds, epoch);
      const nextHalvingEpoch = 1_350 * (halvings + 1);
      expect(status).to.include({ epoch, halvings, nextHalvingEpoch, ceilingWei: String(epoch * 10) });
      expect(status.nextHalvingAt).to.equal(nextHalvingEpoch * epochSeconds);
      expect(status).to.deep.include({ awaitingReveal: [], headBlock: 9 });
    }
  });

  it("has the seconds since the next epoch became due", async () => {
    const dueAt = 8 * epochSeconds + 16;
    for (const [timestamp, overdueSeconds, isDue] of [
      [dueAt - 1, 0, false],
      [dueAt, 0, true],
      [dueAt + 7, 7, true],
    ] as const)
      expect(await statusAt(timestamp, 7)).to.include({ dueAt, isDue, overdueSeconds });
  });

  it("has the emission ceiling of epoch 0 before genesis", async () => {
    const status = await statusAt(100, 0, 1_000);
    expect(status).to.include({ epoch: null, halvings: 0, nextHalvingEpoch: 1_350, ceilingWei: "0" });
    expect(status.nextHalvingAt).to.equal(1_000 + 1_350 * epochSeconds);
  });
});
