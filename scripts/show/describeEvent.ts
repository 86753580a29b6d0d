import { formatEther, formatGwei } from "viem";
import { type KeeperEvent } from "../keeper/run/keeperEvents";
import { type ServiceEvent } from "../keeper/run/serviceEvents";
import { type PoolEvent } from "../chain/rpc/poolEvents";
import { formatMdt } from "./amounts";
import { describeGap } from "./describeQuorum";
import { durationText } from "./duration";
import { type Wording } from "./wording";

/** How the keeper's events are told. */
export const keeperWording: Wording<KeeperEvent> = {
  levels: {
    looked: "debug",
    rpcError: "debug",
    reorganised: "warn",
    paused: "warn",
    vetoed: "warn",
    quorumMissing: "warn",
    feeAboveCeiling: "warn",
    endpointLeftAside: "warn",
    failed: "warn",
    setAside: "warn",
    halted: "error",
  },
  describe: describeEvent,
};

/** An event as one sentence for people, amounts in MDT, gas in gwei, fees in the chain's own coin. */
export function describeEvent(event: KeeperEvent): string {
  switch (event.kind) {
    case "started":
      return `Keeper ${event.keeper ?? "without a key"} looks after ${event.deployment} through ${event.endpoints.join(", ")}.${event.mayBeAlone ? "" : " It has no keeper's role: it sends what validators signed, and settles nothing alone."}`;
    case "looked":
      return `Block ${event.headBlock}; epoch ${event.nextEpochToSettle} is next.`;
    case "waiting":
      return `Epoch ${event.epoch} is due in ${durationText(event.secondsLeft)}.`;
    case "computed":
      return `Epoch ${event.epoch} is computed (${event.accounts} accounts, ${event.seconds.toFixed(1)} s), root ${event.rewardsRoot}.`;
    case "sent": {
      const what = `${event.transactionHash} (nonce ${event.nonce}, up to ${formatGwei(event.maxFeePerGasWei)} gwei)`;
      return event.replaces === null
        ? `Epoch ${event.epoch}: sent ${what}.`
        : `Epoch ${event.epoch}: ${event.replaces} was not mined in time, sent ${what} in its place.`;
    }
    case "mined":
      return `Epoch ${event.epoch} is settled in block ${event.blockNumber}: ${event.gasUsed} gas, a fee of ${formatEther(event.feeWei)} in the chain's coin, ${event.paid} accounts paid.`;
    case "alreadySettled":
      return `Epoch ${event.epoch} is already settled by somebody else.`;
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
      return `The chain took the settlement of epoch ${event.epoch} back.`;
    case "paused":
      return `The Treasury is paused: epoch ${event.epoch} waits until the pause ends.`;
    case "vetoed":
      return `The root of epoch ${event.epoch} is vetoed: what it promised can be claimed once it is posted again (epoch repost) or the next epoch is settled.`;
    case "quorumMissing":
      return describeGap(event.epoch, event);
    case "feeAboveCeiling":
      return `Epoch ${event.epoch} waits: the network asks ${formatGwei(event.askedWei)} gwei for gas, and the ceiling is ${formatGwei(event.ceilingWei)}.`;
    case "halted": {
      const whatHelps = event.mayBeAccepted
        ? `Look at it ("epoch settle" shows it); to sign it all the same: npx mdt keeper accept --epoch ${event.epoch}`
        : "It can't be accepted, and is looked at again every minute.";
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
      return `Failed while ${event.during}, trying again in ${event.retryInSeconds.toFixed(1)} s: ${event.reason}`;
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
    case "endpointLeftAside":
      return `${event.endpoint} is left aside: ${event.reason}`;
    case "endpointBack":
      return `${event.endpoint} is back.`;
    case "rpcError":
      return `${event.endpoint} failed to answer ${event.method}: ${event.reason}`;
  }
}
