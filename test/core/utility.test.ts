import { expect } from "chai";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY } from "../../scripts/core/policy/fields";
import { utilityOf } from "../../scripts/core/utility";

/** WAD from hundredths. */
const percent = (hundredths: bigint): bigint => (WAD * hundredths) / 100n;

describe("Utility", () => {
  const cases: [
    title: string,
    tasks: [number, number],
    validators: [number, number],
    floor: number,
    utility: bigint,
  ][] = [
    ["is .67 for 5 000 tasks of difficulty .8 and 9 of 10 reveals", [5_000, 40_000_000], [10, 9], 0, percent(67n)],
    ["is .14 for participation .7 alone", [0, 0], [10, 7], 0, percent(14n)],
    ["is 1 with everything at its maximum", [10_000, 100_000_000], [10, 10], 0, WAD],
    ["is 0 where nothing happened", [0, 0], [0, 0], 0, 0n],
    ["counts no more tasks than expected", [10_001, 0], [0, 0], 0, percent(50n)],
    ["counts one task less than expected as less", [9_999, 0], [0, 0], 0, (WAD * 9_999n) / 20_000n],
    ["averages difficulty over the tasks where they reach the floor", [1_000, 10_000_000], [0, 0], 1_000, percent(35n)],
    [
      "averages difficulty over the floor where there are fewer tasks",
      [1, 10_000],
      [0, 0],
      1_000,
      percent(0n) + 350_000_000_000_000n,
    ],
    ["has no difficulty without tasks, whatever the floor", [0, 0], [1, 1], 1_000, percent(20n)],
    ["has no participation without validators", [10_000, 100_000_000], [0, 0], 0, percent(80n)],
  ];
  for (const [title, [completed, difficultySumBps], [active, revealed], difficultyFloorTasks, expected] of cases) {
    it(title, () => {
      const policy = { ...DEFAULT_POLICY, difficultyFloorTasks };
      const { utilityWad } = utilityOf({ completed, difficultySumBps }, { active, revealed }, policy);
      expect(utilityWad).to.equal(expected);
    });
  }

  it("explains itself by its three factors, exact", () => {
    const { taskScore, difficulty, participation } = utilityOf(
      { completed: 5_000, difficultySumBps: 40_000_000 },
      { active: 3, revealed: 1 },
      DEFAULT_POLICY,
    );
    expect(taskScore).to.deep.equal({ numerator: 5_000n, denominator: 10_000n });
    expect(difficulty).to.deep.equal({ numerator: 40_000_000n, denominator: 50_000_000n });
    expect(participation).to.deep.equal({ numerator: 1n, denominator: 3n });
  });

  it("is shown in WAD rounded down: a third of .2", () => {
    const { utilityWad } = utilityOf({ completed: 0, difficultySumBps: 0 }, { active: 3, revealed: 1 }, DEFAULT_POLICY);
    expect(utilityWad).to.equal(66_666_666_666_666_666n);
  });
});
