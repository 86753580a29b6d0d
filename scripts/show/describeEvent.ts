import { formatEther, formatGwei } from "viem";
import { type KeeperEvent } from "../keeper/run/keeperEvents";
import { type ServiceEvent } from "../keeper/run/serviceEvents";
import { type PoolEvent } from "../chain/rpc/endpointState";
import { formatMdt } from "./amounts";
import { describeGap } from "./describeQuorum";
import { durationText } from "./moments";

/** How serious an event is. */
export type Level = "debug" | "info" | "warn" | "error";

/** How events of one union are reported. */
export interface Wording<E extends { readonly kind: string }> {
  /** The level of each kind of event; `info` if missing. */
  readonly levels: Partial<Record<E["kind"], Level>>;
  /** An event as one sentence for people. */
  readonly describe: (event: E) => string;
}

/** Levels of the events that every service has. */
export const serviceLevels = {
  looked: "debug",
  rpcError: "debug",
  feeAboveCeiling: "warn",
  endpointDisabled: "warn",
  failed: "warn",
  setAside: "warn",
} as const;

/** The sentence of each kind of event, for people: amounts in MDT, gas in gwei, fees in the chain's own coin. */
export type Sentences<E extends { readonly kind: string }> = {
  readonly [K in E["kind"]]: (event: Extract<E, { readonly kind: K }>) => string;
};

/** Describes any event of a union by the sentence of its kind. */
export function describeBy<E extends { readonly kind: string }>(sentences: Sentences<E>): (event: E) => string {
  return (event) => (sentences[event.kind as E["kind"]] as (event: E) => string)(event);
}

const poolSentences: Sentences<PoolEvent> = {
  endpointDisabled: ({ endpoint, reason }) => `${endpoint} is out of rotation: ${reason}`,
  endpointEnabled: ({ endpoint }) => `${endpoint} is back in rotation.`,
  rpcError: ({ endpoint, method, reason }) => `${endpoint} failed to answer ${method}: ${reason}`,
};

/** The sentences of the events that every service has. */
export const serviceSentences: Sentences<ServiceEvent> = {
  ...poolSentences,
  failed: ({ during, retryInSeconds, reason }) =>
    `Failed while ${during}, retrying in ${retryInSeconds.toFixed(1)} s: ${reason}`,
  setAside: ({ sentence }) => sentence,
  serving: ({ url }) => `Serving on ${url}`,
  stopped: ({ reason }) => `Stopped: ${reason}.`,
};

const keeperSentences: Sentences<KeeperEvent> = {
  ...serviceSentences,
  started: ({ keeper, deployment, endpoints, mayBeAlone }) =>
    `Keeper ${keeper} started for ${deployment} via ${endpoints.join(", ")}.${mayBeAlone ? "" : " It lacks the keeper role: it sends settlements that validators signed, and can't settle alone."}`,
  looked: ({ headBlock, nextEpochToSettle }) => `Block ${headBlock}; epoch ${nextEpochToSettle} is next.`,
  waiting: ({ epoch, secondsLeft }) => `Epoch ${epoch} is due in ${durationText(secondsLeft)}.`,
  computed: ({ epoch, accounts, seconds, rewardsRoot }) =>
    `Computed epoch ${epoch} (${accounts} accounts, ${seconds.toFixed(1)} s), root ${rewardsRoot}.`,
  sent: ({ epoch, transactionHash, nonce, maxFeePerGasWei, replaces }) => {
    const what = `${transactionHash} (nonce ${nonce}, up to ${formatGwei(maxFeePerGasWei)} gwei)`;
    return `Epoch ${epoch}: ${replaces === null ? `sent ${what}` : `${replaces} was not mined in time, replaced by ${what}`}.`;
  },
  mined: ({ epoch, blockNumber, gasUsed, feeWei, paid }) =>
    `Epoch ${epoch} is settled in block ${blockNumber}: ${gasUsed} gas, a fee of ${formatEther(feeWei)} in the chain's coin, ${paid} accounts paid.`,
  alreadySettled: ({ epoch }) => `Another sender settled epoch ${epoch} first.`,
  final: ({ figures: { epoch, emissionWei, mintedWei, recycledWei, burnedWei }, earlier }) =>
    `Epoch ${epoch} is final${earlier === 0 ? "" : ", and so are the epochs before it"}: ${formatMdt(emissionWei)} MDT emitted, ${formatMdt(mintedWei)} minted, ${formatMdt(recycledWei)} recycled, ${formatMdt(burnedWei)} burned.`,
  reorganised: ({ epoch }) => `Reorganisation: the settlement of epoch ${epoch} was dropped; it will be settled again.`,
  paused: ({ epoch }) => `The Treasury is paused: epoch ${epoch} will be settled when the pause ends.`,
  vetoed: ({ epoch }) =>
    `The root of epoch ${epoch} was vetoed: its rewards become claimable after a repost ("epoch repost") or the next settlement.`,
  quorumMissing: (event) => describeGap(event.epoch, event),
  feeAboveCeiling: ({ epoch, askedWei, ceilingWei }) =>
    `Epoch ${epoch} waits for cheaper gas: the price is ${formatGwei(askedWei)} gwei, the ceiling ${formatGwei(ceilingWei)}.`,
  halted: ({ epoch, reason, mayBeAccepted }) => {
    const whatHelps = mayBeAccepted
      ? `Check it with "npx mdt epoch settle". If it is right, run "npx mdt keeper accept --epoch ${epoch}".`
      : "It can't be accepted. The keeper checks it again every minute.";
    return `Epoch ${epoch} is not signed: ${reason}. ${whatHelps}`;
  },
};

/** A keeper's event as one sentence for people. */
export const describeEvent = describeBy(keeperSentences);
/** An event that every service has, as one sentence for people. */
export const describeServiceEvent = describeBy(serviceSentences);
/** An event of a pool of endpoints as one sentence for people. */
export const describePoolEvent = describeBy(poolSentences);

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
