import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { amount, from, parseAddress } from "../shared/parameters";

command({
  scope: "validator",
  name: "delegate",
  description: "Delegate to a validator",
  params: { validator: { kind: "required", description: "Whom to delegate to" }, amount, from },
  async run({ validator: validatorText, amount: amountMdt, from: sender }, hre) {
    const { formatMdt, parseMdt } = await import("../../scripts/show/amounts");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { delegate } = await import("../../scripts/actions/validators");
    const validator = parseAddress("validator", validatorText);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const amountWei = parseMdt(amountMdt);
    const { transactionHash } = await delegate(chain, signer, validator, amountWei);
    const account = addressOf(signer);
    return {
      json: { validator, account, amountWei, transactionHash },
      text: `${account} delegated ${formatMdt(amountWei)} MDT to ${validator}; it counts from the epoch after the next.`,
    };
  },
});
