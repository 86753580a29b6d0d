import { expect } from "chai";
import { computeEpoch, type EpochInputs } from "../../scripts/core/computeEpoch";
import { WAD } from "../../scripts/core/fixedPoint";
import { epochStory } from "../../scripts/show/epochStory";
import { epochInputs, miner, staker } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";

const MDT = 10n ** 18n;
const names = new Map([
  [accountOf(1), "Alba"],
  [accountOf(2), "Bruno"],
  [accountOf(3), "Femi"],
  [accountOf(11), "Milo"],
  [accountOf(12), "Nora"],
]);

/** Half of the tasks, a base reward of 1,000 MDT; two miners and two validators, one of them with a delegator. */
const busy = epochInputs({
  baseRewardWei: 1_000n * MDT,
  mintableWei: 10_000n * MDT,
  poolWei: 100n * MDT,
  tasks: { completed: 5_000, difficultySumBps: 40_000_000 },
  validators: { active: 10, revealed: 9 },
  miners: [miner(accountOf(11), 3n, (95n * WAD) / 100n), miner(accountOf(12), 1n, WAD / 10n)],
  stakers: [staker(accountOf(1), 600n * MDT, 1_000, [[accountOf(3), 100n * MDT]]), staker(accountOf(2), 300n * MDT)],
});

function answers(inputs: EpochInputs): readonly string[] {
  const epoch = { inputs, result: computeEpoch(inputs) };
  return epochStory(epoch, (account) => names.get(account) ?? account).map(({ answer }) => answer);
}

describe("An epoch's story", () => {
  it("answers four questions", () => {
    const story = epochStory({ inputs: busy, result: computeEpoch(busy) }, String);
    expect(story.map(({ question }) => question)).to.deep.equal([
      "Why this utility?",
      "What bounded the emission?",
      "Who earned most, and why?",
      "What was burned?",
    ]);
  });

  it("says what each factor brought of what it could have", () => {
    expect(answers(busy)[0]).to.equal(
      "Utility was 0.67. 5000 tasks of 10000 expected brought 25 of 50 points; their difficulty, 0.8 on average, 24 of 30 points; " +
        "9 of 10 validators revealed their scores, 18 of 20 points.",
    );
  });

  it("says what the schedule allowed, what utility made of it, and what paid for it", () => {
    expect(answers(busy)[1]).to.equal(
      "The ceiling was the base reward of 1,000 MDT; utility made 670 MDT of it. 100 MDT were recycled from the pool, and 570 MDT minted.",
    );
    expect(answers({ ...busy, epoch: 2, halvingIntervalEpochs: 1 })[1]).to.equal(
      "After 2 halvings of the base reward of 1,000 MDT the ceiling was 250 MDT; utility made 167.5 MDT of it. " +
        "100 MDT were recycled from the pool, and 67.5 MDT minted.",
    );
  });

  it("says where pool and allowance could not pay what utility called for", () => {
    expect(answers({ ...busy, mintableWei: 50n * MDT })[1]).to.equal(
      "The ceiling was the base reward of 1,000 MDT; utility called for 670 MDT, but pool and mint allowance together could pay only 150 MDT. " +
        "100 MDT were recycled from the pool, and 50 MDT minted.",
    );
  });

  it("says who earned most on each side and by what", () => {
    expect(answers(busy)[2]).to.equal(
      "Of the miners Milo earned most, 201 of 234.5 MDT: 75 % of all performance, with an agreed score of 0.95. " +
        "Of validators and delegators Alba earned most, 163.48 of 268 MDT: 600 MDT of its own at stake, 60 % of all, " +
        "and a commission of 10 % on 100 MDT delegated to it.",
    );
  });

  it("names a delegator who earned more than any validator", () => {
    const stakers = [staker(accountOf(1), 100n * MDT, 0, [[accountOf(3), 300n * MDT]])];
    expect(answers({ ...busy, stakers })[2]).to.contain(
      "Of validators and delegators Femi earned most, 201 of 268 MDT: 300 MDT of its own at stake, 75 % of all.",
    );
  });

  it("says where nobody could be paid", () => {
    expect(answers({ ...busy, miners: [], stakers: [] })[2]).to.equal(
      "No miner was paid, because none performed. No validator was paid, because none with stake revealed.",
    );
  });

  it("says what was burned for the network's quality and from poor miners, and what returned", () => {
    expect(answers(busy)[3]).to.equal(
      "Quality was 1, and the threshold 0.5: no part of the emission was burned for it. " +
        "1 miner with an agreed score below 0.2 lost 33.5 MDT, burned too.",
    );
    expect(answers({ ...busy, baseRewardWei: 1_001n })[3]).to.contain(
      "lost less than 0.0001 MDT, burned too. Back to the pool went less than 0.0001 MDT, which nobody could receive.",
    );
    const poor = { ...busy, qualityWad: (3n * WAD) / 10n, miners: [miner(accountOf(11), 1n)], stakers: [] };
    expect(answers(poor)[3]).to.equal(
      "Quality was 0.3, and the threshold 0.5: 134 MDT of the emission were burned, and nobody was paid from them. " +
        "No miner lost anything. Back to the pool went 214.4 MDT, which nobody could receive.",
    );
  });
});
