import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseWhole } from "../shared/parameters";

command({
  scope: "validator",
  name: "commission",
  description: "Change your commission from the next epoch on",
  params: {
    commissionBps: { kind: "required", description: "The new commission in basis points, 0 to 1800" },
    from,
  },
  async run({ commissionBps: commissionText, from: sender }, hre) {
    const { setCommission } = await import("../../scripts/actions/validatorTerms");
    const commissionBps = parseWhole("commission-bps", commissionText, 10_000);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await setCommission(chain, signer, commissionBps);
    const percent = (commissionBps / 100).toFixed(2);
    return {
      json: { ...outcome, commissionBps },
      text: outcome.changed
        ? `The commission of ${outcome.validator} is ${percent} % from the next epoch on.`
        : `Nothing to do: the commission of ${outcome.validator} is ${percent} % already.`,
    };
  },
});
