import { expect } from "chai";
import { bytesToHex, getAddress, keccak256 } from "viem";
import { inputOf, resultOf, completeTask, refundTask, submitTask } from "../../scripts/actions/tasks";
import { taskAnswer, tasksAnswer } from "../../scripts/api/schemas/network";
import { type ChainEvent } from "../../scripts/chain/events/eventTypes";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { findTasks } from "../../scripts/views/taskRecords";
import { type ServedApi } from "./servedApi";

/** What the API reports about tasks; three were submitted before. @param served The API under test. */
export function tellsOfTasks(served: () => ServedApi): void {
  describe("describes tasks", () => {
    let world: ServedApi["world"];
    let ask: ServedApi["ask"];
    let answerOf: ServedApi["answerOf"];

    before(() => {
      ({ world, ask, answerOf } = served());
    });

    const { image, digit } = digitImages[7]!;
    const offChain = { inputHash: keccak256("0x1234"), input: "0x" } as const;

    before(async () => {
      const { connection, node, people } = world;
      const submit = (minerId: number, seconds: number, input: ReturnType<typeof inputOf>) =>
        submitTask(connection, people.client, { minerId, typeId: 0, seconds, ...input });
      const missed = await submit(2, 8, offChain);
      await submit(1, 600, inputOf(image));
      await completeTask(connection, people.miners[0]!, 5, resultOf(Uint8Array.of(digit)));
      await submit(1, 600, inputOf(""));
      await node.holdTimeAt(BigInt(missed.deadline));
      await refundTask(connection, people.client, 4);
    });

    const idsOf = async (query: string) => {
      const { tasks, next } = await answerOf(`/v1/tasks?${query}`, tasksAnswer);
      return { ids: tasks.map(({ taskId }) => taskId), next };
    };

    it("with the input and the result from their transactions, and their times", async () => {
      const { events, reader, contracts } = world.connection;
      const [submitted] = await events.select(["TaskSubmitted"], { tasks: [5] });
      const [completed] = await events.select(["TaskCompleted"], { tasks: [5] });
      const mined = async (event: ChainEvent) => ({
        hash: event.transactionHash,
        blockNumber: event.block,
        timestamp: Number((await reader.getBlock({ blockNumber: BigInt(event.block) })).timestamp),
      });
      const { deadline, feeWei, difficultyBps } = await contracts.taskRegistry.read.taskOf([5n]);
      const result = Uint8Array.of(digit);
      expect(await answerOf("/v1/tasks/5", taskAnswer)).to.deep.equal({
        ...{
          taskId: 5,
          client: getAddress(world.people.client),
          minerId: 1,
          typeId: 0,
          difficultyBps,
          modelHash: null,
        },
        ...{ miner: getAddress(world.people.miners[0]!), feeWei: String(feeWei), deadline: Number(deadline) },
        ...{ status: "completed", submitted: await mined(submitted!), ended: await mined(completed!), epoch: 3 },
        ...{ inputHash: keccak256(image), input: bytesToHex(image) },
        ...{ resultHash: keccak256(result), result: bytesToHex(result) },
      });
    });

    it("with only the hash of an input off chain; an empty input counts as one on chain", async () => {
      const nothing = { epoch: null, resultHash: null, result: null };
      expect(await answerOf("/v1/tasks/4", taskAnswer)).to.deep.include({
        ...{ status: "refunded", inputHash: offChain.inputHash, input: null, ...nothing },
      });
      expect(await answerOf("/v1/tasks/6", taskAnswer)).to.deep.include({
        ...{ status: "open", ended: null, input: "0x", ...nothing },
      });
    });

    it("newest first, page by page: all, or those of a miner or a client", async () => {
      const { client, stranger } = world.people;
      expect((await answerOf("/v1/tasks", tasksAnswer)).count).to.equal(6);
      expect(await idsOf("limit=4")).to.deep.equal({ ids: [6, 5, 4, 3], next: 2 });
      expect(await idsOf("limit=4&from=2")).to.deep.equal({ ids: [2, 1], next: null });
      expect(await idsOf("limit=2&from=2")).to.deep.equal({ ids: [2, 1], next: null });
      expect(await idsOf("limit=2&miner=1")).to.deep.equal({ ids: [6, 5], next: 4 });
      expect(await idsOf("limit=2&miner=1&from=4")).to.deep.equal({ ids: [1], next: null });
      expect(await idsOf(`client=${client}&miner=2`)).to.deep.equal({ ids: [4, 2], next: null });
      expect(await idsOf(`client=${stranger}`)).to.deep.equal({ ids: [], next: null });
      expect(await idsOf("from=99&limit=1")).to.deep.equal({ ids: [6], next: 5 });
    });

    it("by status; it looks at a limited number of them, and then has a next page", async () => {
      expect(await idsOf("status=open")).to.deep.equal({ ids: [6], next: null });
      expect(await idsOf("status=refunded")).to.deep.equal({ ids: [4], next: null });
      expect(await idsOf("status=completed&limit=2")).to.deep.equal({ ids: [5, 3], next: 2 });
      const found = await findTasks(world.connection, { status: "refunded", limit: 5 }, 2);
      expect(found).to.deep.equal({ tasks: [], next: 4 });
    });

    it("with answers that may be cached for ever if the task is final, but not if it is open", async () => {
      const { id } = world.connection.deployment;
      const kept = async (task: number) =>
        (await ask(`/v1/tasks/${task}?deployment=${id}`)).headers.get("Cache-Control");
      expect([await kept(5), await kept(6)]).to.deep.equal(["public, max-age=31536000, immutable", "no-cache"]);
    });
  });
}
