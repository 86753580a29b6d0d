import { expect } from "chai";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex, type Hex, keccak256, numberToHex, zeroHash } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type MinerWork, NotAMinerError, openMiner } from "../../../scripts/nodes/miner/miner";
import { openBlobFinder } from "../../../scripts/nodes/blobs/finder";
import { openBlobStore } from "../../../scripts/nodes/blobs/store";
import { digitImages } from "../../../scripts/nodes/digits/samples";
import { type Decided, type Node, type Role } from "../../../scripts/nodes/run/node";
import { type MinerEvent } from "../../../scripts/nodes/run/nodeEvents";
import { chainWith, completed, headOfTasks, provenType, submitted } from "../run/taskLogs";

const signer = mnemonicToAccount("test test test test test test test test test test test junk");
const image = bytesToHex(digitImages[0]!.image);
const noImage: Hex = "0x010203";

/** A worker whose result is this many zero bytes. */
const zeros = (bytes: number): string =>
  `while read question; do printf '{"result":"%s"}\\n' "$(head -c ${bytes} /dev/zero | base64 | tr -d '\\n')"; done`;

describe("A miner between two looks at the chain", () => {
  let directory: string;
  let events: MinerEvent[];
  let logs: ReturnType<typeof submitted>[];
  let clock: number;
  let role: Role | undefined;
  let asked: string[];
  /** The first epoch in which the miner may complete tasks. */
  let activeFromEpoch: bigint;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    [events, logs, asked, clock, activeFromEpoch] = [[], [], [], 1_000, 0n];
  });

  afterEach(async () => {
    await role?.close();
    role = undefined;
    rmSync(directory, { recursive: true });
  });

  const chain = () =>
    chainWith(
      () => logs,
      {
        views: {
          "taskRegistry.minerIdOf": (account: Hex) => (account === signer.address ? 1 : 0),
          "taskRegistry.minerOf": () => ({ account: signer.address, activeFromEpoch }),
          "directory.endpointOf": () => "",
        },
      },
      {},
      (question) => asked.push(question),
    );

  async function open(options: Partial<MinerWork> = {}, account = signer): Promise<Role> {
    const blobs = await openBlobStore(join(directory, "blobs"));
    const node = {
      ...{ connection: chain(), signer: account, directory, blobs, clock: () => clock },
      ...{ finder: openBlobFinder(blobs, { allowPrivate: true }), stopping: new AbortController().signal },
      tell: (event: MinerEvent) => events.push(event),
    };
    const work = { worker: "digits", concurrency: 4, taskSeconds: 60, types: null, ...options };
    role = await openMiner(node as unknown as Node<MinerEvent>, work);
    return role;
  }

  const look = (now = 1_000, epoch: number | null = 3): Promise<Decided> =>
    role!.look({
      ...{ chain: chain(), headBlock: BigInt(headOfTasks), headTimestamp: now, now, epoch, slot: 0 },
      ...{ baseFeePerGasWei: 0n, minedTransactions: 0, balanceWei: 0n },
    });

  /** Looks until no work runs between the looks. */
  async function rest(now?: number, epoch?: number | null): Promise<Decided> {
    for (;;) {
      const decided = await look(now, epoch);
      if (!decided.isWorking) return decided;
      await new Promise(setImmediate);
    }
  }

  const names = ({ duties }: Decided) => duties.map(({ name }) => name);
  const told = (kind: MinerEvent["kind"]) => events.filter((event) => event.kind === kind);

  it("is refused to an account that is no miner", async () => {
    const other = mnemonicToAccount("test test test test test test test test test test test junk", { addressIndex: 1 });
    const error = await open({}, other).catch((one: unknown) => one);
    expect(error).to.be.instanceOf(NotAMinerError);
    expect((error as Error).message).to.equal(
      `${other.address} is not a miner: register it with "npx mdt miner register".`,
    );
    expect(await open()).to.include({ name: "miner", id: "1" });
  });

  it("completes its open tasks with their results, in the order of their deadlines, then of their ids", async () => {
    logs = [
      ...[
        submitted({ taskId: 1, deadline: 3_000, input: image }),
        submitted({ taskId: 2, deadline: 2_000, input: image }),
      ],
      ...[submitted({ taskId: 3, minerId: 2, input: image }), submitted({ taskId: 4, deadline: 2_000, input: image })],
      ...[submitted({ taskId: 5, deadline: 1_500, input: image }), completed({ taskId: 5, epoch: 3 })],
    ];
    await open();
    expect(await look()).to.deep.equal({ duties: [], isWorking: true });
    const decided = await rest();
    expect(names(decided)).to.deep.equal([2, 4, 1].map((taskId) => `complete task ${taskId}`));
    const result: Hex = `0x0${digitImages[0]!.digit}`;
    expect(decided.duties[0]!.call).to.deep.include({
      functionName: "completeTask",
      args: [2n, keccak256(result), result],
    });
    expect(decided.duties[0]!.weight).to.equal(undefined);
  });

  it("works on tasks before the epoch in which it becomes active, but completes none", async () => {
    logs = [submitted({ taskId: 1, input: image })];
    activeFromEpoch = 3n;
    await open();
    expect(await rest(1_000, 2)).to.deep.equal({ duties: [], isWorking: false });
    expect(told("resultReady")).to.have.lengthOf(1);
    expect(names(await rest(1_000, 3))).to.deep.equal(["complete task 1"]);
    await role!.close();
    activeFromEpoch = 0n;
    await open();
    expect(await rest(1_000, null), "before genesis").to.deep.equal({ duties: [], isWorking: false });
    expect(names(await rest(1_000, 0))).to.deep.equal(["complete task 1"]);
  });

  it("drops a task whose deadline has come, with or without a result", async () => {
    logs = [submitted({ taskId: 1, deadline: 1_001, input: image })];
    await open();
    expect(names(await rest(1_000))).to.deep.equal(["complete task 1"]);
    expect(names(await look(1_001))).to.deep.equal([]);
    expect(names(await look(1_000)), "its result is forgotten").to.deep.equal([]);
    await rest(1_001);
    logs.push(submitted({ taskId: 2, deadline: 1_001, input: image }));
    expect(await look(1_001)).to.deep.equal({ duties: [], isWorking: false });
    expect(told("taskTaken").map((event) => "taskId" in event && event.taskId)).not.to.include(2);
  });

  it("reports a missed deadline once, but not one from before its start or of a task that it declined", async () => {
    const input = noImage;
    logs = [
      ...[
        submitted({ taskId: 1, deadline: 1_000, input: image }),
        submitted({ taskId: 2, deadline: 1_010, input: image }),
      ],
      ...[submitted({ taskId: 3, deadline: 1_010, input }), submitted({ taskId: 4, deadline: 1_011, input: image })],
    ];
    await open();
    await rest(1_000);
    await rest(1_009);
    expect(told("deadlineMissed")).to.deep.equal([]);
    await rest(1_010);
    await rest(1_010);
    expect(told("deadlineMissed")).to.deep.equal([{ kind: "deadlineMissed", taskId: 2 }]);
    await rest(1_011);
    expect(told("deadlineMissed")).to.have.lengthOf(2);
  });

  it("is at rest once its only task is declined, but not while it waits for an input", async () => {
    logs = [submitted({ taskId: 1, input: noImage })];
    await open();
    expect(await rest()).to.deep.equal({ duties: [], isWorking: false });
    logs.push(submitted({ taskId: 2, input: "0x", inputHash: keccak256("0x77") }));
    while (told("inputMissing").length === 0) expect((await look()).isWorking).to.equal(true);
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect((await look()).isWorking).to.equal(true);
  });

  it("isn't at rest while its worker is still busy with a task past its deadline", async () => {
    logs = [submitted({ taskId: 1, deadline: 1_001 })];
    await open({ worker: `read question; sleep 1000` });
    await look(1_000);
    expect(await look(1_001)).to.deep.equal({ duties: [], isWorking: true });
  });

  it("declines tasks of types that it doesn't accept, and accepts every type if none is named", async () => {
    logs = [submitted({ taskId: 1, typeId: 1, input: image }), submitted({ taskId: 2, typeId: 2, input: image })];
    await open({ types: [2] });
    expect(names(await rest())).to.deep.equal(["complete task 2"]);
    const reason = "this miner does not accept tasks of type 1";
    expect(told("taskDeclined")).to.deep.equal([{ kind: "taskDeclined", taskId: 1, reason }]);
    await open();
    expect(names(await rest())).to.deep.equal(["complete task 1", "complete task 2"]);
  });

  it("declines tasks that it can't prove, and explains that once per type", async () => {
    const modelHash = keccak256("0x99");
    logs = [provenType(4, modelHash), provenType(5, modelHash), provenType(6, zeroHash)];
    logs.push(...[4, 4, 5, 6].map((typeId, i) => submitted({ taskId: 2 + i, typeId, input: image })));
    await open({ types: [4, 6] });
    expect(names(await rest())).to.deep.equal(["complete task 5"]);
    expect(told("taskDeclined").map((event) => "reason" in event && event.reason)).to.deep.equal([
      "this miner can't make the proofs that type 4 requires",
      "this miner can't make the proofs that type 4 requires",
      "this miner does not accept tasks of type 5",
    ]);
    const [impossible, ...others] = told("proofsImpossible");
    expect(impossible).to.include({ typeId: 4, modelHash });
    expect(others).to.deep.equal([]);
  });

  it("removes the proofs of tasks that are over, and keeps the others", async () => {
    logs = [submitted({ taskId: 12, input: noImage })];
    const folder = join(directory, "proofs", "1");
    mkdirSync(folder, { recursive: true });
    const [open12, over] = [12, 13].map((taskId) => join(folder, `${taskId}-${keccak256(numberToHex(taskId))}`));
    for (const file of [open12, over]) writeFileSync(file!, "a proof");
    await open();
    await look();
    expect([existsSync(open12!), existsSync(over!)]).to.deep.equal([true, false]);
  });

  describe("with a worker", () => {
    it("gives it only the configured time for a task", async () => {
      logs = [submitted({ taskId: 1 })];
      await open({ worker: "read question; sleep 1000", taskSeconds: 0.05 });
      while (told("workFailed").length === 0) {
        await look();
        await new Promise(setImmediate);
      }
      expect(told("workFailed")[0]).to.include({ reason: "did not answer within 50 ms" });
    });

    it("ends its process when the miner is closed", async () => {
      logs = [submitted({ taskId: 1 })];
      const file = join(directory, "pid");
      const { close } = await open({ worker: `echo $$ > ${file}; ${zeros(1)}` });
      await rest();
      const pid = Number(readFileSync(file, "utf8"));
      expect(process.kill(pid, 0)).to.equal(true);
      await close();
      expect(() => process.kill(pid, 0)).to.throw("ESRCH");
    });

    /** How many bytes of a result of this length the miner puts on chain, or why it can't. */
    async function carriedOf(bytes: number, publicUrl?: string): Promise<unknown> {
      logs = [submitted({ taskId: 1 })];
      await open({ worker: zeros(bytes), publicUrl });
      for (;;) {
        const { duties } = await look();
        const [failed] = told("workFailed");
        if (failed !== undefined && "reason" in failed) return failed.reason;
        if (duties.length > 0) return (duties[0]!.call.args[2] as Hex).length / 2 - 1;
        await new Promise(setImmediate);
      }
    }

    it("puts a result of 4,096 bytes on chain if it serves none itself", async () => {
      expect(await carriedOf(4_096)).to.equal(4_096);
    });

    it("fails at a longer result if it serves none itself", async () => {
      expect(await carriedOf(4_097)).to.match(/its result of 4097 bytes does not fit into a transaction/);
    });

    it("puts a result of 256 bytes on chain if it serves results itself", async () => {
      expect(await carriedOf(256, "http://a.example")).to.equal(256);
    });

    it("serves a longer result itself, and puts none of its bytes on chain", async () => {
      for (const bytes of [257, 4_097]) {
        expect(await carriedOf(bytes, "http://a.example")).to.equal(0);
        const served = await role!.routes.request(`/v1/blobs/${keccak256(new Uint8Array(bytes))}`);
        expect([served.status, (await served.arrayBuffer()).byteLength]).to.deep.equal([200, bytes]);
        await role!.close();
      }
    });
  });

  describe("that receives inputs", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const put = async () =>
      (await role!.routes.request(`/v1/blobs/${keccak256(bytes)}`, { method: "PUT", body: bytes })).status;
    /** A task that is submitted after the last look. */
    const newTask = () => submitted({ taskId: 2, input: "0x", inputHash: keccak256(bytes) }, headOfTasks + 1);
    const logReads = () => asked.filter((question) => question === "taskRegistry.taskCount").length;

    it("accepts the input of a task newer than its last look, but not of another miner's task", async () => {
      logs = [submitted({ taskId: 1, minerId: 2, input: "0x", inputHash: keccak256(bytes) })];
      await open();
      await look();
      expect(await put(), "of another miner's task").to.equal(409);
      logs.push(newTask());
      clock += 1;
      expect(await put()).to.equal(201);
      expect(await put()).to.equal(201);
    });

    it("accepts the input of a task that it has seen, without reading the chain again", async () => {
      logs = [submitted({ taskId: 1, input: "0x", inputHash: keccak256(bytes) })];
      await open();
      await look();
      const before = logReads();
      expect([await put(), logReads()]).to.deep.equal([201, before]);
    });

    it("reads the chain again for the task of an input at most once a second", async () => {
      await open();
      expect([await put(), logReads()]).to.deep.equal([409, 1]);
      logs.push(newTask());
      clock += 0.9;
      expect([await put(), logReads()]).to.deep.equal([409, 1]);
      clock += 0.1;
      expect([await put(), logReads()]).to.deep.equal([201, 2]);
    });
  });
});
