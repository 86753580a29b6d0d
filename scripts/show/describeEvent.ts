import { formatEther, formatGwei } from "viem";
import { type KeeperEvent } from "../keeper/run/keeperEvents";
import { type ServiceEvent } from "../keeper/run/serviceEvents";
import { type PoolEvent } from "../chain/rpc/poolEvents";
import { formatMdt } from "./amounts";
import { describeGap } from "./describeQuorum";
import { durationText } from "./moments";
import { type Wording } from "./wording";

/** How loud the events of every service are. */
export const serviceLevels = {
  looked: "debug",
  rpcError: "debug",
  feeAboveCeiling: "warn",
  endpointDisabled: "warn",
  failed: "warn",
  setAside: "warn",
} as const;

/** How the keeper's events are reported. */
export const keeperWording: Wording<KeeperEvent> = {
  levels: {
    ...serviceLevels,
    reorganised: "warn",
    paused: "warn",
    vetoed: "warn",
    quorumMissing: "warn",
    halted: "error",
  },
  describe: describeEvent,
};

/** An event as one sentence for people, amounts in MDT, gas in gwei, fees in the chain's own coin. */
export function describeEvent(event: KeeperEvent): string {
  switch (event.kind) {
    case "started":
      return `Keeper ${event.keeper ?? "without a key"} started for ${event.deployment} via ${event.endpoints.join(", ")}.${event.mayBeAlone ? "" : " It lacks the keeper role: it sends settlements that validators signed, and can't settle alone."}`;
    case "looked":
      return `Block ${event.headBlock}; epoch ${event.nextEpochToSettle} is next.`;
    case "waiting":
      return `Epoch ${event.epoch} is due in ${durationText(event.secondsLeft)}.`;
    case "computed":
      return `Computed epoch ${event.epoch} (${event.accounts} accounts, ${event.seconds.toFixed(1)} s), root ${event.rewardsRoot}.`;
    case "sent": {
      const what = `${event.transactionHash} (nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei)`;
      return event.replaces === null
        ? `Epoch ${event.epoch}: sent ${what}.`
        : `Epoch ${event.epoch}: ${event.replaces} was not mined in time, replaced by ${what}.`;
    }
    case "mined":
      return `Epoch ${event.epoch} is settled in block ${event.blockNumber}: ${event.gasUsed} gas, a fee of ${formatEther(event.feeWei)} in the chain's coin, ${event.paid} accounts paid.`;
    case "alreadySettled":
      return `Another sender settled epoch ${event.epoch} first.`;
    case "confirmed": {
      const { epoch, emissionWei, mintedWei, recycledWei, burnedWei } = event.figures;
      const others = event.earlier === 0 ? "" : ", and so are the epochs before it";
      return `Epoch ${epoch} is confirmed${others}: ${formatMdt(emissionWei)} MDT emitted, ${formatMdt(mintedWei)} minted, ${formatMdt(recycledWei)} recycled, ${formatMdt(burnedWei)} burned.`;
    }
    default:
      return describeTrouble(event);
  }
}

type Trouble = Exclude<
  KeeperEvent,
  { kind: "started" | "looked" | "waiting" | "computed" | "sent" | "mined" | "alreadySettled" | "confirmed" }
>;

function describeTrouble(event: Trouble): string {
  switch (event.kind) {
    case "reorganised":
      return `Reorganisation: the settlement of epoch ${event.epoch} was dropped; it will be settled again.`;
    case "paused":
      return `The Treasury is paused: epoch ${event.epoch} will be settled when the pause ends.`;
    case "vetoed":
      return `The root of epoch ${event.epoch} was vetoed: its rewards become claimable after a repost ("epoch repost") or the next settlement.`;
    case "quorumMissing":
      return describeGap(event.epoch, event);
    case "feeAboveCeiling":
      return `Epoch ${event.epoch} waits for cheaper gas: the price is ${formatGwei(event.askedWei)} gwei, the ceiling ${formatGwei(event.ceilingWei)}.`;
    case "halted": {
      const whatHelps = event.mayBeAccepted
        ? `Check it with "npx mdt epoch settle". If it is right, run "npx mdt keeper accept --epoch ${event.epoch}".`
        : "It can't be accepted. The keeper checks it again every minute.";
      return `Epoch ${event.epoch} is not signed: ${event.reason}. ${whatHelps}`;
    }
    default:
      return describeServiceEvent(event);
  }
}

/** What every service tells, as one sentence for people. */
export function describeServiceEvent(event: ServiceEvent): string {
  switch (event.kind) {
    case "failed":
      return `Failed while ${event.during}, retrying in ${event.retryInSeconds.toFixed(1)} s: ${event.reason}`;
    case "setAside":
      return event.sentence;
    case "serving":
      return `Serving on ${event.url}`;
    case "stopped":
      return `Stopped: ${event.reason}.`;
    default:
      return describePoolEvent(event);
  }
}

/** What a pool of endpoints saw, as one sentence for people. */
export function describePoolEvent(event: PoolEvent): string {
  switch (event.kind) {
    case "endpointDisabled":
      return `${event.endpoint} is out of rotation: ${event.reason}`;
    case "endpointEnabled":
      return `${event.endpoint} is back in rotation.`;
    case "rpcError":
      return `${event.endpoint} failed to answer ${event.method}: ${event.reason}`;
  }
}
