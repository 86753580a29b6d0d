import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reset } from "@nomicfoundation/hardhat-network-helpers";
import hre from "hardhat";
import { createTestClient } from "viem";
import { loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import { startInProcessNetwork } from "../../tasks/inProcessNetwork";
import { createWorld, type LivingNode, type World } from "../integration/world";

/** The populated local network with a claim delay, on the chain in this process, whose time moves only on request. */
export type DelayedWorld = World<LivingNode>;

/**
 * Deploys and populates it on an empty chain: an earlier test may have advanced the time. Stopping it empties the chain.
 * @param soloAfterSeconds When the keeper may settle alone, if not as configured.
 */
export async function startDelayedWorld(claimDelaySeconds: number, soloAfterSeconds?: number): Promise<DelayedWorld> {
  await reset();
  const config = loadNetworkConfig("local");
  const { payRecipientsUpTo } = config.settlement;
  const settlement = { claimDelaySeconds, payRecipientsUpTo: claimDelaySeconds === 0 ? payRecipientsUpTo : 0 };
  const quorum = { ...config.quorum, ...(soloAfterSeconds === undefined ? {} : { soloAfterSeconds }) };
  const network = await startInProcessNetwork(hre, { ...config, settlement, quorum });
  const { connection, clock } = network;
  const dataDirectory = mkdtempSync(join(tmpdir(), "moderntensor-"));
  await clock.moveTo(connection.deployment.choices.genesisTimestamp);
  return createWorld({
    control: createTestClient({ mode: "hardhat", transport: connection.transport }),
    dataDirectory,
    deploy: () => Promise.resolve(connection),
    advanceTo: (timestamp) => clock.moveTo(Number(timestamp)),
    async stop() {
      rmSync(dataDirectory, { recursive: true, force: true });
      await network.close();
      await reset();
    },
  });
}

/** Tries something, and then resets the chain and its time. */
export async function andForget<T>({ node, connection }: DelayedWorld, tried: () => Promise<T>): Promise<T> {
  const { timestamp } = await connection.reader.getBlock();
  const snapshot = await node.control.snapshot();
  try {
    return await tried();
  } finally {
    await node.control.revert({ id: snapshot });
    await node.advanceTo(timestamp);
  }
}
