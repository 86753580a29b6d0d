import { setTimeout as sleep } from "node:timers/promises";
import { type Hex } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import { type LastingNode } from "../anvil";
import { count, type Tally } from "./lineFaults";

/** A chain with everything that happens to chains. Its node mines nothing on its own: blocks come from here. */
export interface Sky {
  readonly node: LastingNode;
  readonly connection: Connection;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly tally: Tally;
  /** How far the chain's time goes from block to block. */
  readonly secondsPerBlock: bigint;
  /** The deepest reorganisation there is. */
  readonly deepestReorganisation: number;
  /** The newest block that no reorganisation takes back. */
  readonly firmBlock: () => Promise<bigint>;
  /** Told the oldest block that is taken back. */
  readonly onReorganised?: (first: bigint) => void;
}

/** Something that may happen, out of every thousand blocks. */
export interface WeatherEvent {
  readonly name: string;
  readonly perThousand: number;
  readonly happen: (sky: Sky) => Promise<void>;
}

/** All that happens to chains. */
export const badWeather: readonly WeatherEvent[] = [
  { name: "reorganisation", perThousand: 40, happen: reorganise },
  { name: "stuck mempool", perThousand: 12, happen: stall },
  { name: "forgotten mempool", perThousand: 8, happen: stallAndForget },
  { name: "dear gas", perThousand: 12, happen: raiseBaseFee },
  { name: "no blocks for minutes", perThousand: 8, happen: beSilent },
  { name: "node restart", perThousand: 2, happen: restart },
];

/**
 * Makes a node mine only on request. Its own mining runs beside everything else it does: it would put a block on
 * top of one that is being dropped at that moment, and then lack the blocks in between.
 */
export async function mineOnlyHere({ control }: LastingNode): Promise<void> {
  await control.setAutomine(false);
  // Nothing that it began to mine before is unfinished after this one.
  await control.mine({ blocks: 1 });
}

/** Mines the next block, or lets something happen first. */
export async function nextBlock(sky: Sky, events = badWeather): Promise<void> {
  let chance = sky.random() * 1_000;
  const event = events.find(({ perThousand }) => (chance -= perThousand) < 0);
  if (event !== undefined) {
    count(sky.tally, event.name);
    await event.happen(sky);
  }
  await mineAfter(sky, sky.secondsPerBlock);
}

async function mineAfter({ node, connection }: Sky, seconds: bigint): Promise<void> {
  const { timestamp } = await connection.reader.getBlock();
  await node.control.setNextBlockTimestamp({ timestamp: timestamp + seconds }).catch(() => undefined);
  await node.control.mine({ blocks: 1 });
}

/** Drops the newest blocks. Their transactions are lost, or wait in the mempool again, as on most nodes. */
async function reorganise(sky: Sky): Promise<void> {
  const { node, connection, random, tally, deepestReorganisation, firmBlock, onReorganised } = sky;
  const head = await connection.reader.getBlockNumber();
  const [firm, oldest] = [await firmBlock(), node.oldestReturn(head)];
  const most = head - (firm > oldest ? firm : oldest);
  const wanted = BigInt(1 + Math.floor(random() * deepestReorganisation));
  const depth = Number(wanted < most ? wanted : most);
  if (depth < 1) return;
  const lost: Hex[] = [];
  for (let number = head - BigInt(depth) + 1n; number <= head; number++) {
    const { transactions } = await connection.reader.getBlock({ blockNumber: number });
    for (const hash of transactions) lost.push(await ask<Hex>(node, "eth_getRawTransactionByHash", [hash]));
  }
  count(tally, lost.length > 0 ? "reorganised transactions" : "reorganised empty blocks");
  await ask(node, "anvil_rollback", [depth]);
  onReorganised?.(head - BigInt(depth) + 1n);
  if (random() < 0.5) return;
  for (const raw of lost) await ask(node, "eth_sendRawTransaction", [raw]).catch(() => undefined);
}

/** Nothing is mined for longer than a keeper waits for its transaction. */
async function stall(): Promise<void> {
  await sleep(1_500);
}

async function stallAndForget({ node }: Sky): Promise<void> {
  await stall();
  await ask(node, "anvil_dropAllTransactions", []);
}

async function restart({ node }: Sky): Promise<void> {
  await node.restart();
  await mineOnlyHere(node);
}

/** Three times the ceiling; it takes nine empty blocks to fall below it. */
async function raiseBaseFee({ node }: Sky): Promise<void> {
  await node.control.setNextBlockBaseFeePerGas({ baseFeePerGas: 1_500n * 10n ** 9n });
}

/** A few epochs pass without a block. */
async function beSilent(sky: Sky): Promise<void> {
  const { slotSeconds, slotsPerEpoch } = sky.connection.deployment.config.clock;
  await mineAfter(sky, BigInt(Math.round(slotSeconds * slotsPerEpoch * (1 + 2 * sky.random()))));
}

function ask<T>({ control }: LastingNode, method: string, params: readonly unknown[]): Promise<T> {
  return control.request({ method, params } as never);
}
