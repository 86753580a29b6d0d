import { expect } from "chai";
import { BaseError, InvalidParamsRpcError, InvalidRequestRpcError, keccak256, RpcRequestError } from "viem";
import {
  answerToSending,
  nodeSentenceOf,
  saysCoinIsMissing,
  type SendingRefusal,
  sendingRefusalOf,
  tooLongCode,
  classify,
  wordsOf,
} from "../../scripts/chain/nodeErrors";
import { type Answer, type Call } from "../../scripts/chain/rpc/jsonRpc";

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
  ["another node", "transaction already in mempool", "alreadyKnown"],
  ["another node", "transaction already exists", "alreadyKnown"],
  ["another node", "Transaction with the same hash was already imported.", "alreadyKnown"],
  ["another node", "old nonce", "nonceTaken"],
  ["another node", "invalid nonce", "nonceTaken"],
  ["another node", "Nonce 3 has already been used", "nonceTaken"],
  ["viem", "Nonce provided for the transaction is lower than the current nonce of the account.", "nonceTaken"],
  ["viem", "Nonce provided for the transaction (7) is lower than the current nonce of the account.", "nonceTaken"],
  ["viem", "The fee cap (`maxFeePerGas` = 1 gwei) cannot be lower than the block base fee.", "baseFeeRose"],
  ["any node", "nonce too high", undefined],
  ["any node", "insufficient funds for gas * price + value", undefined],
  ["any node", "execution reverted", undefined],
  ["a failed request", "fetch failed", undefined],
];

describe("A node's refusal of a transaction", () => {
  for (const words of [
    "insufficient funds for gas * price + value: address 0x12 have 0 want 5",
    "Sender doesn't have enough funds to send tx. The max upfront cost is: 5 and the sender's balance is: 0.",
    "Upfront cost exceeds account balance (transaction up-front cost 0x5 exceeds transaction sender account balance 0x0)",
    "InsufficientFunds, Account balance: 0, cumulative cost: 5: insufficient funds",
  ]) {
    it(`"${words.slice(0, 40)}…" means that coin for gas is missing`, () => {
      expect(saysCoinIsMissing(words)).to.equal(true);
      expect(saysCoinIsMissing("ERC20InsufficientBalance(0x1, 0, 5)")).to.equal(false);
    });
  }

  for (const [node, words, means] of said) {
    it(`"${words.slice(0, 60)}", as ${node} says, means ${means ?? "something else"}`, () => {
      expect(sendingRefusalOf(words)).to.equal(means);
    });
  }

  it("is found anywhere in a chain of causes, even if viem calls it something else", () => {
    const cause = new BaseError("Nonce provided for the transaction is lower than the current nonce.", {
      cause: new Error("already known"),
    });
    expect(sendingRefusalOf(wordsOf(new Error("Outside.", { cause })))).to.equal("alreadyKnown");
    expect(sendingRefusalOf(wordsOf(new BaseError("It failed.", { details: "nonce too low" })))).to.equal("nonceTaken");
  });

  it("is also found in a text, and in a plain error, but not in undefined", () => {
    expect(sendingRefusalOf(wordsOf("nonce too low"))).to.equal("nonceTaken");
    expect(sendingRefusalOf(wordsOf(new Error("nonce too low")))).to.equal("nonceTaken");
    expect(sendingRefusalOf(wordsOf(undefined))).to.equal(undefined);
  });
});

describe("The answer to a transaction that may have been sent before", () => {
  const answerTo = (answer: Answer, isOnChain: boolean) =>
    answerToSending(send, answer, (hash) => Promise.resolve(isOnChain && hash === keccak256("0x1234")));

  it("is its hash if the node already knows it, or has it in a block", async () => {
    expect(await answerTo(refusal("already known"), false)).to.deep.equal(sent);
    expect(await answerTo(refusal("nonce too low"), true)).to.deep.equal(sent);
  });

  it("is the node's own if another one used the nonce, if it refuses for another reason, or if it accepts", async () => {
    for (const answer of [refusal("nonce too low"), refusal("insufficient funds"), sent]) {
      expect(await answerTo(answer, false)).to.equal(answer);
    }
    expect(await answerTo(refusal("insufficient funds"), true)).to.deep.equal(refusal("insufficient funds"));
  });

  it("is the node's own for any other call", async () => {
    const answer = refusal("already known");
    expect(await answerToSending(call("eth_call"), answer, () => Promise.resolve(true))).to.equal(answer);
  });
});

