import { getAddress } from "viem";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";
import { ADDRESS, addressProblem } from "../core/address";
import { allow } from "./perform";

/** There is no such miner. */
export class UnknownMinerError extends Error {
  override readonly name = "UnknownMinerError";
}

/** A miner, and what its registration cost in wei: 0 where nothing was to do. */
export interface RegisteredMiner {
  readonly minerId: number;
  readonly priceWei: bigint;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
}

/** Registers the signer as a miner; a miner that is registered already stays as it is. */
export async function registerMiner(connection: Connection, signer: Signer): Promise<RegisteredMiner> {
  const { taskRegistry } = connection.contracts;
  const account = addressOf(signer);
  const known = await taskRegistry.read.minerIdOf([account]);
  if (known !== 0) return { minerId: known, priceWei: 0n, activeFromEpoch: await activeFrom(known) };
  const priceWei = await taskRegistry.read.registrationPriceWei();
  await allow(connection, signer, { spender: taskRegistry.address, amountWei: priceWei });
  await transact(connection, signer, { ...taskRegistry, functionName: "registerMiner", args: [priceWei] });
  const minerId = await taskRegistry.read.minerIdOf([account]);
  return { minerId, priceWei, activeFromEpoch: await activeFrom(minerId) };

  async function activeFrom(id: number): Promise<number> {
    const [miner] = await taskRegistry.read.miners([BigInt(id), 1n]);
    return Number(miner!.activeFromEpoch);
  }
}

/**
 * The id of a miner that a person named by id or by address.
 * @throws UnknownMinerError where there is none.
 */
export async function minerIdOf({ contracts }: Connection, idOrAddress: string): Promise<number> {
  const { taskRegistry } = contracts;
  const problem = ADDRESS.test(idOrAddress) ? addressProblem(idOrAddress) : undefined;
  if (problem !== undefined) throw new UnknownMinerError(`The miner ${problem}.`);
  const minerId = ADDRESS.test(idOrAddress)
    ? await taskRegistry.read.minerIdOf([getAddress(idOrAddress)])
    : /^[1-9]\d{0,9}$/.test(idOrAddress)
      ? Number(idOrAddress)
      : 0;
  if (minerId !== 0 && minerId <= (await taskRegistry.read.minerCount())) return minerId;
  throw new UnknownMinerError(`There is no miner "${idOrAddress}": see "npx hardhat miner list".`);
}
