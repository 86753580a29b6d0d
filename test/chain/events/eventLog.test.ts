import { deepStrictEqual } from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  type Address,
  type EIP1193Parameters,
  type Log,
  pad,
  parseEventLogs,
  toEventSelector,
  type Transport,
  zeroAddress,
} from "viem";
import { allow } from "../../shared/allow";
import { delegate } from "../../../scripts/actions/stakes";
import { atBlock } from "../../../scripts/chain/atBlock";
import { type Connection, connectionOf, countCalls, transportOf } from "../../../scripts/chain/connection";
import { BlockMissingError, type Fold } from "../../../scripts/chain/events/eventLog";
import { type ChainEvent } from "../../../scripts/chain/events/eventTypes";
import { transact } from "../../../scripts/chain/transact";
import { openArchive } from "../../../scripts/keeper/archive/epochArchive";
import { readSettledEpochs } from "../../../scripts/keeper/facts/settledEpochs";
import { settleNextEpoch } from "../../../scripts/keeper/settle/settleEpoch";
import { readPositions } from "../../../scripts/keeper/facts/collectFacts";
import { type EventQuery, type EventRow, EventStore } from "../../../scripts/store/eventStore";
import { createWorld, goTo, liveThrough, MDT, type World } from "../../integration/world";
import { noFaults, openFaultyLink } from "../../shared/faultyLink";
import { startNode } from "../../shared/node";
import { rejection } from "../../shared/rejection";

const names = ["StakeChanged", "ValidatorRegistered", "MinerRegistered", "TaskSubmitted", "TaskCompleted"] as const;
const others = ["ScoresRevealed", "PolicyPublished", "EpochSettled", "Claimed", "Transfer", "Slashed"] as const;

/** Counts changes of stake; a new one for each test, since the result of a fold is kept. */
function changes(): Fold<{ count: number }> {
  return {
    names: ["StakeChanged"],
    start: () => ({ count: 0 }),
    copy: (state) => ({ ...state }),
    apply: (state) => {
      state.count++;
    },
  };
}

