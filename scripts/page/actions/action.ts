import { type Abi, type Address, type ContractFunctionName, type Log, type PublicClient } from "viem";
import { type ContractCall } from "../../chain/transact";
import { type Contracts } from "../../chain/contracts";
import { type DeploymentFacts } from "../api/deployment";
import { type Field, type FormProblems, type FormValues } from "./fields";
import { type PermitSignature } from "./permit";

/** One call of one contract, its types checked when it was made and forgotten since. */
export interface Call {
  readonly address: Address;
  readonly abi: Abi;
  readonly functionName: string;
  readonly args: readonly unknown[];
}

/** Makes a call; name and arguments must be those of the contract's ABI. */
export function callOf<const A extends Abi, F extends ContractFunctionName<A, "nonpayable">>(
  call: ContractCall<A, F>,
): Call {
  const { address, abi, functionName, args } = call;
  return { address, abi, functionName, args: args as readonly unknown[] };
}

/** MDT that a contract takes from the account. */
export interface Payment {
  readonly spender: Address;
  readonly amountWei: bigint;
  /** The same call with a signature in place of an allowance. */
  readonly withPermit: (permit: PermitSignature) => Call;
}

/** What is about to happen, before anything is signed. */
export interface Plan {
  readonly call: Call;
  /** Null where the account pays nothing but gas. */
  readonly payment: Payment | null;
  /** What will change, from when it counts, when it can be had back: one sentence each, exact amounts. */
  readonly statements: readonly string[];
  /** What happened, read from the logs of the mined transaction. */
  readonly result: (logs: readonly Log[]) => string;
}

/** A filled form became a plan, or has problems, or there is nothing that could be done. */
export type Planned =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "problems"; readonly problems: FormProblems }
  | { readonly kind: "nothing"; readonly sentence: string };

/** An action as things stand now. */
export interface OpenAction {
  /** How things stand, one sentence each. */
  readonly standing: readonly string[];
  /** The inputs; some depend on what others hold. */
  readonly fields: (values: FormValues) => readonly Field[];
  /** Turns what the fields hold, as typed, into what will happen. */
  readonly plan: (values: FormValues) => Planned | Promise<Planned>;
}

/** Where an action takes place, and for whom. */
export interface Site {
  readonly reader: PublicClient;
  readonly contracts: Contracts;
  readonly deployment: DeploymentFacts;
  /** The connected account, which signs. */
  readonly account: Address;
}

/** Something that a person can do. */
export interface Action {
  /** Its place in the address: `#/do/delegate`. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what it is for. */
  readonly purpose: string;
  /** Reads how things stand. */
  readonly open: (site: Site) => Promise<OpenAction>;
}
