import { expect } from "chai";
import { type Hex, keccak256 } from "viem";
import { flawOf, isNothing } from "../../../scripts/chain/rpc/shapes";

const hash: Hex = `0x${"ab".repeat(32)}`;
const address: Hex = `0x${"cd".repeat(20)}`;
const other: Hex = `0x${"ef".repeat(20)}`;
const block = { number: "0x10", hash, timestamp: "0x65000000", transactions: [], baseFeePerGas: "0x7" };
const log = {
  ...{ address, topics: [hash], data: "0x", blockNumber: "0x10", blockHash: hash },
  ...{ transactionHash: hash, transactionIndex: "0x0", logIndex: "0x3", removed: false },
};
const receipt = { transactionHash: hash, blockNumber: "0x10", gasUsed: "0x1", logs: [log], status: "0x1" };
const range = { address, topics: [[hash]], fromBlock: "0x10", toBlock: "0x20" };

/** Whether `result` is a possible answer to a call. */
const canBe = (method: string, params: readonly unknown[], result: unknown): boolean =>
  flawOf({ method, params }, result) === undefined;

describe("An answer", () => {
  for (const [method, params, right, wrong] of [
    ["eth_blockNumber", [], ["0x0", "0x10"], ["-0x1", "0x", 16, null, "10", "0x20000000000000"]],
    ["eth_getTransactionCount", [address, "latest"], ["0x0"], ["-0x1", null, "0x20000000000000", {}]],
    ["eth_estimateGas", [{}], ["0x5208"], ["0x", "0xffffffffffffffff"]],
    ["eth_getBalance", [address, "latest"], ["0x0", `0x${"f".repeat(64)}`], ["-0x1", null, `0x1${"0".repeat(64)}`]],
    ["eth_maxPriorityFeePerGas", [], ["0x0"], ["-0x1", "", null]],
    ["eth_gasPrice", [], ["0x0"], ["-0x1"]],
    ["eth_chainId", [], ["0x1"], [1]],
    ["eth_call", [{}], ["0x", "0x00ff", "0xFF"], ["0x0", "ff", null, 0, "0xzz"]],
    ["eth_getCode", [address], ["0x", "0x60"], [null, "0x6"]],
    ["eth_sendTransaction", [{}], [hash], ["0x", null, `${hash}00`]],
    ["eth_sendRawTransaction", ["0x1234"], [keccak256("0x1234")], [hash, null, "0x"]],
    ["eth_getTransactionByHash", [hash], [null, { hash }], [{ hash: keccak256(hash) }, "0x", {}]],
    [
      "eth_getBlockByNumber",
      ["0x10", false],
      [null, block, { ...block, hash: hash.toUpperCase().replace("X", "x") }],
      [
        [],
        "0x",
        { ...block, number: "0x11" },
        { ...block, number: null },
        { ...block, hash: "0x12" },
        { ...block, timestamp: "0x1" },
        { ...block, timestamp: "0x3fffffff" },
        { ...block, timestamp: "0x10000000000" },
        { ...block, timestamp: undefined },
        { ...block, baseFeePerGas: "-0x1" },
        { ...block, gasUsed: "x" },
        { ...block, transactions: {} },
      ],
    ],
    ["eth_getBlockByNumber", ["latest", false], [block, { ...block, number: "0x99" }], [{ ...block, number: null }]],
    [
      "eth_getBlockByNumber",
      ["pending", false],
      [
        { ...block, number: null, hash: null },
        { ...block, timestamp: "0x40000000" },
      ],
      [
        { ...block, number: "-1" },
        { ...block, timestamp: "0x2" },
      ],
    ],
    [
      "eth_getBlockByNumber",
      ["0x0", false],
      [{ ...block, number: "0x0", timestamp: "0x0" }],
      [{ ...block, number: "0x0", timestamp: "0x10000000000" }],
    ],
    [
      "eth_getLogs",
      [range],
      [[], [log], [{ ...log, blockNumber: "0x20", address: address.toUpperCase().replace("X", "x") }]],
      [
        null,
        {},
        "0x",
        [null],
        [{ ...log, blockNumber: "0xf" }],
        [{ ...log, blockNumber: "0x21" }],
        [log, { ...log, address: other }],
        [{ ...log, topics: [] }],
        [{ ...log, topics: [keccak256(hash)] }],
        [{ ...log, topics: null }],
        [{ ...log, topics: ["0x1"] }],
        [{ ...log, data: "0x1" }],
        [{ ...log, blockNumber: null }],
        [{ ...log, logIndex: null }],
        [{ ...log, transactionIndex: null }],
        [{ ...log, blockHash: null }],
        [{ ...log, transactionHash: "0x1" }],
      ],
    ],
    ["eth_getLogs", [{ ...range, toBlock: "0x10" }], [[log]], [[{ ...log, blockNumber: "0x11" }]]],
    ["eth_getLogs", [{ address: [other, address], topics: [null], fromBlock: "0x1" }], [[log]], [null]],
    ["eth_getLogs", [{ topics: [null, hash] }], [[{ ...log, topics: [address + "0".repeat(24), hash] }]], [[log]]],
    ["eth_getLogs", [], [[log]], [null]],
    [
      "eth_getTransactionReceipt",
      [hash],
      [null, receipt, { ...receipt, effectiveGasPrice: "0x1" }],
      [
        [],
        { ...receipt, transactionHash: keccak256(hash) },
        { ...receipt, blockNumber: null },
        { ...receipt, gasUsed: "no" },
        { ...receipt, logs: null },
        { ...receipt, logs: [{}] },
      ],
    ],
    ["eth_feeHistory", [], [null, 5, "anything"], []],
  ] as readonly (readonly [string, readonly unknown[], readonly unknown[], readonly unknown[]])[]) {
    it(`to ${method}(${JSON.stringify(params).slice(1, 60)}) must have the right form and belong to the request`, () => {
      for (const result of right) expect(canBe(method, params, result), JSON.stringify(result)).to.equal(true);
      for (const result of wrong) expect(canBe(method, params, result), JSON.stringify(result)).to.equal(false);
    });
  }

  it("is shown if it is impossible, cut to 60 characters", () => {
    expect(flawOf({ method: "eth_getLogs", params: [range] }, null)).to.equal(
      "gave an impossible answer to eth_getLogs: null",
    );
    expect(flawOf({ method: "eth_call", params: [] }, "x".repeat(90))).to.equal(
      `gave an impossible answer to eth_call: "${"x".repeat(59)}…`,
    );
  });

  it('counts as nothing, which another endpoint may know better, if it is null, or "0x" for a call', () => {
    expect(isNothing({ method: "eth_getBlockByNumber", params: [] }, null)).to.equal(true);
    expect(isNothing({ method: "eth_call", params: [] }, "0x")).to.equal(true);
    expect(isNothing({ method: "eth_getCode", params: [] }, "0x")).to.equal(false);
    expect(isNothing({ method: "eth_getLogs", params: [] }, [])).to.equal(false);
  });
});
