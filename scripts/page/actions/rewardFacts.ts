import { type Address, type Hex, isAddressEqual, type Log, parseEventLogs } from "viem";
import { type Contracts } from "../../chain/contracts";
import { formatExactMdt } from "../../show/amounts";
import { ApiError, getJson } from "../api/getJson";
import { timeWords } from "./epochWords";

/** What an account has earned and can claim now, with the proof that the Treasury takes; amounts in wei. */
export interface RewardFacts {
  readonly account: Address;
  /** Where it is paid: another address only if it chose one. */
  readonly recipient: Address;
  /** The last epoch that the claimable root includes; null while nobody was ever rewarded. */
  readonly epoch: number | null;
  readonly cumulativeWei: bigint;
  readonly claimedWei: bigint;
  readonly proof: readonly Hex[];
  /** What becomes claimable when the pending root does, and when (unix seconds); null where none is pending. */
  readonly pending: { readonly moreWei: bigint; readonly claimableAt: number } | null;
  readonly paused: boolean;
}

/** The API's answer: amounts as decimal strings. */
interface AccountAnswer extends Omit<RewardFacts, "cumulativeWei" | "claimedWei" | "pending"> {
  readonly cumulativeWei: string;
  readonly claimedWei: string;
  readonly pending: { readonly moreWei: string; readonly claimableAt: number } | null;
}

/** A claim takes a proof, which any keeper's server or the command line makes from the chain. */
const proofIsMissing =
  'What you can claim, and the proof for it, come from the page\'s server; "npx hardhat rewards claim" works without it.';

/** Asks the page's server, which has the tree. @throws ApiError where it can't say: with the way to claim without it. */
export async function readRewards(account: Address): Promise<RewardFacts> {
  const answer = await getJson<AccountAnswer>(`/v1/accounts/${account}`).catch((error: unknown) => {
    throw error instanceof ApiError ? new ApiError(`${proofIsMissing} ${error.message}`) : error;
  });
  const { pending } = answer;
  return {
    ...answer,
    cumulativeWei: BigInt(answer.cumulativeWei),
    claimedWei: BigInt(answer.claimedWei),
    pending: pending && { moreWei: BigInt(pending.moreWei), claimableAt: pending.claimableAt },
  };
}

/** What the account can claim now if claims are not paused. */
export function claimableWei({ cumulativeWei, claimedWei }: RewardFacts): bigint {
  return cumulativeWei > claimedWei ? cumulativeWei - claimedWei : 0n;
}

/** How an account stands, for itself (`You`) or for somebody else. */
export function describeRewards(rewards: RewardFacts, isOwn: boolean): readonly string[] {
  const { epoch, cumulativeWei, claimedWei, pending } = rewards;
  const [who, have, were] = isOwn ? ["You", "have", "were"] : [rewards.account, "has", "was"];
  if (epoch === null && pending === null) return ["No epoch with rewards has been settled yet."];
  const earned = `${who} ${have} earned ${formatExactMdt(cumulativeWei)} MDT up to epoch ${epoch ?? 0}, and ${were} paid ${formatExactMdt(claimedWei)} MDT of it.`;
  if (pending === null || pending.moreWei === 0n) return [earned];
  return [
    earned,
    `${formatExactMdt(pending.moreWei)} MDT more can be claimed from ${timeWords(pending.claimableAt)} on.`,
  ];
}

/** Why nothing can be claimed now; null where something can. */
export function whyNothing(rewards: RewardFacts, isOwn: boolean): string | null {
  if (rewards.paused) {
    return "Claims are paused by the network's guardian. Nothing is lost: what was earned stays claimable when they go on.";
  }
  if (claimableWei(rewards) > 0n) return null;
  return `There is nothing to claim. ${describeRewards(rewards, isOwn).join(" ")}`;
}

/** What a claim really paid. */
export function paidWei(treasury: Contracts["treasury"], account: Address, logs: readonly Log[]): bigint {
  return parseEventLogs({ abi: treasury.abi, eventName: "Claimed", logs: [...logs] })
    .filter(({ args }) => isAddressEqual(args.account, account))
    .reduce((sumWei, { args }) => sumWei + args.amount, 0n);
}
