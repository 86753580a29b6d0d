import { type Address, type Hex, formatEther, formatGwei } from "viem";
import { type ServiceEvent } from "../../keeper/run/serviceEvents";
import { describeServiceEvent, serviceLevels, type Wording } from "../../show/describeEvent";

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

/** How loud the events are that every node tells. */
export const nodeLevels: Wording<NodeEvent>["levels"] = { ...serviceLevels, displaced: "warn", refused: "warn" };

/** What every node tells, as one sentence for people. */
export function describeNodeEvent(event: NodeEvent): string {
  switch (event.kind) {
    case "started":
      return `${event.role === "miner" ? "Miner" : "Validator"} ${event.id} started for ${event.deployment} with account ${event.account} via ${event.endpoints.join(", ")}.`;
    case "looked":
      return `Block ${event.headBlock}${event.epoch === null ? ", before genesis" : `, epoch ${event.epoch}`}.`;
    case "sent": {
      const price = `nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei`;
      const what = `${event.transactionHash ?? "another transaction with this nonce is pending"} (${price})`;
      return `Sent${event.isReplacement ? " again with a higher fee" : ""}: ${event.duties.join(", ")}. ${what}`;
    }
    case "mined":
      return event.hasReverted
        ? `Mined, but reverted: ${event.duties.join(", ")}. ${event.transactionHash}`
        : `Done in block ${event.blockNumber} for a fee of ${formatEther(event.feeWei)} in the chain's coin: ${event.duties.join(", ")}.`;
    case "displaced":
      return `Another transaction of the account used nonce ${event.nonce}. Not done: ${event.duties.join(", ")}.`;
    case "refused":
      return `Can't ${event.duty}: ${event.reason}`;
    case "feeAboveCeiling":
      return `Waiting for cheaper gas (price ${formatGwei(event.askedWei)} gwei, ceiling ${formatGwei(event.ceilingWei)}): ${event.duties.join(", ")}.`;
    case "wouldSend":
      return `Would send, for ${event.gas} gas: ${event.duties.join(", ")}.`;
    default:
      return describeServiceEvent(event);
  }
}
