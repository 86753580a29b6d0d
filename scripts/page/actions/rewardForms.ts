import { type Address, isAddressEqual, zeroAddress } from "viem";
import {
  planAutoStake,
  readAutoStake,
  claimableWei,
  planClaim,
  planClaimAndStake,
  planSetRecipient,
  readRecipient,
} from "../../actions/claim";
import { readStakeEpochs } from "../../actions/stakes";
import { formatExactMdt } from "../../show/amounts";
import { momentOf } from "../../show/moments";
import { treasuryPaused } from "../../show/refusalSentences";
import { type AccountAnswer, ApiError, getJson } from "../api";
import { type Action, choiceField, form, readAddress } from "./form";
import { validatorChoices } from "./stakeForms";

/** What an account has earned and can claim now, as the page's server reports it: amounts as wei. */
type Rewards = Awaited<ReturnType<typeof readRewards>>;

/** A claim needs a proof, which any keeper's server or the command line makes from the chain. */
const proofIsMissing =
  'The amount and its proof come from the page\'s server; "npx mdt rewards claim" works without the server.';

/** Asks the page's server, which has the tree. @throws ApiError if it can't answer; it says how to claim without it. */
async function readRewards(account: Address) {
  const answer = await getJson<AccountAnswer>(`/v1/accounts/${account}`).catch((error: unknown) => {
    throw error instanceof ApiError ? new ApiError(`${proofIsMissing} ${error.message}`) : error;
  });
  const { pending } = answer;
  return {
    account: answer.account as Address,
    recipient: answer.recipient as Address,
    epoch: answer.epoch,
    cumulativeWei: BigInt(answer.cumulativeWei),
    claimedWei: BigInt(answer.claimedWei),
    proof: answer.proof as readonly `0x${string}`[],
    paused: answer.paused,
    /** What the pending root will make claimable, and when (unix seconds); null if none is pending. */
    pending: pending && { moreWei: BigInt(pending.moreWei), claimableAt: pending.claimableAt },
  };
}

/** The state of an account's rewards, for itself (`You`) or for someone else. */
function describeRewards(rewards: Rewards, isOwn: boolean): readonly string[] {
  const { epoch, cumulativeWei, claimedWei, pending } = rewards;
  const [who, have] = isOwn ? ["You", "have"] : [rewards.account, "has"];
  if (epoch === null && pending === null) return ["No epoch with rewards has been settled yet."];
  const earned = `${who} ${have} earned ${formatExactMdt(cumulativeWei)} MDT up to epoch ${epoch ?? 0}, of which ${formatExactMdt(claimedWei)} MDT were paid.`;
  if (pending === null || pending.moreWei === 0n) return [earned];
  const from = momentOf(pending.claimableAt).text;
  return [earned, `${formatExactMdt(pending.moreWei)} MDT more can be claimed from ${from}.`];
}

/** Why nothing can be claimed now; null if something can. */
function whyNothing(rewards: Rewards, isOwn: boolean): string | null {
  if (rewards.paused) return treasuryPaused;
  if (claimableWei(rewards) > 0n) return null;
  return `There is nothing to claim. ${describeRewards(rewards, isOwn).join(" ")}`;
}

/** Pays out the account's own rewards. */
export const claimAction: Action = {
  id: "claim",
  title: "Claim",
  purpose: "Get your rewards paid out.",
  next: { sentence: "Stake what you were paid, so that it earns too.", hash: "#/do/delegate" },
  open: async (site) => {
    const rewards = await readRewards(site.account);
    const sentence = whyNothing(rewards, true);
    if (sentence !== null) return { nothing: [sentence] };
    return form({
      standing: describeRewards(rewards, true),
      fields: () => ({}),
      plan: () => planClaim(site, rewards),
    });
  },
};

/** Pays out someone else's rewards, to them; they are looked up when the form is filled. */
export const claimForAction: Action = {
  id: "claim-for",
  title: "Claim for another",
  purpose: "Pay the gas for someone else's claim. They get the rewards.",
  next: { sentence: "Look up another account.", hash: "#/mine" },
  open: (site) => {
    const hint = "The account whose rewards to claim. They are paid to that account, never to you.";
    return Promise.resolve(
      form({
        fields: () => ({ account: { label: "Account", hint, read: readAddress } }),
        plan: async ({ account }) => {
          const rewards = await readRewards(account);
          const sentence = whyNothing(rewards, isAddressEqual(account, site.account));
          return sentence === null ? planClaim(site, rewards) : { kind: "nothing", sentence };
        },
      }),
    );
  },
};

const validatorWords = { label: "Validator", hint: "Your own validator, or one to delegate to." };

/** Stakes the account's rewards without paying them out first. */
export const claimAndStakeAction: Action = {
  id: "claim-and-stake",
  title: "Claim and stake",
  purpose: "Stake your rewards, in one transaction.",
  next: { sentence: "See your stake, and when it takes effect, under Mine.", hash: "#/mine" },
  open: async (site) => {
    const [epochs, rewards, validators] = await Promise.all([
      readStakeEpochs(site),
      readRewards(site.account),
      validatorChoices(site),
    ]);
    const sentence = whyNothing(rewards, true);
    if (sentence !== null) return { nothing: [sentence] };
    return form({
      standing: describeRewards(rewards, true),
      fields: () => ({ validator: choiceField(validatorWords, validators) }),
      plan: ({ validator }) => planClaimAndStake(site, rewards, epochs, validator),
    });
  },
};

/** Makes every claim stake the account's rewards, no matter who claims them. */
export const autoStakeAction: Action = {
  id: "auto-stake",
  title: "Stake rewards automatically",
  purpose: "Stake your rewards with a validator whenever someone claims them.",
  next: { sentence: "See your stake under Mine: it grows with each claim.", hash: "#/mine" },
  open: async (site) => {
    const [current, epochs, validators] = await Promise.all([
      readAutoStake(site),
      readStakeEpochs(site),
      validatorChoices(site),
    ]);
    const choices = [{ value: zeroAddress, label: "None: pay me", meaning: null }, ...validators];
    const isPaid = isAddressEqual(current, zeroAddress);
    return form({
      standing: [isPaid ? "Your rewards are paid now." : `Your rewards are staked with ${current} now.`],
      fields: () => ({ validator: choiceField(validatorWords, choices) }),
      plan: ({ validator }) => planAutoStake(site, current, validator, epochs),
    });
  },
};

/** Chooses where the account's rewards are paid. */
export const setRecipientAction: Action = {
  id: "recipient",
  title: "Set a recipient",
  purpose: "Pay your rewards to another address with every claim.",
  next: { sentence: "Claim: claims now pay the recipient.", hash: "#/do/claim" },
  open: async (site) => {
    const current = await readRecipient(site, site.account);
    const isStaked = isAddressEqual(current, site.contracts.staking.address);
    const where = isAddressEqual(current, site.account) ? "yourself" : isStaked ? "your stake" : current;
    const hint = "Enter your own address to remove an earlier recipient.";
    return form({
      standing: [`Your rewards are currently paid to ${where}.`],
      fields: () => ({ recipient: { label: "Recipient", hint, read: readAddress } }),
      plan: ({ recipient }) => planSetRecipient(site, current, recipient),
    });
  },
};
