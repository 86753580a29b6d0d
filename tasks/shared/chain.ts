import { type HardhatRuntimeEnvironment } from "hardhat/types";
import { type Connection } from "../../scripts/chain/connection";
import { type Signer } from "../../scripts/chain/signer";

/**
 * The endpoint that `--network` names. The in-process chain of Hardhat lives and dies with one command, so without
 * `--network` a command means the development node on this machine.
 */
export function endpointOf(hre: HardhatRuntimeEnvironment): string {
  const { config } = hre.network;
  return "url" in config ? config.url : hre.config.networks.localhost.url;
}

/** Every endpoint of that chain: MDT_RPC_URL may name several, separated by commas, also ones that begin with ws. */
export function endpointsOf(hre: HardhatRuntimeEnvironment): readonly string[] {
  const given = (process.env.MDT_RPC_URL ?? "").split(",").map((url) => url.trim());
  const named = given.filter((url) => url !== "");
  const endpoint = endpointOf(hre);
  const isOurs = endpoint === hre.config.networks.localhost.url;
  return isOurs && named.length > 0 ? named : [endpoint];
}

/** Connects to the deployment that the command is about; errors say how to start a node or how to deploy. */
export async function chainOf(hre: HardhatRuntimeEnvironment): Promise<Connection> {
  const { connect, connectThroughPool } = await import("../../scripts/chain/connection");
  const endpoints = endpointsOf(hre);
  const [only, ...others] = endpoints;
  if (only?.startsWith("http") === true && others.length === 0) return connect(only);
  const { defaultPoolSettings } = await import("../../scripts/chain/rpc/settings");
  const { describeEvent } = await import("../../scripts/show/describeEvent");
  const pool = await connectThroughPool(endpoints, defaultPoolSettings, (event) => {
    if (event.kind === "endpointLeftAside") process.stderr.write(`${describeEvent(event)}\n`);
  });
  return pool.connection;
}

/** Connects, and finds who sends: `--from`, or the key that the environment holds. */
export async function chainAndSignerOf(
  hre: HardhatRuntimeEnvironment,
  from: string | undefined,
): Promise<{ readonly chain: Connection; readonly signer: Signer }> {
  const { signerOf } = await import("../../scripts/chain/signer");
  const chain = await chainOf(hre);
  return { chain, signer: await signerOf(chain.reader, from, process.env) };
}
