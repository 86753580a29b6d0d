import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { amount, from, parseAddress } from "../shared/parameters";

command({
  scope: "validator",
  name: "unstake",
  description: "Take own stake or a delegation out; withdraw it three epochs later",
  params: {
    amount,
    validator: { kind: "optional", description: "The validator that holds the delegation (default: the sender)" },
    from,
  },
  async run({ amount: amountMdt, validator: validatorText, from: sender }, hre) {
    const { formatMdt, parseMdt } = await import("../../scripts/client/amounts");
    const { addressOf } = await import("../../scripts/client/signer");
    const { unstake } = await import("../../scripts/client/validators");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const account = addressOf(signer);
    const validator = validatorText === undefined ? account : parseAddress("validator", validatorText);
    const amountWei = parseMdt(amountMdt);
    const { transactionHash } = await unstake(chain, signer, validator, amountWei);
    return {
      json: { validator, account, amountWei, transactionHash },
      text: `${account} takes ${formatMdt(amountWei)} MDT out of ${validator}; withdraw it at the start of the third epoch from now.`,
    };
  },
});
