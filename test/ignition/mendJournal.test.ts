import { expect } from "chai";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPublicClient, custom, numberToHex, pad, zeroAddress } from "viem";
import { deploymentDirectory } from "../../scripts/chain/deployment";
import { mendJournal } from "../../scripts/ignition/mendJournal";

const id = "chain-1-mendjournal";
const from = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const hash = pad("0xab");
const about = { futureId: "ModernTensor#Token", networkInteractionId: 1 };

/** The journal as Ignition writes it, up to a transaction that was sent. */
const sent = [
  { type: "DEPLOYMENT_EXECUTION_STATE_INITIALIZE", futureId: about.futureId, from },
  { type: "NETWORK_INTERACTION_REQUEST", futureId: about.futureId, networkInteraction: { id: 1, data: "0x60" } },
  { type: "TRANSACTION_PREPARE_SEND", ...about, nonce: 3 },
  { type: "TRANSACTION_SEND", ...about, nonce: 3, transaction: { hash } },
];

describe("The journal of an interrupted deployment", () => {
  const journal = join(deploymentDirectory(id), "journal.jsonl");

  beforeEach(() => {
    mkdirSync(deploymentDirectory(id), { recursive: true });
    writeFileSync(journal, sent.map((line) => JSON.stringify(line)).join("\n"));
  });

  afterEach(() => {
    rmSync(deploymentDirectory(id), { recursive: true });
  });

  it("records that its transaction was mined, even from a node that keeps no old states", async () => {
    const block = { blockNumber: "0x9", blockHash: pad("0x9"), transactionIndex: "0x0" };
    const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
      switch (method) {
        case "eth_blockNumber":
          return Promise.resolve("0x1000");
        case "eth_getTransactionCount":
          return (params as readonly string[])[1] === "latest"
            ? Promise.resolve(numberToHex(5))
            : Promise.reject(new Error("missing trie node"));
        case "eth_getTransactionByHash":
          return Promise.resolve({ ...block, hash, from, to: null, nonce: "0x3", input: "0x60", gasPrice: "0x1" });
        case "eth_getTransactionReceipt":
          return Promise.resolve({
            ...block,
            transactionHash: hash,
            from,
            to: null,
            status: "0x1",
            contractAddress: zeroAddress,
            logs: [],
          });
        default:
          return Promise.reject(new Error(method));
      }
    };
    await mendJournal(createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }), id, 1);
    const last = JSON.parse(readFileSync(journal, "utf8").split("\n").at(-1)!) as Record<string, unknown>;
    expect(last).to.deep.include({ type: "TRANSACTION_CONFIRM", ...about, hash });
    expect(last.receipt).to.deep.include({ status: "SUCCESS", contractAddress: zeroAddress, blockNumber: 9 });
  });
});
