import { expect } from "chai";
import { batchesOf } from "../../../scripts/chain/rpc/exchange";
import { isRepeatable } from "../../../scripts/chain/rpc/jsonRpc";

const call = (method: string) => ({ method, params: [] });

describe("A call that may be repeated", () => {
  it("reads, or sends a signed transaction; it never makes a node sign or mine", () => {
    expect(
      ["eth_call", "net_version", "eth_sendRawTransaction"].every((method) => isRepeatable(call(method))),
    ).to.equal(true);
    expect(["eth_sendTransaction", "evm_mine", "hardhat_reset"].some((method) => isRepeatable(call(method)))).to.equal(
      false,
    );
  });

  it("is sent in batches up to a size, in order; any other call is sent alone", () => {
    const [read, mine] = [call("eth_call"), call("evm_mine")];
    const sizes = (...calls: readonly (typeof read)[]) => batchesOf(calls, 2).map((batch) => batch.length);
    expect(sizes(read, read, read, mine, read, read)).to.deep.equal([2, 1, 1, 2]);
    expect(sizes(mine, mine)).to.deep.equal([1, 1]);
    expect(sizes()).to.deep.equal([]);
  });
});
