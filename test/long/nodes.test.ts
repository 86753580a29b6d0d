import { expect } from "chai";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { type Address, bytesToHex, getAbiItem, type Hex, keccak256, toEventSelector, zeroHash } from "viem";
import { deployedContracts } from "../../scripts/chain/abis";
import { dataDirectory } from "../../scripts/chain/deployment";
import { transact } from "../../scripts/chain/transact";
import { type MinerEvent, type ValidatorEvent } from "../../scripts/nodes/run/nodeEvents";
import { type MinerOptions, NotAMinerError, startMiner } from "../../scripts/nodes/miner/miner";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { viewChain } from "../../scripts/nodes/run/nodeView";
import { Outbox } from "../../scripts/nodes/run/outbox";
import { startValidator, type ValidatorOptions } from "../../scripts/nodes/validator/validator";
import { allow } from "../shared/allow";
import { NotAValidatorError, registerValidator } from "../../scripts/actions/validators";
import { decodeScores } from "../../scripts/core/scores";
import { EventStore } from "../../scripts/store/eventStore";
import { openFaultyLink } from "../shared/faultyLink";
import { startNode } from "../shared/node";
import { createWorld, goTo, MDT, startOf, type World } from "../integration/world";

type Event = MinerEvent | ValidatorEvent;

/** A node that runs in this process, and its events. */
interface Running {
  readonly events: readonly Event[];
  /** Waits for an event, reported already or later. */
  told(isIt: (event: Event) => boolean): Promise<Event>;
  /** Stops it, and waits until it has ended. */
  stop(): Promise<void>;
  readonly ended: Promise<void>;
}

const done = (duty: string) => (event: Event) => event.kind === "mined" && event.duties.includes(duty);

