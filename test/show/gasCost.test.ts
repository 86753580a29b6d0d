import { expect } from "chai";
import { parseGwei } from "viem";
import { describeCost } from "../../scripts/show/amounts";

describe("The cost of gas for people", () => {
  const costOf = (gas: bigint, priceWei: bigint): string => describeCost({ gas, feeWei: gas * priceWei }, "ETH");

  it("is shown in the chain's coin, rounded up, with its parts", () => {
    expect(costOf(170_001n, parseGwei("1"))).to.equal("Gas costs about 0.000170001 ETH (171,000 gas at 1 gwei).");
    expect(costOf(1_234_567n, 1n)).to.equal("Gas costs about 0.000000001 ETH (1,235,000 gas at 0.000000001 gwei).");
  });
});
