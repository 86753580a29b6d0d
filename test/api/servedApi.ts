import { expect } from "chai";
import { type z } from "zod";
import { createApi } from "../../scripts/api/createApi";
import { EarningsStore, EarningsIndex } from "../../scripts/api/earnings";
import { problem } from "../../scripts/api/answers";
import { type GivenAnswer } from "../../scripts/api/http";
import { type ApiSettings } from "../../scripts/api/source";
import { type Connection } from "../../scripts/chain/connection";
import { type EpochArchive } from "../../scripts/keeper/archive/epochArchive";
import { readSettledEpochs, type SettledEpoch } from "../../scripts/keeper/facts/settledEpochs";
import { listenOn, type RunningServer } from "../../scripts/serve/server";
import { inMemory } from "../../scripts/store/storeFile";
import { createWorld, settleThreeEpochs, type World } from "../integration/world";
import { startNode } from "../shared/node";

/** Tests ask about the newest block, more often than people do, and wait as long as it takes. */
const settings = {
  requestsPerMinute: 10_000,
  headAgeMilliseconds: 0,
  patienceMilliseconds: 600_000,
  surveyMilliseconds: 0,
};

/** The API on a network with three settled epochs, with activity in the last one. */
export interface ServedApi {
  readonly world: World;
  readonly archive: EpochArchive;
  readonly server: RunningServer;
  readonly settled: readonly SettledEpoch[];
  /** Every answer that was given, in order. */
  readonly given: readonly GivenAnswer[];
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** A successful answer, which must have exactly the fields of its schema. */
  readonly answerOf: <T>(path: string, schema: z.ZodType<T>) => Promise<T>;
  readonly problemOf: (path: string) => Promise<{ readonly status: number; readonly error: string }>;
  /** Another API on the same chain and archive, with nothing cached yet. */
  readonly newServer: (change: Partial<ApiSettings>, connection?: Connection) => Promise<RunningServer>;
  readonly close: () => Promise<void>;
}

/** Starts a node, lives through three epochs, and serves the API. */
export async function serveApi(): Promise<ServedApi> {
  const world = await createWorld(await startNode());
  const { connection } = world;
  const archive = await settleThreeEpochs(world);
  const settled = await readSettledEpochs(connection);
  const given: GivenAnswer[] = [];

  function open(change: Partial<ApiSettings>, chain: Connection, onAnswer?: (answer: GivenAnswer) => void) {
    const fail = (sentence: string): void => {
      expect.fail(sentence);
    };
    const earnings = new EarningsIndex(archive, new EarningsStore(inMemory, connection.deployment.id, fail));
    const api = createApi({ connection: chain, archive, earnings }, { ...settings, ...change }, onAnswer);
    return listenOn({ host: "127.0.0.1", port: 0 }, api);
  }

  const server = await open({}, connection, (answer) => given.push(answer));
  const ask = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, init);
  return {
    world,
    archive,
    server,
    settled,
    given,
    ask,
    async answerOf(path, schema) {
      const response = await ask(path);
      const body: unknown = await response.json();
      expect(response.status, JSON.stringify(body)).to.equal(200);
      return schema.parse(body);
    },
    async problemOf(path) {
      const response = await ask(path);
      return { status: response.status, ...problem.parse(await response.json()) };
    },
    newServer: (change, chain = connection) => open(change, chain),
    async close() {
      await server.close();
      world.node.stop();
    },
  };
}