describe("Miners and validators as nodes", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: World;
  const running = new Set<Running>();

  before(async () => {
    world = await createWorld(await startNode());
    await goTo(world, 2);
  });

  after(async () => {
    for (const one of running) await one.stop();
    world.node.stop();
  });

  /** Runs a node until the test ends, or it is stopped. */
  function run(
    start: (common: { listeners: [(event: Event) => void]; stopping: AbortSignal }) => Promise<void>,
  ): Running {
    const stopping = new AbortController();
    const emitter = new EventEmitter();
    const events: Event[] = [];
    const listener = (event: Event): void => {
      events.push(event);
      emitter.emit("told");
    };
    const ended = start({ listeners: [listener], stopping: stopping.signal });
    emitter.on("error", () => undefined);
    ended.catch((error: unknown) => emitter.emit("error", error));
    const node: Running = {
      events,
      ended,
      async told(isIt) {
        for (;;) {
          const found = events.find(isIt);
          if (found !== undefined) return found;
          await once(emitter, "told");
        }
      },
      async stop() {
        stopping.abort("the test is over");
        running.delete(node);
        await ended;
      },
    };
    running.add(node);
    return node;
  }

  const common = (from: Address) => ({
    endpoints: [world.node.url],
    keys: {},
    from,
    once: false,
    dryRun: false,
    dataRoot: world.node.dataDirectory,
    concurrency: 2,
  });

  function runMiner(options: Partial<MinerOptions> = {}): Running {
    const base = { ...common(world.people.miners[0]!), worker: "digits", taskSeconds: 60, types: null };
    return run((more) => startMiner({ ...base, ...more, ...options }));
  }

  function runValidator(options: Partial<ValidatorOptions> = {}): Running {
    const base = { ...common(world.people.validators[0]!), scorer: "digits" };
    return run((more) => startValidator({ ...base, ...more, ...options }));
  }

  /** The client pays miner 1 for a task. */
  async function ask(input: Uint8Array, typeId = 1, seconds = 600n): Promise<bigint> {
    const { connection, people } = world;
    const { taskRegistry } = connection.contracts;
    const feeWei = 10n * MDT;
    await allow(connection, people.client, { spender: taskRegistry.address, amountWei: feeWei });
    const deadline = (await connection.reader.getBlock()).timestamp + seconds;
    const args = [1, typeId, feeWei, deadline, keccak256(input), bytesToHex(input)] as const;
    await transact(connection, people.client, { ...taskRegistry, functionName: "submitTask", args });
    return taskRegistry.read.taskCount();
  }

  const statusOf = async (taskId: bigint) =>
    (await world.connection.contracts.taskRegistry.read.taskOf([taskId])).status;

  const commitmentOf = async (epoch: number, validator: Address): Promise<Hex> =>
    (await world.connection.contracts.scoreBoard.read.commitsOf([BigInt(epoch), [validator]]))[0]!.commitment;

  it("refuse to start for an account that isn't a miner, or acts for no validator", async () => {
    const { stranger } = world.people;
    const refused = await runMiner({ from: stranger }).ended.catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(NotAMinerError);
    const other = await runValidator({ from: stranger }).ended.catch((error: unknown) => error);
    expect(other).to.be.instanceOf(NotAValidatorError);
    running.clear();
  });

  it("show what a miner would send, and send nothing, in a dry run", async () => {
    const taskId = await ask(digitImages[0]!.image);
    const miner = runMiner({ dryRun: true, once: true });
    await miner.ended;
    expect(miner.events).to.deep.include.members([
      { kind: "taskTaken", taskId: Number(taskId), typeId: 1, secondsLeft: 600 },
    ]);
    expect(miner.events.filter(({ kind }) => kind === "wouldSend")).to.have.lengthOf(1);
    expect(miner.events.filter(({ kind }) => kind === "sent")).to.have.lengthOf(0);
    expect(await statusOf(taskId)).to.equal(1);
  });

  it("complete a miner's tasks with its worker's results, several in one transaction, and decline the others", async () => {
    const wrongType = await ask(digitImages[1]!.image, 0);
    const noImage = await ask(Uint8Array.of(1, 2, 3));
    const digits = [await ask(digitImages[2]!.image), await ask(digitImages[3]!.image)];
    const miner = runMiner({ once: true, types: [1] });
    await miner.ended;
    const declined = miner.events.filter((event) => event.kind === "taskDeclined");
    expect(declined.map(({ taskId }) => BigInt(taskId))).to.have.members([wrongType, noImage]);
    for (const taskId of digits) expect(await statusOf(taskId)).to.equal(2);
    const completed = await world.connection.events.select(["TaskCompleted"]);
    const results = completed.map(({ args }) => [Number(args.taskId), args.result]);
    expect(results).to.deep.include.members([[Number(digits[1]), `0x0${digitImages[3]!.digit}`]]);
    const mined = miner.events.filter((event) => event.kind === "mined");
    expect(mined.flatMap(({ duties }) => duties)).to.have.lengthOf(3);
    expect(mined.length).to.be.below(3);
  });

  it("remember up to which block the events agreed with the contracts", async () => {
    const { id } = world.connection.deployment;
    const file = join(dataDirectory(id, world.node.dataDirectory), "events.sqlite");
    const trusted = new EventStore(file, id).trustedBlock();
    expect(trusted).to.be.greaterThan(0);
    expect(trusted).to.be.at.most(Number(await world.connection.reader.getBlockNumber()));
  });

  it("do a miner's tasks even if the first endpoint omits their submission, and name that endpoint", async () => {
    const taskId = await ask(digitImages[5]!.image);
    const liar = await openFaultyLink(world.node.url);
    const [, abi] = deployedContracts.taskRegistry;
    liar.follow(() => ({ kind: "leaveOut", text: toEventSelector(getAbiItem({ abi, name: "TaskSubmitted" })) }));
    const dataRoot = join(world.node.dataDirectory, "lied to");
    const miner = runMiner({ endpoints: [liar.url, world.node.url], dataRoot, once: true, types: [1] });
    await miner.ended;
    liar.close();
    expect(await statusOf(taskId)).to.equal(2);
    const named = miner.events.flatMap((event) => (event.kind === "endpointDisabled" ? [event.endpoint] : []));
    expect(named).to.deep.equal([liar.url]);
  });

  it("do nothing twice when two copies of a miner run, and both end", async () => {
    const taskId = await ask(digitImages[4]!.image);
    const copies = [runMiner({ once: true, types: [1] }), runMiner({ once: true, types: [1] })];
    await Promise.all(copies.map(({ ended }) => ended));
    expect(await statusOf(taskId)).to.equal(2);
    const completed = await world.connection.events.select(["TaskCompleted"]);
    expect(completed.filter(({ args }) => args.taskId === taskId)).to.have.lengthOf(1);
  });

  it("say from which epoch a newly registered validator takes part", async () => {
    const { connection, people } = world;
    await registerValidator(connection, people.stranger, { stakeWei: 100n * MDT, commissionBps: 0 });
    const validator = runValidator({ from: people.stranger, once: true });
    await validator.ended;
    expect(validator.events).to.deep.include.members([{ kind: "comesLater", epoch: 2, activeFrom: 4 }]);
    expect(validator.events.filter(({ kind }) => kind === "notActive")).to.have.lengthOf(0);
  });

  describe("send", () => {
    let events: Event[];
    let signer: Address;
    let now: number;
    let outbox: Outbox;
    let tasks: readonly bigint[];

    before(async () => {
      tasks = [await ask(Uint8Array.of(1)), await ask(Uint8Array.of(2))];
      await world.node.control.setAutomine(false);
    });

    after(async () => {
      const { control } = world.node;
      await control.setNextBlockBaseFeePerGas({ baseFeePerGas: 10n ** 9n });
      await control.setAutomine(true);
      await control.mine({ blocks: 1 });
    });

    beforeEach(() => {
      events = [];
      signer = world.people.miners[1]!;
      now = 0;
      const tell = (event: Event): void => void events.push(event);
      const { connection } = world;
      const stopping = new AbortController().signal;
      outbox = new Outbox({ connection, signer, tell, clock: () => now, dryRun: false, stopping });
    });

    const mine = () => world.node.control.mine({ blocks: 1 });

    const published = () => world.connection.contracts.directory.read.endpointOf([signer]);

    /** Advances the outbox with these endpoints to publish. */
    async function advance(...endpoints: string[]): Promise<void> {
      const { connection } = world;
      const { directory } = connection.contracts;
      const duties = endpoints.map((endpoint) => {
        return { name: endpoint, call: { ...directory, functionName: "setEndpoint", args: [endpoint] } };
      });
      await outbox.advance(await viewChain(connection, signer), duties);
    }

    it("nothing that is no longer wanted before it is mined", async () => {
      const { reader } = world.connection;
      const nonce = await reader.getTransactionCount({ address: signer });
      await advance("https://late.example");
      await advance();
      await mine();
      expect(await published()).to.equal("");
      expect(await reader.getTransactionCount({ address: signer })).to.equal(nonce + 1);
      await advance();
      const told = events.map((event) => [event.kind, "duties" in event ? event.duties : undefined]);
      const withdrawal = ["withdraw: https://late.example"];
      expect(told).to.deep.equal([
        ["sent", ["https://late.example"]],
        ["sent", withdrawal],
        ["mined", withdrawal],
      ]);
    });

    it("enough gas for a task that is the first of its epoch when it is mined", async () => {
      const { connection, node, people } = world;
      const { taskRegistry } = connection.contracts;
      const ways = { connection, tell: () => undefined, clock: () => now, stopping: new AbortController().signal };
      const sending = new Outbox({ ...ways, signer: people.miners[0]!, dryRun: false });
      const epoch = Number(await taskRegistry.read.workEpoch());
      for (const [i, minedAt] of [startOf(world, epoch, 20), startOf(world, epoch + 1)].entries()) {
        const args = [tasks[i]!, keccak256("0x01"), "0x01"];
        const duty = { name: `complete ${i}`, call: { ...taskRegistry, functionName: "completeTask", args } };
        await sending.advance(await viewChain(connection, people.miners[0]!), [duty]);
        await node.advanceTo(minedAt);
      }
      expect(await Promise.all(tasks.map(statusOf))).to.deep.equal([2, 2]);
    });

    it("again what the chain's node forgot, or its replacement, even at the highest fee allowed", async () => {
      const { connection, node } = world;
      const forgetLast = async (): Promise<void> => {
        const sent = events.findLast((event) => event.kind === "sent")!;
        expect(sent.maxFeePerGasWei).to.equal(500n * 10n ** 9n);
        await node.control.dropTransaction({ hash: sent.transactionHash! });
        now += connection.deployment.config.keeper.replaceAfterSeconds;
      };
      await node.control.setNextBlockBaseFeePerGas({ baseFeePerGas: 400n * 10n ** 9n });
      await mine();
      await advance("https://one.example");
      await forgetLast();
      await advance("https://one.example");
      await mine();
      expect(await published()).to.equal("https://one.example");
      await advance("https://two.example");
      await forgetLast();
      await advance("https://three.example");
      await mine();
      expect(await published()).to.equal("https://three.example");
    });
  });

  it("draw a validator's leaders, and produce each slot that it leads", async () => {
    const { blockRewards } = world.connection.contracts;
    // Each validator waits for its place: by slot 8 it is everyone's turn.
    await goTo(world, 2, 8);
    const validator = runValidator();
    await validator.told(done("open epoch 2"));
    await validator.told(done("seal epoch 2"));
    const leaders = await blockRewards.read.leadersOf([2n]);
    const own = leaders.findIndex((leader, slot) => slot > 9 && leader.toLowerCase() === world.people.validators[0]);
    if (own !== -1 && own < 28) {
      await goTo(world, 2, own);
      await validator.told(done(`produce slot ${2 * 32 + own}`));
      expect(await blockRewards.read.hasProduced([BigInt(2 * 32 + own)])).to.equal(true);
    }
    await validator.stop();
  });

  it("commit to a validator's scores when the work has closed, with the salt saved before, and reveal them", async () => {
    const validator = runValidator();
    const other = runValidator({ from: world.people.validators[1]! });
    await goTo(world, 2, 28);
    await validator.told(done("commit to the scores of epoch 2"));
    await other.told(done("commit to the scores of epoch 2"));
    const [first, second] = [world.people.validators[0]!, world.people.validators[1]!];
    expect(await commitmentOf(2, first)).not.to.equal(zeroHash);
    expect(await commitmentOf(2, first)).not.to.equal(await commitmentOf(2, second));
    await validator.stop();
    // A restarted node reveals what the previous one committed to.
    const restarted = runValidator();
    await goTo(world, 3);
    await restarted.told(done("reveal the scores of epoch 2"));
    await other.told(done("reveal the scores of epoch 2"));
    const reveals = await world.connection.events.select(["ScoresRevealed"], { epoch: 2 });
    expect(reveals.map(({ args }) => decodeScores(args.payload, 3))).to.deep.equal([
      [{ minerId: 1, scoreU16: 65_535 }],
      [{ minerId: 1, scoreU16: 65_535 }],
    ]);
    await restarted.stop();
    await other.stop();
  });

  it("report a missed deadline if the worker failed, but not if the miner had declined", async () => {
    const [declined, failed] = [await ask(Uint8Array.of(3), 0, 20n), await ask(Uint8Array.of(4), 1, 20n)].map(Number);
    const miner = runMiner({ worker: "exit 1", types: [1] });
    await miner.told((event) => event.kind === "taskDeclined" && event.taskId === declined);
    await miner.told((event) => event.kind === "workFailed" && event.taskId === failed);
    await world.node.advanceTo((await world.connection.reader.getBlock()).timestamp + 30n);
    await miner.told((event) => event.kind === "deadlineMissed");
    await miner.stop();
    const missed = miner.events.flatMap((event) => (event.kind === "deadlineMissed" ? [event.taskId] : []));
    expect(missed).to.deep.equal([failed]);
  });

  it("warn a validator when one more missed reveal would jail it, once the last window is over", async () => {
    const [attentive, , silent] = world.people.validators;
    const warningsOf = async (from: Address) => {
      const validator = runValidator({ from, once: true, dryRun: true });
      await validator.ended;
      running.delete(validator);
      return validator.events.filter(({ kind }) => kind === "jailNear");
    };
    await goTo(world, 4);
    expect(await warningsOf(silent!)).to.deep.equal([]);
    await goTo(world, 4, world.connection.deployment.config.clock.revealSlots);
    expect(await warningsOf(silent!)).to.deep.equal([{ kind: "jailNear", missedEpochs: [2, 3] }]);
    expect(await warningsOf(attentive!)).to.deep.equal([]);
  });
});
