import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { submitTask, inputOf } from "../../scripts/actions/tasks";
import { digitIn } from "../../scripts/nodes/digits/model";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { createWorld, goTo, type World } from "../integration/world";
import { startAnvil } from "../shared/anvil";
import { describeProving } from "../shared/describeProving";
import { startNode } from "../shared/node";

/** Of the types in `local`, the one that the verifier of circuits/digits judges. */
const typeId = 3;
const { image } = digitImages[3]!;
const digit = digitIn(image);

for (const [name, start] of [
  ["Hardhat's node", () => startNode()],
  ["anvil", (test: Pick<Mocha.Context, "skip">) => startAnvil(test)],
] as const) {
  describeProving(`Digits that are proven by hand on ${name}, with the verifier that is deployed there`, function () {
    // Each test continues from the chain as the previous one left it.
    this.bail(true);
    let world: World;

    before(async function () {
      world = await createWorld(await start(this));
      await goTo(world, 2);
    });

    after(() => {
      world.node.stop();
    });

    const submit = async (type: number): Promise<number> => {
      const { connection, people } = world;
      const request = { minerId: 1, typeId: type, seconds: 3_600, ...inputOf(image) };
      return (await submitTask(connection, people.client, request)).taskId;
    };

    const pathOf = (file: string): string => join(world.node.dataDirectory, file);

    function file(its: string, bytes: Uint8Array): string {
      writeFileSync(pathOf(its), bytes);
      return pathOf(its);
    }

    function prove(taskId: number, result: number, ...more: readonly string[]) {
      const answer = file(`digit${result}`, Uint8Array.of(result));
      return world.node.command("task", "prove", "--task", String(taskId), "--file", answer, ...more);
    }

    it("task prove writes a proof, and another one for another task with the same image", async () => {
      for (const taskId of [await submit(typeId), await submit(typeId)]) {
        const { exitCode, stdout, stderr } = await prove(taskId, digit, "--out", pathOf(`proof${taskId}`));
        expect([exitCode, stdout, stderr]).to.deep.equal([
          0,
          `The proof of task ${taskId}, 6720 bytes, is in ${pathOf(`proof${taskId}`)}.\n`,
          `Proving the result of task ${taskId}.\n`,
        ]);
      }
    });

    it("task complete accepts the proof for at most 900,000 gas, but not the other task's proof", async () => {
      const { connection, node, people } = world;
      const [miner] = people.miners;
      const complete = (result: string, proof: string) =>
        node.command(
          ...["task", "complete", "--task", "1", "--file", result, "--proof", pathOf(proof), "--from", miner!],
        );
      const wrong = file("wrong", Uint8Array.of(digit ^ 1));
      for (const refused of [await complete(pathOf(`digit${digit}`), "proof2"), await complete(wrong, "proof1")]) {
        expect([refused.exitCode, refused.stderr]).to.deep.equal([
          1,
          'The verifier rejects the proof of task 1: make one for exactly this task, input and result with "task prove".\n',
        ]);
      }
      const { exitCode, stderr } = await complete(pathOf(`digit${digit}`), "proof1");
      expect([exitCode, stderr]).to.deep.equal([0, ""]);
      const [completed] = await connection.events.select(["TaskCompleted"], { tasks: [1] });
      const { gasUsed } = await connection.reader.getTransactionReceipt({ hash: completed!.transactionHash });
      expect(gasUsed <= 900_000n).to.equal(true, `${gasUsed} gas`);
    });

    it("task prove says in one sentence why there is no proof", async () => {
      const refused = await prove(2, (digit + 1) % 10);
      expect(refused.exitCode).to.equal(1);
      expect(refused.stderr.trimEnd().split("\n")[1]).to.match(
        /^Can't prove task 2: the prover failed \(exit code 1\): ./,
      );
      const taskId = await submit(1);
      expect((await prove(taskId, digit)).stderr).to.equal(
        `Task ${taskId} needs no proof: results of its type 1 are judged by scores.\n`,
      );
      expect((await prove(99, digit)).stderr).to.equal('There is no task 99: see "task list".\n');
      const other = file("other", Uint8Array.of(1));
      expect((await prove(2, digit, "--input", other)).stderr).to.equal(
        `${other} is not the input of task 2: name its file with --input.\n`,
      );
    });
  });
}
