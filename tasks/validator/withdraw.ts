import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";

command({
  scope: "validator",
  name: "withdraw",
  description: "Get paid what you took out of a validator earlier",
  params: {
    validator: { kind: "optional", description: "The validator it was taken out of (default: the sender)" },
    from,
  },
  async run({ validator: validatorText, from: sender }, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { withdraw } = await import("../../scripts/actions/validators");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const account = addressOf(signer);
    const validator = validatorText === undefined ? account : parseAddress("validator", validatorText);
    const amountWei = await withdraw(chain, signer, validator);
    return {
      json: { validator, account, amountWei },
      text:
        amountWei === 0n
          ? `Nothing to do: ${account} has nothing that can be withdrawn from ${validator} yet.`
          : `${account} was paid ${formatMdt(amountWei)} MDT out of ${validator}.`,
    };
  },
});
