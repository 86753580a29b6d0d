import { type Address, concatHex, encodeEventTopics, type Hex, numberToHex, padHex, zeroAddress } from "viem";
import { type BenchRow } from "./rows";
import { type ChildMeasurement, manyAccounts, measuredWithin, peakMegabytes, report, timed } from "./measure";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { stakingAbi } from "../../../typechain-types/abi/Staking";
import { connectionOf, transportOf } from "../../chain/connection";
import { byContractName } from "../../chain/contracts";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { readPositions } from "../../keeper/facts/readPositions";

/** How many accounts have stake; each changes it over and over again. */
const ACCOUNTS = 10_000;
/** How many events. */
const SIZES = [10_000, 100_000];
/** What may live at once: one range of logs as text and as objects, the positions, and the program itself. */
const HEAP_MEGABYTES = 160;

/**
 * Time and peak memory of collecting the positions of 10,000 accounts out of ever more changes of stake, which a node in
 * this process serves over JSON-RPC: memory is bounded by the positions and one range of logs, not by the events. Fails
 * where more than 160 MB have to live at once.
 */
export async function collectionRows(): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of SIZES) {
    const server = await openLogServer(ACCOUNTS, zeroAddress, size);
    try {
      const { seconds, peakMegabytes } = await measuredWithin<ChildMeasurement>(
        HEAP_MEGABYTES,
        "positions.ts",
        server.url,
      );
      const shared = { size, peer: null, peerValue: null };
      rows.push({ ...shared, name: "positions from logs", unit: "s", ours: seconds, target: null });
      const memory = { name: "positions from logs: peak memory", unit: "MB", ours: peakMegabytes };
      rows.push({ ...shared, ...memory, target: null });
    } finally {
      server.close();
    }
  }
  return rows;
}

/** How many changes of stake are in each block. */
const LOGS_PER_BLOCK = 10;
const VALIDATORS = 100;

/** A node with nothing but changes of stake, of this many accounts, one after the other and over again. */
interface LogServer {
  readonly url: string;
  close(): void;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

interface LogFilter {
  readonly address: string | readonly string[];
  readonly fromBlock: Hex;
  readonly toBlock: Hex;
}

/** Answers `eth_getLogs` on 127.0.0.1 with encoded logs, as long as a range has any, however many they are. */
async function openLogServer(accounts: number, staking: Address, events: number): Promise<LogServer> {
  const headBlock = events / LOGS_PER_BLOCK - 1;
  const logAt = logsOf(manyAccounts(accounts + VALIDATORS), accounts, staking);
  const server = createServer((request, response) => {
    void (json(request) as Promise<Call | readonly Call[]>).then((body) => {
      response.setHeader("content-type", "application/json");
      const answers = [body].flat().map((call) => answerTo(call, logAt, headBlock));
      response.end(Array.isArray(body) ? `[${answers.join()}]` : answers[0]);
    });
  });
  // While it encodes logs it does nothing else, and would then close connections that only seem to be idle.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerTo({ id, method, params }: Call, logAt: (index: number) => string, headBlock: number): string {
  if (method === "eth_getBlockByNumber") {
    const number = params[0] === "latest" ? numberToHex(headBlock) : (params[0] as Hex);
    return JSON.stringify({
      jsonrpc: "2.0",
      id,
      result: { number, hash: padHex(number, { size: 32 }), timestamp: "0x70000000" },
    });
  }
  if (method !== "eth_getLogs") {
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_601, message: `There is no ${method} here.` } });
  }
  const { address, fromBlock, toBlock } = params[0] as LogFilter;
  const [from, to] = Array.isArray(address) ? [Number(fromBlock), Number(toBlock)] : [1, 0];
  const logs = Array.from({ length: (to - from + 1) * LOGS_PER_BLOCK }, (_, i) => logAt(from * LOGS_PER_BLOCK + i));
  return `{"jsonrpc":"2.0","id":${id},"result":[${logs.join()}]}`;
}

/** The log of each index, as JSON: account `index` modulo `accounts` has so many shares more. */
function logsOf(accountAt: (i: number) => Address, accounts: number, address: Address) {
  const [topic] = encodeEventTopics({ abi: stakingAbi, eventName: "StakeChanged" });
  const epoch = numberToHex(0, { size: 32 });
  return (index: number): string => {
    const account = accountAt(index % accounts);
    const validator = accountAt(accounts + (index % VALIDATORS));
    const shares = numberToHex(index + 1, { size: 32 });
    return JSON.stringify({
      address,
      topics: [topic, padHex(validator), padHex(account)],
      data: concatHex([epoch, shares, shares]),
      blockNumber: numberToHex(Math.floor(index / LOGS_PER_BLOCK)),
      blockHash: padHex("0x1", { size: 32 }),
      transactionHash: padHex(numberToHex(index), { size: 32 }),
      transactionIndex: "0x0",
      logIndex: numberToHex(index % LOGS_PER_BLOCK),
      removed: false,
    });
  };
}

/** Reads everybody's positions out of logs, in a process of its own, as `positions.ts URL`. */
async function main(): Promise<void> {
  const url = process.argv[2]!;
  const connection = connectionOf(transportOf(url), {
    id: "bench",
    chainId: 1,
    addresses: byContractName(() => zeroAddress),
    choices: { network: "local", genesisTimestamp: 0, dao: zeroAddress, fromBlock: 0, nodeAccounts: [] },
    config: loadNetworkConfig("local"),
  });
  const { duration } = await timed(() => readPositions(connection, 1));
  report({ ...duration, peakMegabytes: peakMegabytes() } satisfies ChildMeasurement);
}

if (require.main === module) void main();
