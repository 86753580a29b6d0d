import { expect } from "chai";
import { peopleOf } from "../../../scripts/lab/simulator/people";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";
import { perfect } from "./scenarios";

const skillsOf = (miners: Partial<typeof perfect.miners>): readonly number[] =>
  peopleOf(parseScenario({ ...perfect, miners: { ...perfect.miners, ...miners } })).miners.map(
    ({ skillBps }) => skillBps,
  );

describe("The people of a scenario", () => {
  it("are skilled evenly from the worst miner to the best", () => {
    expect(skillsOf({ accounts: 3, skillBps: 5_000, skillSpreadBps: 2_000 })).to.deep.equal([3_000, 5_000, 7_000]);
  });

  it("are as skilled as the scenario says where there is one miner", () => {
    expect(skillsOf({ accounts: 1, skillBps: 5_000, skillSpreadBps: 2_000 })).to.deep.equal([5_000]);
  });

  it("are never worse than nothing or better than everything", () => {
    expect(skillsOf({ accounts: 2, skillBps: 9_000, skillSpreadBps: 2_000 })).to.deep.equal([7_000, 10_000]);
    expect(skillsOf({ accounts: 2, skillBps: 1_000, skillSpreadBps: 2_000 })).to.deep.equal([0, 3_000]);
  });
});
