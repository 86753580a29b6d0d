import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";

command({
  scope: "validator",
  name: "operator",
  description: "Name the key that may act for your validator in daily business; it moves no money",
  params: {
    operator: { kind: "required", description: "Address of the key; your own for none but the owner's" },
    from,
  },
  async run({ operator: operatorText, from: sender }, hre) {
    const { setOperator } = await import("../../scripts/actions/validatorTerms");
    const operator = parseAddress("operator", operatorText);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await setOperator(chain, signer, operator);
    return {
      json: { ...outcome, operator },
      text: outcome.changed
        ? `${operator} may act for ${outcome.validator} from now on.`
        : `Nothing to do: ${operator} is the operator of ${outcome.validator} already.`,
    };
  },
});