describe("The meaning of an endpoint's error", () => {
  const logs = (fromBlock: string, toBlock: string) => call("eth_getLogs", { fromBlock, toBlock });
  const oneBlock = logs("0x5", "0x5");
  const range = logs("0x1", "0x3e8");
  const meaning = (asked: Call, code: number, message: string, data?: unknown): string => {
    const found = classify(asked, { code, message, data });
    return found.kind === "fault" ? found.fault.kind : found.kind;
  };

  for (const [code, message, kind] of [
    [3, "execution reverted: 0x12", "answer"],
    [-32_000, "insufficient funds", "doubt"],
    [-32_600, "words that nobody knows", "doubt"],
    [429, "slow down", "limited"],
    [-32_000, "Too Many Requests", "limited"],
    [-32_005, "words that nobody knows", "limited"],
    [-32_005, "block range too large", "limited"],
    [-32_000, "your plan's compute units are used up", "limited"],
    [-32_601, "the method trace_block does not exist", "elsewhere"],
    [-32_000, "missing trie node 0x12", "elsewhere"],
    [-32_603, "unexpected", "elsewhere"],
  ] as const) {
    it(`${code} "${message}" to a call is ${kind === "answer" ? "the honest answer" : kind}`, () => {
      expect(meaning(call("eth_call"), code, message)).to.equal(kind);
    });
  }

  for (const [code, message, kind] of [
    [-32_600, "words that nobody knows", "doubt"],
    [-32_601, "words that nobody knows", "doubt"],
    [-32_603, "internal error", "doubt"],
    [-32_000, "header not found", "doubt"],
    [-32_005, "query returned more than 10000 results", "doubt"],
    [429, "block range too large", "doubt"],
    [-32_000, "the range exceeds your quota of compute units", "doubt"],
    [-32_005, "limit exceeded", "eitherLimit"],
    [-32_000, "quota exhausted", "eitherLimit"],
    [429, "slow down", "limited"],
    [-32_007, "100/second request limit reached", "limited"],
    [-32_005, "project ID request rate exceeded", "limited"],
    [-32_016, "over rate limit", "limited"],
    [-32_000, "requests per second limited to 25 blocks", "limited"],
    [tooLongCode, "answered more than 5 bytes", "answer"],
  ] as const) {
    it(`${code} "${message}" to a range of logs is ${kind === "answer" ? "the last word" : kind}`, () => {
      expect(meaning(range, code, message)).to.equal(kind);
    });
  }

  it("is different if a single block was requested, which can't be split", () => {
    expect(meaning(oneBlock, -32_005, "limit exceeded")).to.equal("limited");
    expect(meaning(oneBlock, -32_005, "query returned more than 10000 results")).to.equal("doubt");
    expect(meaning(oneBlock, -32_000, "header not found")).to.equal("elsewhere");
    expect(meaning(oneBlock, tooLongCode, "answered more than 5 bytes")).to.equal("doubt");
  });

  it("is also found in the text of its data", () => {
    expect(meaning(range, -32_602, "invalid params", { reason: ["requests per second"] })).to.equal("limited");
  });

  it("is the honest answer if it has the data of a call: only a call that ran has any", () => {
    expect(meaning(call("eth_call"), -32_603, "unexpected", "0x")).to.equal("answer");
  });

  it("shows a limit's code, and never the endpoint's own text", () => {
    const found = classify(call("eth_call"), { code: -32_007, message: "100/second limit for key abc" });
    expect(found.kind === "fault" && found.fault.message).to.equal("reported a reached limit (-32007)");
  });
});

describe("A node's own sentence", () => {
  const said = (code: number, message: string, data?: unknown) =>
    new RpcRequestError({ body: {}, url: "http://x", error: { code, message, data } });

  it("replaces viem's general sentence about its code", () => {
    const words = "Upgrade to PAYG for a larger block range.";
    expect(nodeSentenceOf(new InvalidRequestRpcError(said(-32_600, words)))).to.equal(words);
    expect(nodeSentenceOf(said(-32_600, words))).to.equal(words);
  });

  it("includes the texts in its data, but no bytes", () => {
    const data = { payload: "range 9009594 is bigger than range limit 2000", bytes: "0x12" };
    expect(nodeSentenceOf(new InvalidParamsRpcError(said(-32_602, "invalid params", data)))).to.equal(
      "invalid params: range 9009594 is bigger than range limit 2000",
    );
    expect(nodeSentenceOf(said(-32_602, "invalid params", "0x12"))).to.equal("invalid params");
  });

  it("is left to viem if viem says more, if no node answered, or if it is empty", () => {
    const cause = said(-32_000, "insufficient funds for gas * price + value");
    expect(nodeSentenceOf(new BaseError("The account lacks coin.", { cause }))).to.equal(undefined);
    expect(nodeSentenceOf(new BaseError("HTTP request failed."))).to.equal(undefined);
    expect(nodeSentenceOf(new Error("no"))).to.equal(undefined);
    expect(nodeSentenceOf(said(-32_000, ""))).to.equal(undefined);
  });
});
