import { type Address, type Hex, maxUint256, parseEventLogs, type TransactionReceipt, zeroAddress } from "viem";
import { allow } from "./allowance";
import { type Connection } from "../chain/connection";
import { addressOf, type Signer } from "../chain/signer";
import { transact } from "../chain/transact";

/** The signer acts for no validator. */
export class NotAValidatorError extends Error {
  override readonly name = "NotAValidatorError";
}

/** Takes everything there is, so that neither a slash nor a gift that comes first can spoil it. */
export const everything = maxUint256;

/**
 * The validator for which the signer acts, as its owner or as its operator.
 * @throws NotAValidatorError where there is none.
 */
export async function validatorOf({ contracts }: Connection, signer: Signer): Promise<Address> {
  const validator = await contracts.staking.read.validatorOf([addressOf(signer)]);
  if (validator !== zeroAddress) return validator;
  throw new NotAValidatorError(`${addressOf(signer)} is neither a validator nor a validator's operator.`);
}

/** What a registration came to; who holds a seat already stays as it is. */
export type Registration =
  | { readonly kind: "registered"; readonly priceWei: bigint; readonly transactionHash: Hex }
  | { readonly kind: "alreadyRegistered"; readonly ownWei: bigint; readonly commissionBps: number };

/**
 * Registers the signer as a validator.
 * @param stakeWei Own stake, at least the network's minimum.
 * @param operator Key for daily business, the signer's own where none is given.
 * @returns What the registration cost; where nothing was to do, how the validator stands.
 */
export async function registerValidator(
  connection: Connection,
  signer: Signer,
  request: { readonly stakeWei: bigint; readonly commissionBps: number; readonly operator?: Address | undefined },
): Promise<Registration> {
  const { staking } = connection.contracts;
  const { isSeated, ownWei, commissionBps } = await staking.read.statusOf([addressOf(signer)]);
  if (isSeated) return { kind: "alreadyRegistered", ownWei, commissionBps };
  const priceWei = await staking.read.registrationPriceWei();
  await allow(connection, signer, staking.address, request.stakeWei + priceWei);
  const { transactionHash } = await transact(connection, signer, {
    ...staking,
    functionName: "registerValidator",
    args: [request.operator ?? addressOf(signer), request.commissionBps, request.stakeWei, priceWei],
  });
  return { kind: "registered", priceWei, transactionHash };
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

/** What was taken out of a validator. */
export interface TakenStake {
  readonly amountWei: bigint;
  /** It can be withdrawn from the start of this epoch on, and slashed until then. */
  readonly withdrawableEpoch: number;
  /** All of its own stake was taken, so the validator left and its delegations leave with it. */
  readonly validatorLeft: boolean;
  readonly transactionHash: Hex;
}

/**
 * Takes the signer's stake out of `validator`.
 * @param amountWei How much, or `everything`.
 */
export async function unstake(
  connection: Connection,
  signer: Signer,
  validator: Address,
  amountWei: bigint,
): Promise<TakenStake> {
  const { staking } = connection.contracts;
  const { ownWei } = await staking.read.statusOf([validator]);
  const args = [validator, amountWei] as const;
  const { logs, transactionHash } = await transact(connection, signer, { ...staking, functionName: "unstake", args });
  const [event] = parseEventLogs({ abi: staking.abi, eventName: ["Unstaked", "ValidatorLeft"], logs });
  return {
    amountWei: event!.eventName === "Unstaked" ? event!.args.amountWei : ownWei,
    withdrawableEpoch: Number(event!.args.withdrawableEpoch),
    validatorLeft: event!.eventName === "ValidatorLeft",
    transactionHash,
  };
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
