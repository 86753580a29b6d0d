import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from, parseAddress } from "../shared/parameters";

command({
  scope: "validator",
  name: "report",
  description: "Report a validator that stopped revealing: it is slashed and jailed; anybody may",
  params: { validator: { kind: "required", description: "Who revealed nothing" }, from },
  async run({ validator: validatorText, from: sender }, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { reportMissedReveals } = await import("../../scripts/actions/missedReveals");
    const validator = parseAddress("validator", validatorText);
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await reportMissedReveals(chain, signer, validator);
    return {
      json: outcome,
      text:
        outcome.kind === "reported"
          ? `${validator} revealed nothing up to epoch ${outcome.lastEpoch}: ${formatMdt(outcome.slashedWei)} MDT were slashed, and it is jailed from the next epoch on.`
          : `Nothing to do: ${validator} has ${outcome.misses} missed reveals in a row that nobody reported, and ${outcome.needed} make a report.`,
    };
  },
});
