import { type Abi, type Address, type ContractFunctionName, type Hex, type Log, type PublicClient } from "viem";
import { type Contracts } from "../chain/contracts";
import { type Call, type ContractCall } from "../chain/transact";
import { formatExactMdt } from "../show/amounts";
import { momentOf } from "../show/moments";

/** Where something is done, and for whom. */
export interface Site {
  readonly reader: PublicClient;
  readonly contracts: Contracts;
  /** Who signs. */
  readonly account: Address;
  readonly clock: { readonly genesisTimestamp: number; readonly slotSeconds: number; readonly slotsPerEpoch: number };
  /** Names of the first task types, by id. */
  readonly taskTypeNames: readonly string[];
}

/** A signed permission (EIP-2612) as the contracts take it. */
export interface PermitSignature {
  readonly deadline: bigint;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

/** MDT that a contract takes from the account. */
export interface Payment {
  readonly spender: Address;
  readonly amountWei: bigint;
  /** The same call with a signature instead of an allowance; null where the contract takes an allowance alone. */
  readonly withPermit: ((permit: PermitSignature) => Call) | null;
}

/** What came of it; actions add values of their own. */
export interface Outcome {
  /** What happened, told to who signed. */
  readonly sentence: string;
}

/** What is about to happen, before anything is signed. */
export interface Plan<O extends Outcome = Outcome> {
  readonly call: Call;
  /** Null where the account pays nothing but gas. */
  readonly payment: Payment | null;
  /** What will change, from when it counts, when it can be had back: one sentence each, exact amounts. */
  readonly statements: readonly string[];
  /** What happened, read from the logs of the mined transaction. */
  readonly outcomeOf: (logs: readonly Log[]) => O;
}

/** What was asked for became a plan, or there is nothing that could be done. */
export type Planned<O extends Outcome = Outcome> =
  { readonly kind: "plan"; readonly plan: Plan<O> } | { readonly kind: "nothing"; readonly sentence: string };

/** Makes a call; name and arguments must be those of the contract's ABI. */
export function callOf<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  call: ContractCall<A, F>,
): Call {
  const { address, abi, functionName, args } = call;
  return { address, abi, functionName, args: args as readonly unknown[] };
}

/**
 * A call for which its contract takes `amountWei` from the account. Its twin that takes a permission has the same name and
 * "WithPermit", and the same arguments and the signature.
 */
export function payingCall<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  call: ContractCall<A, F> & (`${F}WithPermit` extends ContractFunctionName<A, "nonpayable"> ? unknown : never),
  amountWei: bigint,
): Pick<Plan, "call"> & { readonly payment: Payment } {
  const made = callOf<A, F>(call);
  return {
    call: made,
    payment: {
      spender: made.address,
      amountWei,
      withPermit: ({ deadline, v, r, s }) => ({
        ...made,
        functionName: `${made.functionName}WithPermit`,
        args: [...made.args, deadline, v, r, s],
      }),
    },
  };
}

/** Reads in the block to come, as everything that will be sent runs in one. */
export const inNextBlock = { blockTag: "pending" } as const;

/** "epoch 7, which begins on Nov 22, 2026, 7:31:04 PM". */
export function epochStartWords(
  { genesisTimestamp, slotSeconds, slotsPerEpoch }: Site["clock"],
  epoch: number,
): string {
  return `epoch ${epoch}, which begins on ${momentOf(genesisTimestamp + epoch * slotsPerEpoch * slotSeconds).text}`;
}

/** What a payment leaves. */
export function balanceAfter(balanceWei: bigint, amountWei: bigint): string {
  return `Your balance changes from ${formatExactMdt(balanceWei)} to ${formatExactMdt(balanceWei - amountWei)} MDT.`;
}
