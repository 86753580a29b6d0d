import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "validator",
  name: "produce",
  description: "Produce the running slot if your validator leads it, and be paid the block reward",
  params: { from },
  async run({ from: sender }, hre) {
    const { describeProduce } = await import("../../scripts/actions/describeProduce");
    const { produceSlot } = await import("../../scripts/actions/produce");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const outcome = await produceSlot(chain, signer);
    return { json: outcome, text: describeProduce(outcome) };
  },
});