describe("The events of a deployment", () => {
  let world: World;
  let directory: string;
  let files = 0;

  /** Stands for another process: a connection to the same chain, with the store in `path`. */
  const opened = (path: string, url = world.node.url, confirmations = 0): Connection => {
    const { deployment } = world.connection;
    const config = { ...deployment.config, keeper: { ...deployment.config.keeper, confirmations } };
    return connectionOf(transportOf(url), { ...deployment, config }, new EventStore(path, "the deployment"));
  };
  const newFile = (): string => join(directory, `${files++}.sqlite`);
  const all = (connection: Connection): Promise<readonly ChainEvent[]> =>
    connection.events.select([...names, ...others]);
  const addStake = (amountWei = MDT): Promise<unknown> => {
    const { connection, people } = world;
    return delegate(connection, people.delegators[0]!, people.validators[0]!, amountWei);
  };

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-events-"));
    world = await createWorld(await startNode());
    await allow(world.connection, world.people.delegators[0]!, {
      spender: world.connection.contracts.staking.address,
      amountWei: 1_000n * MDT,
    });
    await goTo(world, 2);
    await liveThrough(world, 2);
    const archive = await openArchive(world.connection, world.node.dataDirectory);
    await settleNextEpoch(world.connection, archive, { signer: world.people.keeper, payRecipientsUpTo: 0 });
  });

  after(() => {
    world.node.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it("are the node's, decoded as by viem, except the token's transfers that don't involve the pool", async () => {
    const { reader, contracts } = world.connection;
    const addresses = Object.values(world.connection.deployment.addresses);
    const logs = await reader.getLogs({ address: addresses, fromBlock: 0n, toBlock: "latest" });
    const pool = pad(contracts.pool.address).toLowerCase();
    const transfer = toEventSelector("Transfer(address,address,uint256)");
    const wanted = logs.filter(({ topics }) => topics[0] !== transfer || topics.slice(1).includes(pool as Address));
    const abi = Object.values(contracts).flatMap((contract) => contract.abi as unknown as never[]);
    const decoded = parseEventLogs({ abi, logs: wanted }) as unknown as (Log & {
      eventName: string;
      args: object;
    })[];
    const expected = decoded
      .filter(({ eventName }) => [...names, ...others].includes(eventName as never))
      .map(({ eventName, args, blockNumber, logIndex }) => [eventName, args, Number(blockNumber), logIndex]);
    const found = await all(opened(newFile()));
    // Not with chai, in which Hardhat's matchers make a bigint equal its digits.
    deepStrictEqual(
      found.map(({ name, args, block, log }) => [name, args, block, log]),
      expected,
    );
    expect(found.map(({ name }) => name)).to.include.members([...names, "ScoresRevealed", "Transfer"]);
  });

  it("are requested once: any process continues where the store ends", async () => {
    const path = newFile();
    const asked: string[] = [];
    const counting = (): Connection => countCalls(opened(path), (method) => asked.push(method));
    const before = await all(counting());
    const logsAsked = asked.filter((method) => method === "eth_getLogs").length;
    expect(logsAsked).to.be.greaterThan(0);
    asked.length = 0;
    const again = counting();
    expect(await all(again)).to.deep.equal(before);
    expect(asked).to.not.include("eth_getLogs");
    await addStake();
    const after = await all(again);
    expect(after.slice(0, before.length)).to.deep.equal(before);
    expect(after.slice(before.length).map(({ name }) => name)).to.deep.equal(["StakeChanged"]);
    expect(asked.filter((method) => method === "eth_getLogs")).to.have.lengthOf(3);
  });

  it("as of a block exclude later ones, and are requested once however often they are read", async () => {
    const asked: string[] = [];
    const connection = countCalls(opened(newFile()), (method) => asked.push(method));
    const block = await connection.reader.getBlockNumber();
    await addStake();
    const view = atBlock(connection, block);
    const [key, failing] = [{}, new Error("It can't be read.")];
    expect(
      await rejection(
        view.events.once(key, () => Promise.reject(failing)),
        Error,
      ),
    ).to.equal(failing);
    expect(await view.events.once(key, () => Promise.resolve("read"))).to.equal("read");
    view.events.forget();
    expect(await view.events.once(key, () => Promise.resolve("read again"))).to.equal("read again");
    const before = await all(view);
    const questions = asked.length;
    expect(await all(view)).to.deep.equal(before);
    expect(asked).to.have.lengthOf(questions);
    expect((await all(connection)).length).to.equal(before.length + 1);
    await rejection(all(atBlock(connection, block + 100n)), BlockMissingError);
  });

  it("are read once if many callers ask for them at the same time", async () => {
    const asked: string[] = [];
    const connection = countCalls(opened(newFile()), (method) => asked.push(method));
    const answers = await Promise.all(Array.from({ length: 20 }, () => all(connection)));
    for (const answer of answers) expect(answer).to.deep.equal(answers[0]);
    expect(asked.filter((method) => method === "eth_getLogs")).to.have.lengthOf(3);
  });

  it("follow the chain through a reorganisation, even for a process that didn't read them itself", async () => {
    const { control } = world.node;
    const path = newFile();
    const [reading, other] = [opened(path), opened(path)];
    const fold = changes();
    await all(reading);
    for (let round = 0; round < 3; round++) {
      const id = await control.snapshot();
      await addStake();
      if (round > 0) await addStake();
      await all(reading);
      await Promise.all([reading.events.fold(fold), other.events.fold(fold)]);
      await control.revert({ id });
      if (round < 2) await control.mine({ blocks: 3 });
      await addStake();
      const right = await all(opened(newFile()));
      expect(await all(reading)).to.deep.equal(right);
      const { count } = await other.events.fold(fold);
      expect(count).to.equal(right.filter(({ name }) => name === "StakeChanged").length);
      expect(await reading.events.fold(fold)).to.deep.equal({ count });
    }
  });

  it("that a lagging endpoint omits from the newest block are found when that is read again", async () => {
    const link = await openFaultyLink(world.node.url);
    const path = newFile();
    const [reading, other] = [opened(path, link.url, 2), opened(path, link.url, 2)];
    const fold = changes();
    try {
      await addStake();
      const right = await all(opened(newFile()));
      const { hash } = await world.connection.reader.getBlock();
      link.follow(() => ({ kind: "leaveOut", text: hash }));
      expect(await all(reading)).to.deep.equal(right.slice(0, -1));
      const { count } = await reading.events.fold(fold);
      link.follow(noFaults);
      expect(await all(other)).to.deep.equal(right);
      expect(await reading.events.fold(fold)).to.deep.equal({ count: count + 1 });
      await world.node.control.mine({ blocks: 3 });
      expect(await all(reading)).to.deep.equal(right);
      expect(new EventStore(path, "the deployment").rewinds(0).count).to.equal(0);
    } finally {
      link.close();
    }
  });

  it("of blocks that a reorganisation drops before they are final are replaced, without a rewind of the store", async () => {
    const { control } = world.node;
    const path = newFile();
    const connection = opened(path, world.node.url, 4);
    await control.mine({ blocks: 4 });
    const before = await all(connection);
    const id = await control.snapshot();
    await addStake();
    expect(await all(connection)).to.have.lengthOf(before.length + 1);
    await control.revert({ id });
    await control.mine({ blocks: 2 });
    expect(await all(connection)).to.deep.equal(before);
    expect(new EventStore(path, "the deployment").rewinds(0).count).to.equal(0);
  });

  it("are complete even if another process writes meanwhile, or at the next reading after a reorganisation", async () => {
    const { control, url } = world.node;
    const block1 = await world.connection.reader.getBlock({ blockNumber: 1n });
    const id = await control.snapshot();
    await addStake();
    const reorganise = async (): Promise<void> => {
      await control.revert({ id });
      await addStake(2n * MDT);
    };
    const write = async (path: string): Promise<void> => {
      const range = { first: 0, end: 1, events: [], forGood: { number: 1, hash: block1.hash } };
      await Promise.resolve(new EventStore(path, "the deployment").replace(undefined, range));
    };
    for (const [meddle, readings] of [
      [reorganise, 2],
      [write, 1],
    ] as const) {
      const path = newFile();
      let meddled: Promise<void> | undefined;
      const transport: Transport = (options) => {
        const live = transportOf(url)(options);
        const request = async (call: EIP1193Parameters): Promise<unknown> => {
          const answer: unknown = await live.request(call);
          if (call.method === "eth_getLogs") await (meddled ??= meddle(path));
          return answer;
        };
        return { ...live, request: request as typeof live.request };
      };
      const store = new EventStore(path, "the deployment");
      const connection = connectionOf(transport, world.connection.deployment, store);
      let found: readonly ChainEvent[] = [];
      for (let i = 0; i < readings; i++) found = await all(connection);
      expect(found).to.deep.equal(await all(opened(newFile())));
    }
  });

  it("give the same total if continued, as of a block, and from the beginning", async () => {
    const connection = opened(newFile());
    const fold = changes();
    const first = await connection.events.fold(fold);
    const block = await connection.reader.getBlockNumber();
    await addStake();
    expect(await connection.events.fold(fold)).to.deep.equal({ count: first.count + 1 });
    expect(await connection.events.at(block).fold(fold)).to.deep.equal(first);
    expect(first.count).to.equal((await connection.events.at(block).select(["StakeChanged"])).length);
  });

  it("are processed once: the settlement of a final epoch is the same object however often it is read", async () => {
    const connection = opened(newFile());
    const [first] = await readSettledEpochs(connection);
    await addStake();
    expect((await readSettledEpochs(connection))[0]).to.equal(first);
  });

  it("keep a result computed from them for one later reader, but not for an earlier block", async () => {
    const { events, reader } = opened(newFile());
    const [key, ahead] = [{}, {}];
    const block = await reader.getBlockNumber();
    await events.keep(key, Number(block), "kept");
    await events.keep(ahead, Number(block) + 1, "not final");
    expect(await events.at(block - 1n).take(key)).to.equal(undefined);
    expect([await events.take(key), await events.take(key)]).to.deep.equal(["kept", undefined]);
    await addStake();
    expect(await events.take(ahead)).to.equal(undefined);
  });

  it("of stake positions aren't all processed again for the next epoch", async () => {
    let rows = 0;
    class CountingStore extends EventStore {
      override select(query: EventQuery): readonly EventRow[] {
        const selected = super.select(query);
        rows += selected.length;
        return selected;
      }
    }
    const store = new CountingStore(newFile(), "the deployment");
    const connection = connectionOf(transportOf(world.node.url), world.connection.deployment, store);
    await readPositions(connection, 2);
    const first = rows;
    await readPositions(connection, 3);
    expect(rows - first).to.be.below(first);
  });

  it("are loaded at most 1,000 at a time while something is computed from them", async () => {
    let most = 0;
    class WatchedStore extends EventStore {
      override select(query: EventQuery): readonly EventRow[] {
        const selected = super.select(query);
        most = Math.max(most, selected.length);
        return selected;
      }
    }
    const { deployment, reader } = world.connection;
    const { number, hash } = await reader.getBlock();
    const store = new WatchedStore(newFile(), "the deployment");
    const row = { block: 1, transaction_index: 0, transaction_hash: hash, block_hash: hash, contract: "Treasury" };
    const args = JSON.stringify({ account: zeroAddress });
    const event = (log: number): EventRow => ({ ...row, log, name: "Unpaused", epoch: null, subject: null, args });
    const end = Number(number);
    const events = Array.from({ length: 2_000 }, (_, log) => event(log));
    store.replace(undefined, { first: 0, end, events, forGood: { number: end, hash } });
    const connection = connectionOf(transportOf(world.node.url), deployment, store);
    expect((await connection.events.fold({ ...changes(), names: ["Unpaused"] })).count).to.equal(2_000);
    expect(most).to.equal(1_000);
  });

  it("don't include the Directory's, which anyone can flood: its view shows the same", async () => {
    const { contracts } = world.connection;
    const call = { ...contracts.directory, functionName: "setEndpoint", args: ["https://node.example"] } as const;
    const { blockNumber } = await transact(world.connection, world.people.client, call);
    const path = newFile();
    await all(opened(path));
    const rows = new EventStore(path, "the deployment").use((database) =>
      database.prepare("SELECT name FROM events WHERE block = ?").all(Number(blockNumber)),
    );
    expect(rows).to.deep.equal([]);
    expect(await contracts.directory.read.endpointOf([world.people.client])).to.equal("https://node.example");
  });

  it("that are distrusted are read again from where they last proved right, or else from the beginning", async () => {
    const path = newFile();
    const connection = opened(path);
    const right = await all(connection);
    const store = new EventStore(path, "the deployment");
    const lie = (block: number): void => {
      store.use(
        (database) => void database.prepare("DELETE FROM events WHERE block > ? AND name = 'StakeChanged'").run(block),
      );
    };
    await connection.events.trust();
    expect(store.trustedBlock()).to.equal(Number(await connection.reader.getBlockNumber()));
    await addStake();
    const more = await all(connection);
    lie(right.at(-1)!.block);
    expect(await all(connection)).to.deep.equal(right);
    connection.events.distrust();
    expect(await all(connection)).to.deep.equal(more);
    lie(0);
    connection.events.distrust();
    expect(await all(connection)).to.deep.equal(more);
    lie(0);
    connection.events.forget();
    expect(await all(connection)).to.deep.equal(more);
  });

  it("that are distrusted are read again even if the last block that proved right didn't end a range", async () => {
    const connection = opened(newFile(), world.node.url, 2);
    const right = await all(connection);
    await connection.events.trust();
    await addStake();
    for (let again = 0; again < 2; again++) {
      connection.events.distrust();
      expect(await all(connection)).to.have.lengthOf(right.length + 1);
    }
  });

  it("answer the SQL queries of docs/events.md", async () => {
    const path = newFile();
    await all(opened(path));
    const text = readFileSync(join(__dirname, "..", "..", "..", "docs", "events.md"), "utf8");
    const questions = [...text.matchAll(/```sql\n([^`]+)```/g)].map(([, sql]) => sql!);
    const store = new EventStore(path, "the deployment");
    const answers = questions.map((sql) => store.use((database) => database.prepare(sql).all() as object[]));
    expect(answers.map((rows) => rows.length)).to.deep.equal([1, 4, 3, 3]);
    expect(answers[0]![0]).to.deep.equal({ epoch: 0, emission_mdt: 0 });
    expect(answers[2]![0]).to.deep.equal({ task: "1", bytes: "answer".length });
    expect(answers[3]![0]).to.have.property("tasks", 1);
  });

  it("cost at most six calls per reading however far behind finality is", async () => {
    const asked: string[] = [];
    const connection = countCalls(opened(newFile(), world.node.url, 1_000_000), (method) => asked.push(method));
    await world.node.control.mine({ blocks: 3_000 });
    const right = await all(connection);
    asked.length = 0;
    await addStake();
    expect(await all(connection)).to.have.lengthOf(right.length + 1);
    expect(asked.filter((method) => method === "eth_getLogs")).to.have.lengthOf(3);
    expect(asked).to.have.lengthOf.at.most(6);
  });

  it("are read again if the file turns out to be damaged when they are to be dropped", async () => {
    const problems: string[] = [];
    const store = new EventStore(newFile(), "the deployment", (sentence) => problems.push(sentence));
    const connection = connectionOf(transportOf(world.node.url), world.connection.deployment, store);
    const right = await all(connection);
    store.use((database) => void database.exec("DROP TABLE events"));
    connection.events.forget();
    expect(await all(connection)).to.deep.equal(right);
    expect(problems).to.have.lengthOf(1);
  });

  it("are read again if the file was damaged while in use", async () => {
    const path = newFile();
    const problems: string[] = [];
    const store = new EventStore(path, "the deployment", (sentence) => problems.push(sentence));
    const connection = connectionOf(transportOf(world.node.url), world.connection.deployment, store);
    const right = await all(connection);
    const fold = changes();
    const count = await connection.events.fold(fold);
    store.use((database) => void database.exec("DROP TABLE events"));
    expect(await all(connection)).to.deep.equal(right);
    expect(await connection.events.fold(fold)).to.deep.equal(count);
    expect(problems).to.have.lengthOf(1);
  });
});
