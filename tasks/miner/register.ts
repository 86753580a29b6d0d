import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { from } from "../shared/parameters";

command({
  scope: "miner",
  name: "register",
  description: "Become a miner: pay the registration price, get an id",
  params: { from },
  async run({ from: sender }, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { registerMiner } = await import("../../scripts/actions/miners");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const account = addressOf(signer);
    const { minerId, priceWei } = await registerMiner(chain, signer);
    return {
      json: { minerId, account, priceWei },
      text:
        priceWei === 0n
          ? `Nothing to do: ${account} is miner ${minerId} already.`
          : `${account} is miner ${minerId}; registering cost ${formatMdt(priceWei)} MDT.`,
    };
  },
});
