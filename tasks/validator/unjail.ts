import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "validator",
  name: "unjail",
  description: "Leave jail from the next epoch on",
  params: { from },
  async run({ from: sender }, hre) {
    const { unjail } = await import("../../scripts/actions/validatorTerms");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await unjail(chain, signer);
    return {
      json: outcome,
      text: outcome.changed
        ? `${outcome.validator} leaves jail with the next epoch.`
        : `Nothing to do: ${outcome.validator} is not jailed.`,
    };
  },
});
