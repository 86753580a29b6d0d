import { formatEther, formatGwei } from "viem";
import { describeServiceEvent } from "../../show/describeEvent";
import { type Wording } from "../../show/wording";
import { type NodeEvent } from "./nodeEvents";

/** How loud the events are that every node tells. */
export const nodeLevels: Wording<NodeEvent>["levels"] = {
  looked: "debug",
  rpcError: "debug",
  displaced: "warn",
  refused: "warn",
  feeAboveCeiling: "warn",
  endpointDisabled: "warn",
  failed: "warn",
  setAside: "warn",
};

/** What every node tells, as one sentence for people. */
export function describeNodeEvent(event: NodeEvent): string {
  switch (event.kind) {
    case "started":
      return `${event.role === "miner" ? "Miner" : "Validator"} ${event.id} started for ${event.deployment} with account ${event.account} via ${event.endpoints.join(", ")}.`;
    case "looked":
      return `Block ${event.headBlock}${event.epoch === null ? ", before genesis" : `, epoch ${event.epoch}`}.`;
    case "sent": {
      const price = `nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei`;
      const what = `${event.transactionHash ?? "another one is pending"} (${price})`;
      return `Sent${event.isReplacement ? " again, for more" : ""}: ${event.duties.join(", ")}. ${what}`;
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
