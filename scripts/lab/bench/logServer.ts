import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { type Address, concatHex, encodeEventTopics, numberToHex, padHex } from "viem";
import { stakingAbi } from "../../../typechain-types/abi/Staking";
import { manyAccounts } from "./measure";

/** So many changes of stake are in each block. */
export const LOGS_PER_BLOCK = 10;
const VALIDATORS = 100;

/** A node with nothing but changes of stake, of so many accounts, one after the other and over again. */
export interface LogServer {
  readonly url: string;
  close(): void;
}

interface Call {
  readonly id: number;
  readonly method: string;
  readonly params: readonly [{ readonly fromBlock: string; readonly toBlock: string }];
}

/** Answers `eth_getLogs` on 127.0.0.1 with encoded logs, as long as a range has any, however many they are. */
export async function openLogServer(accounts: number, staking: Address): Promise<LogServer> {
  const logAt = logsOf(manyAccounts(accounts + VALIDATORS), accounts, staking);
  const server = createServer((request, response) => {
    void (json(request) as Promise<Call | readonly Call[]>).then((body) => {
      response.setHeader("content-type", "application/json");
      const answers = [body].flat().map((call) => answerTo(call, logAt));
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

function answerTo({ id, method, params }: Call, logAt: (index: number) => string): string {
  if (method !== "eth_getLogs") {
    return JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_601, message: `There is no ${method} here.` } });
  }
  const [from, to] = [Number(params[0].fromBlock), Number(params[0].toBlock)];
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
