import { type Address, getAbiItem, type TransactionReceipt } from "viem";
import { epochStatus } from "../keeper/epochStatus";
import { readLogs } from "../keeper/logs";
import { allow } from "./allowance";
import { type Connection } from "./connection";
import { addressOf, type Signer } from "./signer";
import { transact } from "./transact";

/** A validator as `validator list` shows it: what holds now, including what does not count yet. */
export interface ValidatorSummary {
  readonly validator: Address;
  readonly operator: Address;
  readonly status: "active" | "waiting" | "jailed" | "left";
  readonly ownWei: bigint;
  readonly totalWei: bigint;
  readonly commissionBps: number;
}

/**
 * Registers the signer as a validator.
 * @param stakeWei Own stake, at least the network's minimum.
 * @param operator Key for daily business, the signer's own where none is given.
 * @returns What the registration cost, in wei.
 */
export async function registerValidator(
  connection: Connection,
  signer: Signer,
  request: { readonly stakeWei: bigint; readonly commissionBps: number; readonly operator?: Address | undefined },
): Promise<{ readonly receipt: TransactionReceipt; readonly priceWei: bigint }> {
  const { staking } = connection.contracts;
  const priceWei = await staking.read.registrationPriceWei();
  await allow(connection, signer, staking.address, request.stakeWei + priceWei);
  const receipt = await transact(connection, signer, {
    ...staking,
    functionName: "registerValidator",
    args: [request.operator ?? addressOf(signer), request.commissionBps, request.stakeWei, priceWei],
  });
  return { receipt, priceWei };
}

/** Adds to the signer's own stake as a validator. */
export async function stake(connection: Connection, signer: Signer, amountWei: bigint): Promise<TransactionReceipt> {
  const { staking } = connection.contracts;
  await allow(connection, signer, staking.address, amountWei);
  return transact(connection, signer, { ...staking, functionName: "stake", args: [amountWei] });
}

/** Adds to the signer's delegation to `validator`. */
export async function delegate(
  connection: Connection,
  signer: Signer,
  validator: Address,
  amountWei: bigint,
): Promise<TransactionReceipt> {
  const { staking } = connection.contracts;
  await allow(connection, signer, staking.address, amountWei);
  return transact(connection, signer, { ...staking, functionName: "delegate", args: [validator, amountWei] });
}

/** Takes the signer's stake out of `validator`; it can be withdrawn from the start of the epoch after next but one. */
export async function unstake(
  connection: Connection,
  signer: Signer,
  validator: Address,
  amountWei: bigint,
): Promise<TransactionReceipt> {
  const { staking } = connection.contracts;
  return transact(connection, signer, { ...staking, functionName: "unstake", args: [validator, amountWei] });
}

/**
 * Pays out what the signer took out of `validator` earlier.
 * @returns How much was paid; 0 where nothing can be withdrawn yet, and then nothing was sent.
 */
export async function withdraw(connection: Connection, signer: Signer, validator: Address): Promise<bigint> {
  const { staking } = connection.contracts;
  const amountWei = await staking.read.withdrawableWei([validator, addressOf(signer)]);
  if (amountWei > 0n) await transact(connection, signer, { ...staking, functionName: "withdraw", args: [validator] });
  return amountWei;
}

/** Everybody who ever registered as a validator, in the order of first registration. */
export async function listValidators(connection: Connection): Promise<readonly ValidatorSummary[]> {
  const { reader, contracts, deployment } = connection;
  const { staking } = contracts;
  const registered = new Set<Address>();
  for await (const log of readLogs(reader, {
    address: staking.address,
    events: [getAbiItem({ abi: staking.abi, name: "ValidatorRegistered" })],
    fromBlock: BigInt(deployment.choices.fromBlock),
    toBlock: await reader.getBlockNumber(),
  })) {
    registered.add(log.args.validator);
  }
  const epoch = BigInt((await epochStatus(connection)).epoch ?? 0);
  return Promise.all(
    [...registered].map(async (validator) => {
      const [status, isActive] = await Promise.all([
        staking.read.statusOf([validator]),
        staking.read.isActive([validator, epoch]),
      ]);
      return {
        validator,
        operator: status.operator,
        status: !status.isSeated ? "left" : status.isJailed ? "jailed" : isActive ? "active" : "waiting",
        ownWei: status.ownWei,
        totalWei: status.totalWei,
        commissionBps: status.commissionBps,
      };
    }),
  );
}
