import { expect } from "chai";
import { keccak256 } from "viem";
import { batchesOf } from "../../../scripts/chain/rpc/gather";
import { type Answer } from "../../../scripts/chain/rpc/jsonRpc";
import { answerToSending, isRepeatable } from "../../../scripts/chain/rpc/sending";

const call = (method: string, ...params: unknown[]) => ({ method, params });
const send = call("eth_sendRawTransaction", "0x1234");
const refusal = (message: string): Answer => ({ kind: "error", error: { code: -32_000, message } });
const sent: Answer = { kind: "result", result: keccak256("0x1234") };

describe("What may be asked again", () => {
  it("is what reads, and sending what is signed; never what a node signs or mines itself", () => {
    expect(
      ["eth_call", "net_version", "eth_sendRawTransaction"].every((method) => isRepeatable(call(method))),
    ).to.equal(true);
    expect(["eth_sendTransaction", "evm_mine", "hardhat_reset"].some((method) => isRepeatable(call(method)))).to.equal(
      false,
    );
  });

  it("travels in batches of a size, in order; the rest travels alone, and nothing joins it", () => {
    const [read, mine] = [call("eth_call"), call("evm_mine")];
    const sizes = (...calls: readonly (typeof read)[]) => batchesOf(calls, 2).map((batch) => batch.length);
    expect(sizes(read, read, read, mine, read, read)).to.deep.equal([2, 1, 1, 2]);
    expect(sizes(mine, mine)).to.deep.equal([1, 1]);
    expect(sizes()).to.deep.equal([]);
  });
});

describe("The answer to sending what may have been sent before", () => {
  const answerTo = (answer: Answer, isOnChain: boolean) =>
    answerToSending(send, answer, (hash) => Promise.resolve(isOnChain && hash === keccak256("0x1234")));

  it("is the hash where the node has the bytes, or has them in a block", async () => {
    expect(await answerTo(refusal("already known"), false)).to.deep.equal(sent);
    expect(await answerTo(refusal("nonce too low"), true)).to.deep.equal(sent);
  });

  it("is the node's where the nonce is another's, where it refuses for something else, and where it accepts", async () => {
    for (const answer of [refusal("nonce too low"), refusal("insufficient funds"), sent]) {
      expect(await answerTo(answer, false)).to.equal(answer);
    }
    expect(await answerTo(refusal("insufficient funds"), true)).to.deep.equal(refusal("insufficient funds"));
  });

  it("is the node's to anything but sending", async () => {
    const answer = refusal("already known");
    expect(await answerToSending(call("eth_call"), answer, () => Promise.resolve(true))).to.equal(answer);
  });
});
