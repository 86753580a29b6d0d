import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { amount, from } from "../shared/parameters";

command({
  scope: "validator",
  name: "stake",
  description: "Add to your own stake as a validator",
  params: { amount, from },
  async run({ amount: amountMdt, from: sender }, hre) {
    const { formatMdt, parseMdt } = await import("../../scripts/show/amounts");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { stake } = await import("../../scripts/actions/validators");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const amountWei = parseMdt(amountMdt);
    const { transactionHash } = await stake(chain, signer, amountWei);
    const validator = addressOf(signer);
    return {
      json: { validator, amountWei, transactionHash },
      text: `${validator} staked ${formatMdt(amountWei)} MDT; it counts from the epoch after the next.`,
    };
  },
});
