import { type Address, getAbiItem } from "viem";
import { epochStatus } from "../keeper/facts/epochStatus";
import { readLogs } from "../chain/logs";
import { type Connection } from "../chain/connection";

/** A validator as `validator list` shows it: what holds now, including what does not count yet. */
export interface ValidatorSummary {
  readonly validator: Address;
  readonly operator: Address;
  /** `waiting`: it has a seat, but its stake does not count yet, or is below the minimum. */
  readonly status: "active" | "waiting" | "jailed" | "left";
  readonly ownWei: bigint;
  readonly totalWei: bigint;
  readonly commissionBps: number;
  /** The latest epoch for which it revealed scores; null where there is none. */
  readonly lastRevealedEpoch: number | null;
}

/** Everybody who ever registered as a validator, in the order of first registration. */
export async function listValidators(connection: Connection): Promise<readonly ValidatorSummary[]> {
  const { staking, stakingLens } = connection.contracts;
  const validators = await registeredValidators(connection);
  const epoch = (await epochStatus(connection)).epoch ?? 0;
  const lastReveals = await lastRevealsOf(connection, validators, epoch - 1);
  return Promise.all(
    validators.map(async (validator) => {
      const [status, isActive] = await Promise.all([
        stakingLens.read.statusOf([validator]),
        staking.read.isActive([validator, BigInt(epoch)]),
      ]);
      return {
        validator,
        operator: status.operator,
        status: !status.isSeated ? "left" : status.isJailed ? "jailed" : isActive ? "active" : "waiting",
        ownWei: status.ownWei,
        totalWei: status.totalWei,
        commissionBps: status.commissionBps,
        lastRevealedEpoch: lastReveals.get(validator) ?? null,
      };
    }),
  );
}

async function registeredValidators({ reader, contracts, deployment }: Connection): Promise<readonly Address[]> {
  const { address, abi } = contracts.staking;
  const registered = new Set<Address>();
  for await (const log of readLogs(reader, {
    address,
    events: [getAbiItem({ abi, name: "ValidatorRegistered" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock: await reader.getBlockNumber(),
  })) {
    registered.add(log.args.validator);
  }
  return [...registered];
}

/** How many epochs are asked about at once, from the newest back. */
const epochsAtOnce = 100;

/** Goes back from `newestEpoch`, until every validator's latest reveal is found or there is no earlier epoch. */
async function lastRevealsOf({ contracts }: Connection, validators: readonly Address[], newestEpoch: number) {
  const lastReveals = new Map<Address, number>();
  for (let newest = newestEpoch; newest >= 0 && lastReveals.size < validators.length; newest -= epochsAtOnce) {
    const epochs = Array.from({ length: Math.min(epochsAtOnce, newest + 1) }, (_, i) => newest - i);
    const sought = validators.filter((validator) => !lastReveals.has(validator));
    const revealed = await Promise.all(
      epochs.map((epoch) => contracts.scoreBoard.read.revealedOf([BigInt(epoch), sought])),
    );
    sought.forEach((validator, i) => {
      const latest = revealed.findIndex((inEpoch) => inEpoch[i]);
      if (latest !== -1) lastReveals.set(validator, epochs[latest]!);
    });
  }
  return lastReveals;
}
