import { expect } from "chai";
import { throughputRows } from "../../scripts/lab/bench/throughput";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

describe("Tasks in the benchmark", () => {
  let node: DevelopmentNode;

  before(async () => {
    node = await startNode();
  });

  after(() => {
    node.stop();
  });

  it("are submitted, worked on and counted, many per transaction, and reported in tasks per second", async () => {
    const place = { connection: await node.deploy(), funder: nodeAccount(0), client: nodeAccount(11) };
    const rows = await throughputRows("a node", { ...place, advanceTo: (to) => node.advanceTo(to) }, [2]);
    expect(rows.map(({ name, unit, size }) => [name, unit, size])).to.deep.equal([
      ["a task alone, submitted to counted: a node", "s", 1],
      ["tasks a second, submitted to counted: a node", "tasks/s", 2],
      ["tasks completed by a transaction: a node", "tasks", 2],
    ]);
    expect(rows[1]!.ours).to.be.greaterThan(0);
    expect(rows[2]!.ours).to.be.greaterThan(2);
    const completed = await place.connection.events.select(["TaskCompleted"]);
    expect(completed).to.have.lengthOf(210);
  });
});
