import { expect } from "chai";
import { computeEpoch, type EpochInputs } from "../../scripts/core/computeEpoch";
import { WAD } from "../../scripts/core/fixedPoint";
import { DEFAULT_POLICY } from "../../scripts/core/policy/policy";
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

/** Half of the tasks, a base reward of 1,000 MDT, 9 of 10 reveal; two miners, two validators, one with a delegator. */
const busy = epochInputs({
  baseRewardWei: 1_000n * MDT,
  mintableWei: 10_000n * MDT,
  poolWei: 100n * MDT,
  policy: { ...DEFAULT_POLICY, difficultyFloorTasks: 0, minerFeeCapBps: 6_000 },
  tasks: { completed: 5_000, difficultySumBps: 40_000_000 },
  validators: { activeStakeWei: 1_000n * MDT, revealedStakeWei: 900n * MDT },
  miners: [miner(accountOf(11), 300n * MDT, (95n * WAD) / 100n), miner(accountOf(12), 100n * MDT, WAD / 10n)],
  stakers: [
    staker(accountOf(1), 600n * MDT, 1_000, [[accountOf(3), 100n * MDT]]),
    { ...staker(accountOf(2), 200n * MDT), unscoredFeesWei: 100n * MDT },
  ],
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

  it("says whose work was proven, if any was", () => {
    const [milo, nora] = busy.miners as [(typeof busy.miners)[0], (typeof busy.miners)[0]];
    const proven = { ...busy, miners: [milo, { ...nora, provenFeesWei: 60n * MDT }] };
    const story = epochStory({ inputs: proven, result: computeEpoch(proven) }, (account) => names.get(account)!);
    expect(story[3]).to.deep.equal({
      question: "What was proven?",
      answer: "Nora proved tasks for 60 of its 100 MDT in fees. Proven work counts in full: no score judges it.",
    });
    expect(story).to.have.lengthOf(5);
  });

  it("says how many of its possible points each factor brought", () => {
    expect(answers(busy)[0]).to.equal(
      "Utility was 0.67. 5000 tasks of 10000 expected brought 25 of 50 points; their average difficulty of 0.8 brought 24 of 30 points; " +
        "validators with 900 of 1,000 MDT at stake revealed their scores, which brought 18 of 20 points.",
    );
  });

  it("explains the emission by the schedule's ceiling, the utility and the sources", () => {
    expect(answers(busy)[1]).to.equal(
      "The ceiling was the base reward of 1,000 MDT; utility reduced it to 670 MDT. 100 MDT were recycled from the pool, and 570 MDT minted.",
    );
    expect(answers({ ...busy, epoch: 2, halvingIntervalEpochs: 1 })[1]).to.equal(
      "After 2 halvings of the base reward of 1,000 MDT the ceiling was 250 MDT; utility reduced it to 167.5 MDT. " +
        "100 MDT were recycled from the pool, and 67.5 MDT minted.",
    );
  });

  it("says if pool and mint allowance couldn't pay the emission that utility called for", () => {
    expect(answers({ ...busy, mintableWei: 50n * MDT })[1]).to.equal(
      "The ceiling was the base reward of 1,000 MDT; utility called for 670 MDT, but pool and mint allowance together could pay only 150 MDT. " +
        "100 MDT were recycled from the pool, and 50 MDT minted.",
    );
  });

  it("says who earned most on each side, and how", () => {
    expect(answers(busy)[2]).to.equal(
      "Among miners, Milo earned most, 171 of 177 MDT: tasks for 300 of 400 MDT in fees, with an agreed score of 0.95. " +
        "No miner earns more than 60 % of its fees times its score. " +
        "Among validators and delegators, Alba earned most, 156.404 of 221.94 MDT: 600 MDT of its own at stake, 66.6666 % of all, " +
        "and a commission of 10 % on 100 MDT delegated to it.",
    );
  });

  it("states a miner's share of all performance if pay goes by performance", () => {
    const policy = { ...DEFAULT_POLICY, minerRule: "incentive", minerFeeCapBps: null } as const;
    expect(answers({ ...busy, policy })[2]).to.contain(
      ": 75 % of all performance, with an agreed score of 0.95. Among val",
    );
    const idle = busy.miners.map((one) => ({ ...one, performance: 0n }));
    expect(answers({ ...busy, policy, miners: idle })[2]).to.contain("No miner was paid, because none performed.");
  });

  it("states the fees that a validator left unscored", () => {
    const stakers = [{ ...staker(accountOf(2), 900n * MDT), unscoredFeesWei: 100n * MDT }];
    expect(answers({ ...busy, stakers })[2]).to.contain(
      ": 900 MDT of its own at stake, 100 % of all, 100 MDT of fees left unscored, and a commission of 0 % on 0 MDT delegated to it.",
    );
  });

  it("names a delegator who earned more than any validator", () => {
    const stakers = [staker(accountOf(1), 225n * MDT, 0, [[accountOf(3), 675n * MDT]])];
    expect(answers({ ...busy, stakers })[2]).to.match(
      /Among validators and delegators, Femi earned most, .* MDT: 675 MDT of its own at stake, 75 % of all\.$/,
    );
  });

  it("says if nobody could be paid", () => {
    const validators = { activeStakeWei: 0n, revealedStakeWei: 0n };
    expect(answers({ ...busy, validators, miners: [], stakers: [] })[2]).to.equal(
      "No miner was paid, because none completed work that counts. No validator was paid, because none with stake revealed.",
    );
  });

  it("says how much bad work burned, and how much returned to the pool", () => {
    expect(answers(busy)[3]).to.match(
      /^Quality was 0\.7375\. Work scored below the threshold 0\.5 burned its shortfall: 49 MDT of the emission\. [\d.]+ MDT that nobody earned returned to the pool\.$/,
    );
    const good = { ...busy, miners: [miner(accountOf(11), 300n * MDT)] };
    expect(answers(good)[3]).to.match(
      /^Quality was 1, and no miner's work was scored below the threshold 0\.5: nothing was burned for it\. [\d.]+ MDT that nobody earned returned to the pool/,
    );
  });

  it("says how much the penalty took from miners with poor work", () => {
    const policy = { ...busy.policy, qualityPenaltyThresholdBps: 2_000 };
    expect(answers({ ...busy, policy })[3]).to.contain(
      " Miners whose work was worth less than 20 % of its fees lost 3 MDT, burned too. ",
    );
  });
});
