import { getAddress, parseEventLogs } from "viem";
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { ADDRESS, addressProblem } from "../core/address";
import { formatExactMdt } from "../show/amounts";
import {
  perform,
  siteOf,
  balanceAfter,
  callOf,
  inNextBlock,
  type Outcome,
  type Planned,
  type Site,
  nothing,
} from "./plan";

/** There is no such miner. */
export class UnknownMinerError extends Error {
  override readonly name = "UnknownMinerError";
}

export type MinerFacts = Awaited<ReturnType<typeof readMinerFacts>>;

/**
 * What registering as a miner depends on. The id is 0 if the account is not a miner; the price falls over time, and
 * rises with each registration.
 */
export async function readMinerFacts({ contracts, account }: Site) {
  const { token, taskRegistry } = contracts;
  const [minerId, balanceWei, priceWei] = await Promise.all([
    taskRegistry.read.minerIdOf([account], inNextBlock),
    token.read.balanceOf([account], inNextBlock),
    taskRegistry.read.registrationPriceWei(inNextBlock),
  ]);
  return { minerId, balanceWei, priceWei };
}

/** A miner, and the price of its registration in wei: 0 if it was registered already. */
export interface RegisteredMiner {
  readonly minerId: number;
  readonly priceWei: bigint;
  /** First epoch in which it may complete tasks. */
  readonly activeFromEpoch: number;
}

/** Makes the account a miner; nothing changes if it is one already. */
export function planRegisterMiner(
  { contracts }: Site,
  { minerId: known, balanceWei, priceWei }: MinerFacts,
): Planned<RegisteredMiner & Outcome> {
  if (known !== 0) return nothing(`You are already miner ${known}.`);
  const { taskRegistry } = contracts;
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...taskRegistry, functionName: "registerMiner", args: [priceWei] }),
      payment: { spender: taskRegistry.address, amountWei: priceWei, withPermit: null },
      statements: [
        "You become a miner: clients can choose you for their tasks, and validators score your answers.",
        `Registering costs at most ${formatExactMdt(priceWei)} MDT, which are recycled into rewards.`,
        "You may complete tasks from the next epoch.",
        balanceAfter(balanceWei, priceWei),
      ],
      outcomeOf: (logs) => {
        const [registered] = parseEventLogs({ abi: taskRegistry.abi, eventName: "MinerRegistered", logs: [...logs] });
        const { minerId, priceWei: paidWei } = registered!.args;
        const activeFromEpoch = Number(registered!.args.activeFromEpoch);
        const sentence = `You are miner ${minerId}; registering cost ${formatExactMdt(paidWei)} MDT. You may complete tasks from epoch ${activeFromEpoch}.`;
        return { minerId, priceWei: paidWei, activeFromEpoch, sentence };
      },
    },
  };
}

/** Registers the signer as a miner; nothing is sent if it is one already. */
export async function registerMiner(connection: Connection, signer: Signer): Promise<RegisteredMiner> {
  const site = siteOf(connection, signer);
  const facts = await readMinerFacts(site);
  const planned = planRegisterMiner(site, facts);
  if (planned.kind === "plan") {
    const { minerId, priceWei, activeFromEpoch } = (await perform(connection, signer, planned.plan)).outcome;
    return { minerId, priceWei, activeFromEpoch };
  }
  const { activeFromEpoch } = await connection.contracts.taskRegistry.read.minerOf([facts.minerId]);
  return { minerId: facts.minerId, priceWei: 0n, activeFromEpoch: Number(activeFromEpoch) };
}

/**
 * The id of a miner that a person named by id or by address.
 * @throws UnknownMinerError if there is none.
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
  throw new UnknownMinerError(`There is no miner "${idOrAddress}": see "npx mdt miner list".`);
}
