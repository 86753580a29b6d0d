import { expect } from "chai";
import { safeBatch } from "../../scripts/show/safeBatch";
import { accountOf } from "../shared/rewardLists";

describe("A batch file for a Safe", () => {
  it("lists the calls in order, in the format that the Transaction Builder imports, with a value of 0", () => {
    const calls = [
      { to: accountOf(1), data: "0x1234" },
      { to: accountOf(2), data: "0x56" },
    ] as const;
    const about = { chainId: 10, name: "Stake", description: "You stake.", createdAt: 1_700_000_000 };
    expect(safeBatch({ ...about, calls })).to.deep.equal({
      version: "1.0",
      chainId: "10",
      createdAt: 1_700_000_000_000,
      meta: { name: "Stake", description: "You stake." },
      transactions: [
        { to: accountOf(1), data: "0x1234", value: "0", contractMethod: null, contractInputsValues: null },
        { to: accountOf(2), data: "0x56", value: "0", contractMethod: null, contractInputsValues: null },
      ],
    });
  });
});
