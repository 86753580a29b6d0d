import { type Address } from "viem";
import { describeProduce, produceSlot, reportMissedReveals } from "../actions/duties";
import { setProfile } from "../actions/profile";
import { delegate, stake } from "../actions/stakes";
import { everything, redelegate, stakedOn, unstake, withdraw } from "../actions/unstakes";
import { registerValidator, setCommission, setOperator, unjail } from "../actions/validators";
import { fromEpochWords, waitUntil } from "../actions/waiting";
import { startOf } from "../views/epochTimes";
import { addressOf, type Signer } from "../chain/signer";
import { formatMdt, parseMdt } from "../show/amounts";
import { type CommandOutput } from "./command";
import { chainAndSignerOf } from "./context";
import { parseAddress, parseWhole } from "./parameters";
import { tell } from "./terminal";
import { type Runs } from "./table";

export const validator: Runs<"validator", "start" | "leaders" | "list"> = {
  async commission({ commissionBps: commissionText, ...sender }, context) {
    const commissionBps = parseWhole("commission-bps", commissionText, 10_000);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await setCommission(chain, signer, commissionBps);
    const percent = (commissionBps / 100).toFixed(2);
    return {
      json: { ...outcome, commissionBps },
      text: outcome.changed
        ? `The commission of ${outcome.validator} will be ${percent} % from the next epoch.`
        : `Nothing to do: the commission of ${outcome.validator} is already ${percent} %.`,
    };
  },

  async delegate({ validator: validatorText, amount: amountMdt, ...sender }, context) {
    const validator = parseAddress("validator", validatorText);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const [account, amountWei] = [addressOf(signer), parseMdt(amountMdt)];
    const { receipt, outcome } = await delegate(chain, signer, validator, amountWei);
    return {
      json: { validator, account, amountWei, transactionHash: receipt.transactionHash },
      text: outcome.sentence,
    };
  },

  async operator({ operator: operatorText, ...sender }, context) {
    const operator = parseAddress("operator", operatorText);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await setOperator(chain, signer, operator);
    return {
      json: { ...outcome, operator },
      text: outcome.changed
        ? `${operator} is now the operator of ${outcome.validator}.`
        : `Nothing to do: ${operator} is already the operator of ${outcome.validator}.`,
    };
  },

  async produce(sender, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await produceSlot(chain, signer);
    return { json: outcome, text: describeProduce(outcome) };
  },

  async profile({ name, site, contact, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const { profile, sentence, transactionHash } = await setProfile(chain, signer, { name, site, contact });
    return {
      json: { account: addressOf(signer), ...profile, transactionHash },
      text: transactionHash === null ? `Nothing to do: ${sentence}` : sentence,
    };
  },

  async redelegate({ validator: validatorText, to: toText, amount: amountMdt, ...sender }, context) {
    const [validator, to] = [parseAddress("validator", validatorText), parseAddress("to", toText)];
    const asked = amountMdt === "all" ? everything : parseMdt(amountMdt);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const account = addressOf(signer);
    if (asked === everything && (await stakedOn(chain, signer, validator)) === 0n) {
      return nothingStaked(account, validator);
    }
    const { receipt, outcome } = await redelegate(chain, signer, validator, to, asked);
    const { amountWei, countsFrom } = outcome;
    return {
      json: { validator, to, account, amountWei, countsFrom, transactionHash: receipt.transactionHash },
      text: outcome.sentence,
    };
  },

  async register({ amount: amountMdt, commissionBps = "0", operator, wait, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const stakeWei = parseMdt(amountMdt);
    const registration = await registerValidator(chain, signer, {
      stakeWei,
      commissionBps: parseWhole("commission-bps", commissionBps, 10_000),
      operator: operator === undefined ? undefined : parseAddress("operator", operator),
    });
    const validator = addressOf(signer);
    const isNew = registration.kind === "registered";
    const { countsFrom } = isNew ? registration.outcome : registration;
    const counts = countsFrom === null ? "" : ` It counts ${await fromEpochWords(chain, countsFrom)}.`;
    if (wait && countsFrom !== null) await waitUntil(chain, startOf(chain, countsFrom), `epoch ${countsFrom}`, tell);
    if (!isNew) {
      const { ownWei, commissionBps: bps } = registration;
      return {
        json: { validator, stakeWei: ownWei, priceWei: 0n, countsFrom, transactionHash: null },
        text: `Nothing to do: ${validator} is already a validator, with ${formatMdt(ownWei)} MDT of its own and a commission of ${bps / 100} %.${counts} "npx mdt validator stake" adds stake, "validator commission" changes the commission.`,
      };
    }
    const { priceWei } = registration.outcome;
    return {
      json: { validator, stakeWei, priceWei, countsFrom, transactionHash: registration.receipt.transactionHash },
      text: `${validator} is a validator with ${formatMdt(stakeWei)} MDT at stake; registering cost ${formatMdt(priceWei)} MDT.${counts}`,
    };
  },

  async report({ validator: validatorText, ...sender }, context) {
    const validator = parseAddress("validator", validatorText);
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await reportMissedReveals(chain, signer, validator);
    return {
      json: outcome,
      text:
        outcome.kind === "reported"
          ? `${validator} revealed nothing for epochs ${outcome.epochs.join(", ")}: ${formatMdt(outcome.slashedWei)} MDT were slashed, and it is in jail from the next epoch.`
          : `Nothing to do: ${validator} has ${outcome.misses.length} unreported missed reveals, and a report needs ${outcome.needed} within eight epochs.`,
    };
  },

  async stake({ amount: amountMdt, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const [validator, amountWei] = [addressOf(signer), parseMdt(amountMdt)];
    const { receipt, outcome } = await stake(chain, signer, amountWei);
    return {
      json: { validator, amountWei, transactionHash: receipt.transactionHash },
      text: outcome.sentence,
    };
  },

  async unjail(sender, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const outcome = await unjail(chain, signer);
    return {
      json: outcome,
      text: outcome.changed
        ? `${outcome.validator} leaves jail in the next epoch.`
        : `Nothing to do: ${outcome.validator} is not jailed.`,
    };
  },

  async unstake({ amount: amountMdt, validator: validatorText, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const { account, validator } = stakeOf(signer, validatorText);
    const asked = amountMdt === "all" ? everything : parseMdt(amountMdt);
    if (asked === everything && (await stakedOn(chain, signer, validator)) === 0n) {
      return nothingStaked(account, validator);
    }
    const { receipt, outcome } = await unstake(chain, signer, validator, asked);
    const { amountWei, withdrawableEpoch, validatorLeft } = outcome;
    const taken = { amountWei, withdrawableEpoch, validatorLeft, transactionHash: receipt.transactionHash };
    return {
      json: { validator, account, ...taken },
      text: `${account} is taking ${formatMdt(amountWei)} MDT out of ${validator}. Withdraw it from epoch ${withdrawableEpoch}.${validatorLeft ? " The account is no longer a validator." : ""}`,
    };
  },

  async withdraw({ validator: validatorText, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const { account, validator } = stakeOf(signer, validatorText);
    const amountWei = await withdraw(chain, signer, validator);
    return {
      json: { validator, account, amountWei },
      text:
        amountWei === 0n
          ? `Nothing to do: ${account} has nothing to withdraw from ${validator} yet.`
          : `${account} was paid ${formatMdt(amountWei)} MDT out of ${validator}.`,
    };
  },
};

/** The output for "all" if nothing is staked. */
function nothingStaked(account: Address, validator: Address): CommandOutput {
  const text = `Nothing to do: ${account} has nothing at stake on ${validator}.`;
  return { json: { validator, account, amountWei: 0n }, text };
}

/** The stake that is meant: the signer's, on the validator that the option names, or else on itself. */
function stakeOf(signer: Signer, validator: string | undefined) {
  const account = addressOf(signer);
  return { account, validator: validator === undefined ? account : parseAddress("validator", validator) };
}
