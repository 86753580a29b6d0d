import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { concatHex, custom, type EIP1193Parameters, type Hex, numberToHex, type Transport } from "viem";
import { createApi } from "../../scripts/api/createApi";
import { EarningsStore, EarningsIndex } from "../../scripts/api/earnings";
import { connectionOf } from "../../scripts/chain/connection";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { inMemory } from "../../scripts/store/storeFile";
import { createWorld, goToDue, liveThrough, type World } from "../integration/world";
import { apiQuestions } from "../shared/apiQuestions";
import { startNode } from "../shared/node";

/** Blocks above a head until it is final: each head is final at once. */
const confirmations = 0;
const heads = 5_000;

setFlagsFromString("--expose-gc");
const fail = (sentence: string): void => {
  expect.fail(sentence);
};
const collectGarbage = runInNewContext("gc") as () => void;

/** A chain that grows from `base` as fast as the test wants, without any further event. */
function goingOn(transport: Transport, base: number, head: () => number): Transport {
  const live = transport({});
  const known = new Map<string, Promise<unknown>>();
  /** Questions about later blocks are answered as of the last real block. */
  const atBase = (param: unknown): unknown => {
    if (param === "latest" || param === "pending") return numberToHex(base);
    return typeof param === "string" && /^0x[0-9a-f]{1,12}$/.test(param) && Number(param) > base
      ? numberToHex(base)
      : param;
  };
  const ask = (call: EIP1193Parameters): Promise<unknown> => {
    const key = JSON.stringify(call);
    const answer = known.get(key) ?? live.request(call);
    known.set(key, answer);
    return answer;
  };
  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    const list = (params ?? []) as readonly unknown[];
    if (method === "eth_blockNumber") return numberToHex(head());
    if (method === "eth_getLogs" && Number((list[0] as { fromBlock: string }).fromBlock) > base) return [];
    const answer = await ask({ method, params: list.map(atBase) });
    if (method !== "eth_getBlockByNumber") return answer;
    const number = list[0] === "latest" || list[0] === "pending" ? head() : Number(list[0]);
    const { hash, ...block } = answer as { readonly hash: Hex };
    if (number <= base) return answer;
    return {
      ...block,
      number: numberToHex(number),
      hash: concatHex([hash.slice(0, 50) as Hex, numberToHex(number, { size: 8 })]),
    };
  };
  return custom({ request }, { retryCount: 0 });
}

describe("The API over thousands of blocks", function () {
  this.timeout(1_800_000);
  let world: World;

  before(async () => {
    world = await createWorld(await startNode());
  });

  after(() => {
    world.node.stop();
  });

  it(`takes no more memory after ${heads} of them, with every route requested at each`, async () => {
    const { connection, node, people } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    await goToDue(world, 1);
    await liveThrough(world, 2);
    for (let epoch = 0; epoch < 3; epoch++) {
      await settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
    }
    expect(connection.deployment.config.keeper.confirmations).to.equal(confirmations);
    const base = Number(await connection.reader.getBlockNumber());
    let head = base;
    const transport = goingOn(connection.transport, base, () => head);
    const api = createApi(
      {
        connection: connectionOf(transport, connection.deployment),
        archive,
        earnings: new EarningsIndex(archive, new EarningsStore(inMemory, connection.deployment.id, fail)),
      },
      {
        requestsPerMinute: Number.MAX_SAFE_INTEGER,
        headAgeMilliseconds: 0,
        patienceMilliseconds: 60_000,
        surveyMilliseconds: 1_000,
      },
      ({ error }) => expect(error).to.equal(undefined),
    );
    const env = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };
    const document = await (await api.request("/openapi.json", {}, env)).json();
    const routes = apiQuestions(document, people.miners[0]!, 2);
    const live = async (blocks: number): Promise<number> => {
      for (const last = head + blocks; head < last; head++) {
        for (const route of routes) {
          const response = await api.request(route, {}, env);
          if (!response.ok) expect.fail(`${route}: ${await response.text()}`);
        }
      }
      // Memory that a finalizer frees becomes garbage only after it has run.
      for (let round = 0; round < 5; round++) {
        collectGarbage();
        await sleep(100);
      }
      return process.memoryUsage().heapUsed;
    };
    const before = await live(1_000);
    const after = await live(heads);
    // The engine compiles half a megabyte and more meanwhile; a single leaked reading takes kilobytes per head.
    expect(after - before).to.be.below(heads * 400);
  });
});
