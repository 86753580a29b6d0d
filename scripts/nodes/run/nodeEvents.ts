import { type Address, type Hex } from "viem";
import { type ServiceEvent } from "../../keeper/run/serviceEvents";

/** What every node tells, whatever it does. Amounts in wei, times in unix seconds; no event ever carries a key. */
export type NodeEvent =
  | ServiceEvent
  | {
      readonly kind: "started";
      readonly role: "miner" | "validator";
      /** The miner's id, or the validator's address. */
      readonly id: string;
      readonly account: Address;
      readonly chainId: number;
      readonly deployment: string;
      /** Origins of the endpoints it reads through. */
      readonly endpoints: readonly string[];
    }
  | {
      readonly kind: "looked";
      readonly headBlock: bigint;
      readonly headTimestamp: number;
      /** The running epoch; null before genesis. */
      readonly epoch: number | null;
      /** What the account can still pay for gas. */
      readonly balanceWei: bigint;
    }
  /** Duties were handed to the network in one transaction. */
  | {
      readonly kind: "sent";
      readonly duties: readonly string[];
      readonly nonce: number;
      readonly maxFeePerGasWei: bigint;
      /** Null where another transaction with the same nonce was pending already. */
      readonly transactionHash: Hex | null;
      /** Whether it outbids one with the same nonce that was not mined in time. */
      readonly isReplacement: boolean;
    }
  | {
      readonly kind: "mined";
      readonly duties: readonly string[];
      readonly transactionHash: Hex;
      readonly blockNumber: bigint;
      readonly feeWei: bigint;
      readonly hasReverted: boolean;
    }
  /** Another transaction of the account took the nonce. What is still to be done is sent again. */
  | { readonly kind: "displaced"; readonly duties: readonly string[]; readonly nonce: number }
  /** A contract has refused a duty for some seconds; it is tried again after a while, if it is still one. */
  | { readonly kind: "refused"; readonly duty: string; readonly reason: string }
  /** The network asks more per gas than the node may pay; it waits. */
  | {
      readonly kind: "feeAboveCeiling";
      readonly duties: readonly string[];
      readonly askedWei: bigint;
      readonly ceilingWei: bigint;
    }
  /** With --dry-run: what would have been sent. */
  | { readonly kind: "wouldSend"; readonly duties: readonly string[]; readonly gas: bigint };
