import { reset } from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import hre from "hardhat";
import { serviceRows } from "../../scripts/lab/bench/service";
import { startInProcessNetwork } from "../../tasks/inProcessNetwork";

describe("The service in the benchmark", () => {
  // An earlier test may have advanced the time.
  before(() => reset());

  it("settles an epoch, including each participant's payment, and is measured in calls and seconds", async () => {
    const rows = await serviceRows((config) => startInProcessNetwork(hre, config), [4]);
    expect(rows.map(({ name, unit, size }) => [name, unit, size])).to.deep.equal([
      ["keeper: RPC calls for an epoch", "calls", 4],
      ["keeper: from due to mined", "s", 4],
    ]);
    // At least each participant's claims are read, and one transaction is sent.
    expect(rows[0]!.ours).to.be.greaterThan(5);
    expect(rows[1]!.ours).to.be.greaterThan(0);
  });
});
