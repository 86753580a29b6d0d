import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";

command({
  scope: "validator",
  name: "unstake",
  description: "Take own stake or a delegation out; withdraw it three epochs later",
  params: {
    amount: { kind: "required", description: 'How much, in MDT, or "all"' },
    validator: { kind: "optional", description: "The validator that holds the delegation (default: the sender)" },
    from,
  },
  async run({ amount: amountMdt, validator: validatorText, from: sender }, hre) {
    const { formatMdt, parseMdt } = await import("../../scripts/show/amounts");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { everything, unstake } = await import("../../scripts/actions/validators");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const account = addressOf(signer);
    const validator = validatorText === undefined ? account : parseAddress("validator", validatorText);
    const asked = amountMdt === "all" ? everything : parseMdt(amountMdt);
    const taken = await unstake(chain, signer, validator, asked);
    return {
      json: { validator, account, ...taken },
      text: `${account} takes ${formatMdt(taken.amountWei)} MDT out of ${validator}; withdraw it from epoch ${taken.withdrawableEpoch} on.${taken.validatorLeft ? " It is no validator any more." : ""}`,
    };
  },
});
