import { chainAndSignerOf } from "../shared/chain";
import { command } from "../shared/command";
import { amount, from, parseAddress, parseWhole } from "../shared/parameters";

command({
  scope: "validator",
  name: "register",
  description: "Become a validator: pay the registration price and stake",
  params: {
    amount,
    commissionBps: { kind: "optional", description: "Commission in basis points, 0 to 1800 (default 0)" },
    operator: { kind: "optional", description: "Address of the key for daily business (default: the sender)" },
    from,
  },
  async run({ amount: amountMdt, commissionBps = "0", operator, from: sender }, hre) {
    const { formatMdt, parseMdt } = await import("../../scripts/show/amounts");
    const { registerValidator } = await import("../../scripts/actions/validators");
    const { addressOf } = await import("../../scripts/chain/signer");
    const { chain, signer } = await chainAndSignerOf(hre, sender);
    const stakeWei = parseMdt(amountMdt);
    const registration = await registerValidator(chain, signer, {
      stakeWei,
      commissionBps: parseWhole("commission-bps", commissionBps, 10_000),
      operator: operator === undefined ? undefined : parseAddress("operator", operator),
    });
    const validator = addressOf(signer);
    if (registration.kind === "alreadyRegistered") {
      const { ownWei, commissionBps: bps } = registration;
      return {
        json: { validator, stakeWei: ownWei, priceWei: 0n, transactionHash: null },
        text: `Nothing to do: ${validator} is a validator already, with ${formatMdt(ownWei)} MDT of its own and a commission of ${bps / 100} %. "npx hardhat validator stake" adds stake, "validator commission" changes the commission.`,
      };
    }
    const { priceWei, transactionHash } = registration;
    return {
      json: { validator, stakeWei, priceWei, transactionHash },
      text: `${validator} is a validator with ${formatMdt(stakeWei)} MDT at stake; registering cost ${formatMdt(priceWei)} MDT.`,
    };
  },
});
