import { readFile } from "node:fs/promises";
import { type Address, getAddress, isAddressEqual, zeroAddress } from "viem";
import { autoStake, readAutoStake, readRecipient, setRecipient } from "../actions/claim";
import {
  claimMany,
  type ManyClaims,
  claimableRewards,
  claimableTree,
  claimAndStake,
  claimFor,
  type ClaimMade,
  type ClaimTerms,
} from "../actions/rewards";
import { siteOf } from "../actions/plan";
import { type CommandOutput } from "./command";
import { addressOf } from "../chain/signer";
import { openArchive } from "../keeper/archive/epochArchive";
import { addressProblem } from "../core/address";
import { sum } from "../core/fixedPoint";
import { counted, formatMdt, parseMdt } from "../show/amounts";
import { renderTable } from "../show/table";
import { listClaimable } from "../views/accounts";
import { chainAndSignerOf, chainOf } from "./context";
import { type Sending } from "./drafts";
import { parseAddress, parseGwei, parseHolder } from "./parameters";
import { type Context } from "./commandLine";
import { progressOnStderr } from "./terminal";
import { type Runs } from "./table";

export const rewards: Runs<"rewards", "income" | "tree"> = {
  async "auto-stake"({ validator: validatorText, ...sender }, context) {
    const validator = validatorText === "none" ? null : parseAddress("validator", validatorText);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const { sentence, transactionHash } = await autoStake(chain, signer, validator);
    return {
      json: { account: addressOf(signer), validator, transactionHash },
      text: transactionHash === null ? `Nothing to do: ${sentence}` : sentence,
    };
  },

  async claim({ stakeOn, min, maxGas, ...sender }, context) {
    const terms = termsOf({ min, maxGas });
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const archive = await openArchive(chain);
    return outputOf(
      stakeOn === undefined
        ? await claimFor(chain, archive, signer, addressOf(signer), terms)
        : await claimAndStake(chain, archive, signer, parseAddress("stake-on", stakeOn), terms),
    );
  },

  async "claim-for"({ account, file, min, maxGas, ...sender }, context) {
    const terms = termsOf({ min, maxGas });
    if ((account === undefined) === (file === undefined))
      throw new Error("Name one account with --account, or many with --file.");
    const many = file === undefined ? undefined : await readAccounts(file);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const archive = await openArchive(chain);
    if (many === undefined) {
      return outputOf(await claimFor(chain, archive, signer, parseAddress("account", account!), terms));
    }
    const claims = await claimMany(chain, archive, signer, many, terms, progressOnStderr());
    return { json: claims, text: describeMany(many.length, claims) };
  },

  async claimable({ min }, context) {
    const leastWei = min === undefined ? 0n : parseMdt(min);
    const chain = await chainOf(context);
    const { tree } = await claimableTree(chain, await openArchive(chain));
    const rows = tree === undefined ? [] : await listClaimable(chain, tree.list);
    const enough = rows.filter(({ claimableWei }) => claimableWei >= leastWei);
    const lines = enough.map(({ account, claimableWei }) => [account, formatMdt(claimableWei, 18)]);
    const nobody = `No account can claim ${min === undefined ? "anything" : `${min} MDT or more`}.`;
    return { json: enough, text: lines.length === 0 ? nobody : renderTable(["account", ">MDT"], lines) };
  },

  async proof({ account }, context) {
    const chain = await chainOf(context);
    const rewards = await claimableRewards(chain, await openArchive(chain), parseAddress("account", account));
    const { cumulativeWei, claimedWei, claimableWei, proof } = rewards;
    if (cumulativeWei === 0n) {
      const text = `${rewards.account} has no rewards yet, so there is no proof.`;
      return { json: rewards, text, exitCode: 1 };
    }
    return {
      json: rewards,
      text: [
        `earned    ${formatMdt(cumulativeWei, 18)} MDT`,
        `paid      ${formatMdt(claimedWei, 18)} MDT`,
        `claimable ${formatMdt(claimableWei, 18)} MDT`,
        ...proof.map((node, index) => `${index === 0 ? "proof    " : "         "} ${node}`),
      ].join("\n"),
    };
  },

  async recipient({ recipient: chosen, ...sender }, context) {
    if (chosen === undefined) return shownRecipient(sender, context);
    const recipient = chosen === "none" ? null : parseHolder("recipient", chosen);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await setRecipient(chain, signer, recipient);
    return {
      json: { account: addressOf(signer), recipient: outcome.recipient, transactionHash: outcome.transactionHash },
      text: outcome.transactionHash === null ? `Nothing to do: ${outcome.sentence}` : outcome.sentence,
    };
  },
};

