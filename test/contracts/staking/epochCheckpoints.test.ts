import { expect } from "chai";
import fc from "fast-check";
import { ethers } from "hardhat";
import { Timeline } from "./model";

/** The library's functions on one trace. */
interface Trace {
  set(epoch: number, value: number): Promise<unknown>;
  latest(): Promise<bigint>;
  at(epochs: readonly (number | bigint)[]): Promise<readonly bigint[]>;
}

async function deployTrace(): Promise<Trace> {
  return (await ethers.deployContract("EpochCheckpointsHarness")) as unknown as Trace;
}

/** Sets all `changes` on a fresh trace and reads `epochs`. */
async function readAfter(changes: readonly (readonly [number, number])[], epochs: readonly (number | bigint)[]) {
  const trace = await deployTrace();
  for (const [epoch, value] of changes) await trace.set(epoch, value);
  return { values: [...(await trace.at([...epochs]))].map(Number), latest: Number(await trace.latest()) };
}

describe("EpochCheckpoints", () => {
  for (const { title, changes, values } of [
    { title: "is zero before any value is set", changes: [], values: [0, 0, 0, 0, 0, 0] },
    { title: "is zero before the first checkpoint", changes: [[3, 7]], values: [0, 0, 0, 7, 7, 7] },
    {
      title: "keeps the value of epoch 0",
      changes: [
        [0, 5],
        [3, 7],
      ],
      values: [5, 5, 5, 7, 7, 7],
    },
    {
      title: "overwrites the newest checkpoint",
      changes: [
        [3, 7],
        [3, 8],
      ],
      values: [0, 0, 0, 8, 8, 8],
    },
    {
      title: "forgets a value of epoch 0 that is set back to zero",
      changes: [
        [0, 5],
        [0, 0],
        [2, 6],
      ],
      values: [0, 0, 6, 6, 6, 6],
    },
    {
      title: "returns to zero",
      changes: [
        [1, 5],
        [4, 0],
      ],
      values: [0, 5, 5, 5, 0, 0],
    },
    {
      title: "inserts a value before the newest checkpoint",
      changes: [
        [1, 5],
        [4, 9],
        [3, 2],
      ],
      values: [0, 5, 5, 2, 9, 9],
    },
    {
      title: "inserts a value before the only checkpoint",
      changes: [
        [4, 9],
        [3, 2],
      ],
      values: [0, 0, 0, 2, 9, 9],
    },
    {
      title: "overwrites a value before the newest checkpoint",
      changes: [
        [1, 5],
        [4, 9],
        [3, 2],
        [3, 1],
      ],
      values: [0, 5, 5, 1, 9, 9],
    },
    {
      title: "finds each of many checkpoints",
      changes: [
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 5],
        [5, 6],
      ],
      values: [1, 2, 3, 4, 5, 6],
    },
    {
      title: "is zero before the first of many checkpoints",
      changes: [
        [2, 3],
        [3, 4],
        [4, 5],
        [5, 6],
      ],
      values: [0, 0, 3, 4, 5, 6],
    },
  ] as { title: string; changes: [number, number][]; values: number[] }[]) {
    it(title, async () => {
      const read = await readAfter(changes, [0, 1, 2, 3, 4, 5]);
      expect(read.values).to.deep.equal(values);
      expect(read.latest).to.equal(values[5]);
    });
  }

  it("has a value for the last possible epoch", async () => {
    expect((await readAfter([[3, 7]], [2n ** 64n - 1n])).values).to.deep.equal([7]);
  });

  it("matches a plain list for any changes to the next two epochs, as time passes", async () => {
    const change = fc.record({
      passes: fc.nat({ max: 3 }),
      kind: fc.constantFrom("add", "leave"),
      value: fc.nat({ max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 25 }), async (changes) => {
        const trace = await deployTrace();
        const list = new Timeline(0);
        let now = 0;
        for (const { passes, kind, value } of changes) {
          now += passes;
          const later = list.at(now + 2);
          if (kind === "leave") {
            await trace.set(now + 1, value);
            list.setFrom(now + 1, value);
            list.setFrom(now + 2, later);
          }
          await trace.set(now + 2, value);
          list.setFrom(now + 2, value);
        }
        const epochs = Array.from({ length: now + 5 }, (_, epoch) => epoch);
        const values = [...(await trace.at(epochs))].map(Number);
        expect(values).to.deep.equal(epochs.map((epoch) => list.at(epoch)));
      }),
      { numRuns: 25 },
    );
  });
});
