import { expect } from "chai";
import { safeBatch } from "../../../scripts/keeper/settle/safeBatch";
import { accountOf } from "../../shared/rewardLists";

describe("A settlement as a file for a Safe", () => {
  it("is one call of the Treasury in the form that the Transaction Builder imports, without any coin", () => {
    const call = { chainId: 10, to: accountOf(1), data: "0x1234", name: "Epoch 7", createdAt: 1_700_000_000 } as const;
    expect(safeBatch(call)).to.deep.equal({
      version: "1.0",
      chainId: "10",
      createdAt: 1_700_000_000_000,
      meta: { name: "Epoch 7", description: "Settles one epoch of ModernTensor." },
      transactions: [
        { to: accountOf(1), value: "0", data: "0x1234", contractMethod: null, contractInputsValues: null },
      ],
    });
  });
});
