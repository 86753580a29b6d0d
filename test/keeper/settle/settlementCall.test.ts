import { expect } from "chai";
import { type Address, decodeFunctionData, numberToHex } from "viem";
import { buildRewardTree } from "../../../scripts/core/rewardTree/buildRewardTree";
import { type ComputedEpoch } from "../../../scripts/keeper/compute/computeSettlement";
import { settlementCall } from "../../../scripts/keeper/settle/settleEpoch";
import { addressOfContract, answeringChain } from "../../shared/answeringChain";
import { quietSettlement } from "../../shared/quietNetwork";

const account = (number: number): Address => numberToHex(0xabc000 + number, { size: 20 });

describe("The call that settles an epoch", () => {
  /** How many of `count` accounts, which have earned 5 wei each, the call pays, and in how many calls. */
  async function paidOf(
    count: number,
    upTo: number,
    { staking = 0, claimed = 0 }: { readonly staking?: number; readonly claimed?: number } = {},
  ): Promise<{ readonly paid: number; readonly functionName: string; readonly calls: number }> {
    const rewards = Array.from({ length: count }, (_, i) => ({ account: account(i), cumulativeWei: 5n }));
    const tree = await buildRewardTree({ chainId: 1n, treasury: addressOfContract("treasury") }, rewards);
    const numberOf = (one: Address): number => rewards.findIndex((reward) => reward.account === one.toLowerCase());
    const chain = answeringChain({
      views: {
        "treasury.claimedOf": (one: Address) => (numberOf(one) < claimed ? 5n : 4n),
        "treasury.claimRecipientOf": (one: Address) => (numberOf(one) < staking ? addressOfContract("staking") : one),
      },
    });
    const computed = { settlement: quietSettlement(0), tree };
    const { paid, calldata } = await settlementCall(chain, computed as unknown as ComputedEpoch, upTo, null);
    const { functionName, args } = decodeFunctionData({ abi: chain.contracts.settlementQuorum.abi, data: calldata });
    return { paid, functionName, calls: functionName === "multicall" ? args[0].length : 1 };
  }

  it("pays everyone with something to claim in the same transaction", async () => {
    expect(await paidOf(3, 3)).to.deep.equal({ paid: 3, functionName: "multicall", calls: 2 });
    expect(await paidOf(3, 3, { claimed: 1 })).to.include({ paid: 2 });
  });

  it("pays nobody if there are more accounts than it may pay, or all have claimed", async () => {
    expect(await paidOf(3, 2)).to.deep.equal({ paid: 0, functionName: "settleEpoch", calls: 1 });
    expect(await paidOf(3, 3, { claimed: 3 })).to.deep.equal({ paid: 0, functionName: "settleEpoch", calls: 1 });
  });

  it("stakes the rewards of at most ten accounts, as that takes more gas, and pays all others", async () => {
    expect(await paidOf(14, 14, { staking: 10 })).to.include({ paid: 14 });
    expect(await paidOf(14, 14, { staking: 12 })).to.include({ paid: 12 });
  });
});
