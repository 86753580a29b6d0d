import { expect } from "chai";
import fc from "fast-check";
import { WAD } from "../../scripts/core/fixedPoint";
import { utilityOf } from "../../scripts/core/utility";
import { DEFAULT_POLICY } from "../../scripts/core/policy/policy";
import { anyEpoch } from "../shared/epochInputs";

/** WAD from hundredths. */
const percent = (hundredths: bigint): bigint => (WAD * hundredths) / 100n;

const stake = (activeStakeWei: bigint, revealedStakeWei: bigint) => ({ activeStakeWei, revealedStakeWei });
const idle = { completed: 0, difficultySumBps: 0 };

describe("Utility", () => {
  const cases: [
    title: string,
    tasks: [number, number],
    stakes: [bigint, bigint],
    difficultyFloorTasks: number,
    utility: bigint,
  ][] = [
    [
      "is .67 for 5 000 tasks of difficulty .8 and 9 of 10 wei revealed",
      [5_000, 40_000_000],
      [10n, 9n],
      0,
      percent(67n),
    ],
    ["is .14 for participation .7 alone", [0, 0], [10n, 7n], 0, percent(14n)],
    ["is 1 with everything at its maximum", [10_000, 100_000_000], [10n, 10n], 0, WAD],
    ["is 0 if nothing happened", [0, 0], [0n, 0n], 0, 0n],
    ["counts no more tasks than expected", [10_001, 0], [0n, 0n], 0, percent(50n)],
    ["counts one task fewer than expected as less", [9_999, 0], [0n, 0n], 0, (WAD * 9_999n) / 20_000n],
    ["averages difficulty over the tasks if they reach the floor", [1_000, 10_000_000], [0n, 0n], 1_000, percent(35n)],
    ["averages difficulty over the floor if there are fewer tasks", [1, 10_000], [0n, 0n], 1_000, 350_000_000_000_000n],
    ["has no difficulty without tasks, even with a floor", [0, 0], [1n, 1n], 1_000, percent(20n)],
    ["has no participation without stake", [10_000, 100_000_000], [0n, 0n], 0, percent(80n)],
  ];
  for (const [title, [completed, difficultySumBps], stakes, difficultyFloorTasks, expected] of cases) {
    it(title, () => {
      const policy = { ...DEFAULT_POLICY, difficultyFloorTasks };
      const { utilityWad } = utilityOf({ completed, difficultySumBps }, stake(...stakes), policy);
      expect(utilityWad).to.equal(expected);
    });
  }

  it("measures participation by the floor if less stake is active", () => {
    const participation = (participationFloorWei: bigint) =>
      utilityOf(idle, stake(10n, 5n), { ...DEFAULT_POLICY, participationFloorWei }).participation;
    expect(participation(10n)).to.deep.equal({ numerator: 5n, denominator: 10n });
    expect(participation(11n)).to.deep.equal({ numerator: 5n, denominator: 11n });
    expect(utilityOf(idle, stake(0n, 0n), { ...DEFAULT_POLICY, participationFloorWei: 1n }).utilityWad).to.equal(0n);
  });

  it("states its three factors as exact ratios", () => {
    const { taskScore, difficulty, participation } = utilityOf(
      { completed: 5_000, difficultySumBps: 40_000_000 },
      stake(3n, 1n),
      DEFAULT_POLICY,
    );
    expect(taskScore).to.deep.equal({ numerator: 5_000n, denominator: 10_000n });
    expect(difficulty).to.deep.equal({ numerator: 40_000_000n, denominator: 50_000_000n });
    expect(participation).to.deep.equal({ numerator: 1n, denominator: 3n });
  });

  it("is the sum of what work and presence bring, over one denominator, and at most 1", () => {
    fc.assert(
      fc.property(anyEpoch, ({ tasks, validators, policy }) => {
        const { work, presence, total } = utilityOf(tasks, validators, policy);
        expect([work.denominator, presence.denominator]).to.deep.equal([total.denominator, total.denominator]);
        expect(work.numerator + presence.numerator).to.equal(total.numerator);
        expect(total.numerator <= total.denominator).to.equal(true);
      }),
    );
  });

  it("is shown in WAD rounded down: a third of .2", () => {
    expect(utilityOf(idle, stake(3n, 1n), DEFAULT_POLICY).utilityWad).to.equal(66_666_666_666_666_666n);
  });
});
