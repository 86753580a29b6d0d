import { expect } from "chai";
import { timeRows } from "../../scripts/lab/bench/runBench";

describe("Time and memory", () => {
  it("are measured in processes of their own, trees together with a library that finds the same roots", async () => {
    const progress: string[] = [];
    const rows = await timeRows({ onProgress: (what) => progress.push(what), isFull: false }, [100, 1_000]);
    expect(progress).to.deep.equal(["time: trees", "time: hashing", "time: epochs", "time: consensus"]);
    for (const { name, ours } of rows) expect(ours, name).to.be.a("number").that.satisfies(Number.isFinite);
    expect(rows.filter(({ name }) => name === "reward tree: build").map(({ size }) => size)).to.deep.equal([
      100, 1_000,
    ]);
    expect(rows.filter(({ peerValue }) => peerValue !== null)).to.have.length(11);
    expect(rows.map(({ name }) => name)).to.include.members([
      "epoch computation",
      "epoch computation: peak memory",
      "inputs hash",
      "reward tree: saved form",
      "keccak-256 of 64 bytes",
      "consensus, rule yuma3, 100 validators",
    ]);
  });
});
