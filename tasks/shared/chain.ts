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

/** Connects to the deployment that the command is about; errors say how to start a node or how to deploy. */
export async function chainOf(hre: HardhatRuntimeEnvironment): Promise<Connection> {
  const { connect } = await import("../../scripts/chain/connection");
  return connect(endpointOf(hre));
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
