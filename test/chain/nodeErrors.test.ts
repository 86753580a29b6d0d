import { expect } from "chai";
import { BaseError, keccak256 } from "viem";
import {
  answerToSending,
  isRangeRefusal,
  type SendingRefusal,
  sendingRefusalOf,
  verdictOf,
  wordsOf,
} from "../../scripts/chain/nodeErrors";
import { type Answer } from "../../scripts/chain/rpc/jsonRpc";

const call = (method: string, ...params: unknown[]) => ({ method, params });
const send = call("eth_sendRawTransaction", "0x1234");
const refusal = (message: string): Answer => ({ kind: "error", error: { code: -32_000, message } });
const sent: Answer = { kind: "result", result: keccak256("0x1234") };

/** What nodes say to a transaction, in their own words. */
const said: readonly (readonly [node: string, words: string, means: SendingRefusal | undefined])[] = [
  ["geth", "already known", "alreadyKnown"],
  ["geth before 1.9", "known transaction: 0x12", "alreadyKnown"],
  ["geth", "replacement transaction underpriced", "underpriced"],
  ["geth", "nonce too low: next nonce 8, tx nonce 7", "nonceTaken"],
  ["geth", "nonce too low: address 0x12, tx: 7 state: 8", "nonceTaken"],
  ["geth", "max fee per gas less than block base fee: address 0x1, maxFeePerGas: 1, baseFee: 2", "baseFeeRose"],
  ["Nethermind", "AlreadyKnown", "alreadyKnown"],
  ["Nethermind", "ReplacementNotAllowed", "underpriced"],
  ["Nethermind", "FeeTooLowToCompete", "underpriced"],
  ["Nethermind", "OldNonce, Current nonce: 8, nonce of rejected tx: 7", "nonceTaken"],
  ["Besu", "Known transaction", "alreadyKnown"],
  ["Besu", "Replacement transaction underpriced", "underpriced"],
  ["Besu", "Nonce too low", "nonceTaken"],
  ["Besu", "Gas price below current base fee", "baseFeeRose"],
  ["Erigon", "ALREADY_EXISTS: already known", "alreadyKnown"],
  ["Erigon", "INTERNAL_ERROR: existing tx with same hash", "alreadyKnown"],
  ["Erigon", "could not replace existing tx", "underpriced"],
  ["Erigon", "INTERNAL_ERROR: nonce too low", "nonceTaken"],
  ["Reth", "already known", "alreadyKnown"],
  ["Reth", "replacement transaction underpriced", "underpriced"],
  ["Reth", "nonce too low: next nonce 8, tx nonce 7", "nonceTaken"],
  ["Reth", "max fee per gas less than block base fee", "baseFeeRose"],
  ["anvil", "transaction already imported", "alreadyKnown"],
  ["anvil", "replacement transaction underpriced", "underpriced"],
  ["anvil", "nonce too low", "nonceTaken"],
  ["anvil", "max fee per gas less than block base fee", "baseFeeRose"],
  ["Hardhat", "Known transaction: 0x12", "alreadyKnown"],
  [
    "Hardhat",
    "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 5 is necessary to replace the existing transaction with nonce 3.",
    "underpriced",
  ],
  ["Hardhat", "Nonce too low. Expected nonce to be 8 but got 7.", "nonceTaken"],
  [
    "Hardhat",
    "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 2",
    "baseFeeRose",
  ],
  ["another", "transaction already in mempool", "alreadyKnown"],
  ["another", "transaction already exists", "alreadyKnown"],
  ["another", "Transaction with the same hash was already imported.", "alreadyKnown"],
  ["another", "old nonce", "nonceTaken"],
  ["another", "invalid nonce", "nonceTaken"],
  ["another", "Nonce 3 has already been used", "nonceTaken"],
  ["viem", "Nonce provided for the transaction is lower than the current nonce of the account.", "nonceTaken"],
  ["viem", "Nonce provided for the transaction (7) is lower than the current nonce of the account.", "nonceTaken"],
  ["viem", "The fee cap (`maxFeePerGas` = 1 gwei) cannot be lower than the block base fee.", "baseFeeRose"],
  ["any node", "nonce too high", undefined],
  ["any node", "insufficient funds for gas * price + value", undefined],
  ["any node", "execution reverted", undefined],
  ["nobody", "fetch failed", undefined],
];

describe("What a node says to a transaction", () => {
  for (const [node, words, means] of said) {
    it(`"${words.slice(0, 60)}", as ${node} says, means ${means ?? "something else"}`, () => {
      expect(sendingRefusalOf(words)).to.equal(means);
    });
  }

  it("is found in every error of a chain of causes, whatever viem calls it", () => {
    const cause = new BaseError("Nonce provided for the transaction is lower than the current nonce.", {
      cause: new Error("already known"),
    });
    expect(sendingRefusalOf(wordsOf(new Error("Outside.", { cause })))).to.equal("alreadyKnown");
    expect(sendingRefusalOf(wordsOf(new BaseError("It failed.", { details: "nonce too low" })))).to.equal("nonceTaken");
  });

  it("is understood where it is no error but words, or nothing", () => {
    expect(sendingRefusalOf(wordsOf("nonce too low"))).to.equal("nonceTaken");
    expect(sendingRefusalOf(wordsOf(undefined))).to.equal(undefined);
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

describe("What an endpoint's error means", () => {
  for (const [code, message, kind] of [
    [3, "execution reverted: 0x12", "answer"],
    [-32_005, "query returned more than 10000 results", "answer"],
    [-32_000, "nonce too low", "answer"],
    [429, "slow down", "limited"],
    [-32_000, "Too Many Requests", "limited"],
    [-32_005, "daily quota reached", "limited"],
    [-32_601, "the method trace_block does not exist", "elsewhere"],
    [-32_000, "missing trie node 0x12", "elsewhere"],
    [-32_603, "unexpected", "elsewhere"],
  ] as const) {
    it(`${code} "${message}" is ${kind === "answer" ? "the honest answer" : kind}`, () => {
      const verdict = verdictOf({ code, message });
      expect(verdict.kind === "fault" ? verdict.fault.kind : verdict.kind).to.equal(kind);
    });
  }

  it("an internal error with data is the answer: only a call that ran has any", () => {
    expect(verdictOf({ code: -32_603, message: "unexpected", data: "0x" }).kind).to.equal("answer");
  });

  it("a limit names its code, and never what the endpoint wrote", () => {
    const verdict = verdictOf({ code: -32_007, message: "100/second limit for key abc" });
    expect(verdict.kind === "fault" && verdict.fault.message).to.equal("answers that a limit is reached (-32007)");
  });

  for (const [message, isRefusal] of [
    ["block range is too large", true],
    ["eth_getLogs is limited to a 10,000 range", true],
    ["Log response size exceeded", true],
    ["query timeout exceeded", true],
    ["requests per second limited to 25 blocks", false],
    ["execution reverted", false],
  ] as const) {
    it(`"${message}" is ${isRefusal ? "" : "no "}refusal of a range`, () => {
      expect(isRangeRefusal(message)).to.equal(isRefusal);
    });
  }
});