/** Shows where the rewards of `--from` are paid; needs no key. */
async function shownRecipient({ from }: Pick<Sending, "from">, context: Context): Promise<CommandOutput> {
  const { chain, signer } = await chainAndSignerOf(context, { from, dryRun: true });
  const site = siteOf(chain, signer);
  const [recipient, validator] = await Promise.all([readRecipient(site, site.account), readAutoStake(site)]);
  const isOwn = isAddressEqual(recipient, site.account);
  const paid = `paid to ${isOwn ? "the account itself" : recipient}`;
  const where = isAddressEqual(validator, zeroAddress) ? paid : `staked with ${validator}`;
  return {
    json: { account: site.account, recipient, transactionHash: null },
    text: `Claims of ${site.account} are ${where}.`,
  };
}

function termsOf({ min, maxGas }: Readonly<Record<"min" | "maxGas", string | undefined>>): ClaimTerms {
  return {
    leastWei: min === undefined ? 0n : parseMdt(min),
    mostGasPriceWei: maxGas === undefined ? null : parseGwei("max-gas", maxGas),
  };
}

/** The addresses in a file, one per line, without empty lines and text after a "#". @throws Error naming the line. */
async function readAccounts(file: string): Promise<readonly Address[]> {
  const lines = (await readFile(file, "utf8")).split("\n").map((line) => line.replace(/#.*/, "").trim());
  return lines.flatMap((line, index) => {
    if (line === "") return [];
    const problem = addressProblem(line);
    if (problem !== undefined) throw new Error(`Line ${index + 1} of ${file} ${problem}.`);
    return [getAddress(line)];
  });
}

function outputOf({ rewards, paidWei, sentence, receipt, waitsFor }: ClaimMade): CommandOutput {
  const { account, epoch, cumulativeWei, claimableWei } = rewards;
  const earned = `${formatMdt(cumulativeWei, 18)} MDT`;
  const claimable = `Nothing to do: ${account} can claim ${formatMdt(claimableWei, 18)} MDT`;
  const text =
    waitsFor === null
      ? `${sentence} ${account} has earned ${earned} so far.`
      : waitsFor === "gas"
        ? `${claimable}, and gas costs more than --max-gas allows.`
        : claimableWei > 0n
          ? `${claimable}, which is less than --min.`
          : `Nothing to do: ${account} has been paid all it has earned so far, ${earned}.`;
  const transactionHash = receipt?.transactionHash ?? null;
  return { json: { account, epoch, cumulativeWei, paidWei, transactionHash, waitsFor }, text };
}

function describeMany(asked: number, { paid, transactionHashes, left }: ManyClaims): string {
  const later = left === 0 ? "" : ` ${counted(left, "account")} wait for cheaper gas.`;
  if (paid.length === 0) return `Nothing to do: none of the ${asked} accounts can be paid now.${later}`;
  const paidWei = sum(paid.map(({ amountWei }) => amountWei));
  return `Paid ${formatMdt(paidWei, 18)} MDT to ${paid.length} of ${counted(asked, "account")} in ${counted(transactionHashes.length, "transaction")}.${later}`;
}
