import { expect } from "chai";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { custom, encodeErrorResult, type Hex, numberToHex, parseAbi } from "viem";
import { readerOf, readerThrough, requireReachable, singleEndpointsOf } from "../../scripts/chain/connection";
import { readLogRanges } from "../../scripts/chain/logs";
import { requireWholeEvents, MissingEventsError } from "../../scripts/chain/badAnswers";
import { inMemory } from "../../scripts/store/storeFile";
import { EventStore } from "../../scripts/store/eventStore";
import {
  addressOfContract,
  answeringChain,
  deploymentWith,
  logOf,
  logsAmong,
  type Place,
} from "../shared/answeringChain";
import { rejection } from "../shared/rejection";

describe("A reader of a chain", () => {
  it("reports that no node answers, with only the origin of its URL", async () => {
    const url = "http://127.0.0.1:1/secret";
    const error = await rejection(requireReachable(readerOf(url), url), Error);
    expect([error.name, error.message]).to.deep.equal([
      "UnreachableError",
      'No node answers at http://127.0.0.1:1: check MDT_RPC_URL, or start a development chain with "npx hardhat node".',
    ]);
    await requireReachable(answeringChain({}).reader, url);
  });

  it("asks for the newest block each time", async () => {
    let block = 7;
    const { reader } = answeringChain({ methods: { eth_blockNumber: () => numberToHex(block++) } });
    expect([await reader.getBlockNumber(), await reader.getBlockNumber()]).to.deep.equal([7n, 8n]);
  });

  it("doesn't fetch a URL that a contract names", async () => {
    let requests = 0;
    const server = createServer((_, response) => {
      requests++;
      response.end('{"data":"0x"}');
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const to: Hex = `0x${"11".repeat(20)}`;
    const data = encodeErrorResult({
      abi: parseAbi([
        "error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callback, bytes extra)",
      ]),
      args: [to, [`${url}/{sender}/{data}`], "0x", "0x12345678", "0x"],
    });
    const request = () => Promise.reject(Object.assign(new Error("execution reverted"), { code: 3, data }));
    await rejection(readerThrough(custom({ request }, { retryCount: 0 })).call({ to, data: "0x12345678" }), Error);
    server.close();
    expect(requests).to.equal(0);
  });
});

describe("Logs that match several filters", () => {
  const [from, to] = [addressOfContract("token"), addressOfContract("staking")];
  const transfer = (value: bigint, place: Place) => logOf("token", "Transfer", { from, to, value }, place);
  const approval = (value: bigint, place: Place) =>
    logOf("token", "Approval", { owner: from, spender: to, value }, place);
  const logs = [
    transfer(1n, { block: 2, log: 1 }),
    approval(1n, { block: 2, log: 0 }),
    transfer(2n, { block: 1, log: 5 }),
    approval(2n, { block: 3, log: 1 }),
  ];

  it("are read once each, in chain order", async () => {
    const { reader } = answeringChain({ methods: { eth_getLogs: logsAmong(logs) } });
    const address = addressOfContract("token");
    const topics = [...new Set(logs.map((log) => log.topics[0]!))];
    const filters = [...topics.map((topic) => ({ address, topics: [topic] })), { address }];
    const found: [bigint, number][] = [];
    for await (const range of readLogRanges(reader, filters, 1n, 3n)) {
      expect([range.fromBlock, range.toBlock]).to.deep.equal([1n, 3n]);
      found.push(...range.logs.map((log): [bigint, number] => [log.blockNumber, log.logIndex]));
    }
    expect(found).to.deep.equal([
      [1n, 5],
      [2n, 0],
      [2n, 1],
      [3n, 1],
    ]);
  });

  it("aren't requested if the range ends before it begins", async () => {
    const { reader } = answeringChain({});
    for await (const range of readLogRanges(reader, [{ address: [] }], 2n, 1n)) expect.fail(String(range.toBlock));
  });
});

describe("Endpoints that are read one by one", () => {
  it("have an event store each, named by id, and keep their connection even if out of use for a while", () => {
    const names: string[] = [];
    const storeOf = ({ id }: { id: string }, name: string) => {
      names.push(name);
      return new EventStore(inMemory, id);
    };
    const alone = ["aa", "bb"].map((id) => {
      const { transport } = answeringChain({});
      return { endpoint: "https://a.example", id, transport };
    });
    let inUse = alone;
    const endpoints = singleEndpointsOf({ alone: () => inUse }, deploymentWith(), { storeOf });
    const [first, second] = endpoints();
    expect([first!.endpoint, first!.connection.transport]).to.deep.equal([alone[0]!.endpoint, alone[0]!.transport]);
    expect(names).to.deep.equal(["events-of-aa", "events-of-bb"]);
    inUse = alone.slice(1);
    expect(endpoints().map(({ connection }) => connection)).to.deep.equal([second!.connection]);
    inUse = alone;
    expect(endpoints()[0]!.connection).to.equal(first!.connection);
    expect(names).to.have.lengthOf(2);
  });
});

describe("The sum of events", () => {
  it("must be the contract's value, or the endpoint omits events", () => {
    requireWholeEvents("The stake", 7n, 7n);
    expect(() => {
      requireWholeEvents("The stake", 7n, 8n);
    })
      .to.throw(MissingEventsError)
      .with.property(
        "message",
        "The stake is 7 according to an endpoint's events, but 8 according to the contract: the endpoint omits events.",
      );
  });
});
