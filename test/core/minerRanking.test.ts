import {
  bestMiner,
  type MinerRank,
  rankMiners,
  type RankedTask,
  type RankingFacts,
  type RankingOrder,
  sortMiners,
} from "../../scripts/core/minerRanking";
import { expect } from "chai";
import fc from "fast-check";
import { WAD } from "../../scripts/core/fixedPoint";

const now = 1_000_000;
const accountOf = (minerId: number) => `0x${String(minerId).padStart(40, "0")}` as const;
const [client, other, griefer] = [accountOf(91), accountOf(92), accountOf(93)];

const task = (minerId: number, fields: Partial<RankedTask> = {}): RankedTask => ({
  ...{
    taskId: 0,
    minerId,
    typeId: 0,
    client,
    feeWei: 10n,
    deadline: now + 100,
    completedIn: null,
    latencySeconds: null,
  },
  ...fields,
});
const done = (minerId: number, fields: Partial<RankedTask> = {}): RankedTask =>
  task(minerId, { completedIn: 7, latencySeconds: 20, ...fields });
const missed = (minerId: number, fields: Partial<RankedTask> = {}): RankedTask =>
  task(minerId, { deadline: now, ...fields });

/** Facts about miners whose tasks were submitted in this order. @param percents Each miner's agreed score in epoch 7, in percent. */
function factsOf(tasks: readonly RankedTask[], percents: readonly number[] = [90, 80, 70, 60]): RankingFacts {
  return {
    miners: percents.map((_, index) => ({ account: accountOf(index + 1), activeFromEpoch: 1 })),
    tasks: tasks.map((one, index) => ({ ...one, taskId: index + 1 })),
    scoresWad: new Map([[7, percents.map((percent) => (BigInt(percent) * WAD) / 100n)]]),
    provenTypes: new Set([8]),
    thresholdBps: 5_000,
    epoch: 9,
    timestamp: now,
  };
}

const rankOf = (minerId: number, tasks: readonly RankedTask[], typeId?: number): MinerRank =>
  rankMiners(factsOf(tasks), typeId)[minerId - 1]!;

const nothing = {
  ...{ scoreWad: null, completedShareBps: null, latencySeconds: null, priceWei: null },
  ...{ completedTasks: 0, missedTasks: 0, openTasks: 0 },
};

describe("The ranking of miners", () => {
  it("lists a miner without history as unknown", () => {
    expect(rankMiners(factsOf([]))).to.deep.equal([1, 2, 3, 4].map((minerId) => ({ minerId, ...nothing })));
  });

  it("scores proven work in full at once, regardless of its miner's agreed score", () => {
    const proven = (minerId: number, fields = {}) => done(minerId, { typeId: 8, completedIn: 9, ...fields });
    expect(rankOf(4, [proven(4)])).to.include({ scoreWad: WAD });
    expect(rankOf(4, [proven(4, { feeWei: 30n }), done(4)])).to.include({ scoreWad: (9n * WAD) / 10n });
    expect(rankOf(4, [proven(4), done(4)], 8)).to.include({ scoreWad: WAD });
    expect(rankOf(4, [proven(4), done(4)], 0)).to.include({ scoreWad: (6n * WAD) / 10n });
  });

  it("states each miner's score, completed share, latency, price and load", () => {
    const tasks = [
      ...[30, 10, 20].map((latencySeconds) => done(1, { latencySeconds, feeWei: BigInt(latencySeconds) })),
      missed(1, { feeWei: 20n }),
      ...[task(1), task(1, { deadline: now + 1 })],
    ];
    expect(rankOf(1, tasks)).to.deep.equal({
      minerId: 1,
      scoreWad: (9n * WAD) / 10n,
      // 60 of 80 by fees.
      completedShareBps: 7_500,
      latencySeconds: 20,
      priceWei: 20n,
      completedTasks: 3,
      missedTasks: 1,
      openTasks: 2,
    });
  });

  it("weighs scores by fees, and omits epochs whose scores aren't final", () => {
    const facts = factsOf([
      done(1, { feeWei: 1n }),
      done(1, { completedIn: 6, feeWei: 3n }),
      done(1, { completedIn: 8 }),
    ]);
    const scoresWad = new Map([...facts.scoresWad, [6, [WAD / 2n]] as const]);
    // (1 · 0.9 + 3 · 0.5) / 4
    expect(rankMiners({ ...facts, scoresWad })[0]!.scoreWad).to.equal((6n * WAD) / 10n);
    expect(rankOf(1, [done(1, { completedIn: 8 })])).to.include({ scoreWad: null, completedShareBps: 10_000 });
  });

  it("takes the lower of two middle values as the median, for latency and for price", () => {
    const tasks = [5, 8].map((latencySeconds) => done(1, { latencySeconds, feeWei: BigInt(latencySeconds) }));
    expect(rankOf(1, tasks)).to.include({ latencySeconds: 5, priceWei: 5n });
  });

  it("takes latency from the tasks that were timed", () => {
    expect(rankOf(1, [done(1, { latencySeconds: null }), done(1)])).to.include({
      latencySeconds: 20,
      completedTasks: 2,
    });
  });

  it("can rank by one task type, but counts open tasks of every type", () => {
    const tasks = [done(1, { typeId: 1, feeWei: 50n }), done(1), missed(1), task(1, { typeId: 1 })];
    expect(rankOf(1, tasks, 1)).to.include({ completedShareBps: 10_000, priceWei: 50n, openTasks: 1 });
    expect(rankOf(1, tasks, 0)).to.include({ completedShareBps: 5_000, priceWei: 10n, openTasks: 1 });
    expect(rankOf(1, tasks, 2)).to.deep.equal({ minerId: 1, ...nothing, openTasks: 1 });
  });

  describe("can't be manipulated for free:", () => {
    it("a miner's tasks for its own account count only as open tasks", () => {
      const own = { client: accountOf(1), feeWei: 1_000n };
      expect(rankOf(1, [done(1, own), missed(1, own), task(1, own)])).to.deep.equal({
        ...{ minerId: 1, ...nothing },
        openTasks: 1,
      });
    });

    it("cheap tasks don't outweigh a missed expensive one", () => {
      const cheap = Array.from({ length: 100 }, () => done(1, { feeWei: 1n }));
      const dear = [done(2, { client: other, feeWei: 900n }), missed(1, { client: other, feeWei: 900n })];
      expect(rankOf(1, [...cheap, ...dear])).to.include({ completedShareBps: 1_000, missedTasks: 1 });
    });

    it("deadlines missed for a client that has paid for nothing don't lower the completed share", () => {
      const tasks = [done(1), ...Array.from({ length: 100 }, () => missed(1, { client: griefer, feeWei: 1_000n }))];
      expect(rankOf(1, tasks)).to.include({ completedShareBps: 10_000, missedTasks: 100 });
    });

    it("deadlines missed for one client together weigh at most what it paid for completed tasks, of any miner", () => {
      const paid = done(2, { client: griefer, feeWei: 30n });
      const accusations = [1, 3].map((minerId) => missed(minerId, { client: griefer, feeWei: 150n }));
      const ranks = rankMiners(factsOf([done(1), done(3), paid, ...accusations]));
      // 10 of 10 + 150 · 30 / 300
      expect(ranks.map(({ completedShareBps }) => completedShareBps)).to.deep.equal([4_000, 10_000, 4_000, null]);
    });

    it("tasks that a miner buys from itself don't count as paid for that", () => {
      const tasks = [done(2, { client: accountOf(2), feeWei: 1_000n }), missed(1, { client: accountOf(2) }), done(1)];
      expect(rankOf(1, tasks).completedShareBps).to.equal(10_000);
    });
  });
});

describe("Miners sorted", () => {
  const rank = (minerId: number, fields: Partial<MinerRank> = {}): MinerRank => ({ minerId, ...nothing, ...fields });
  const sorted = (order: RankingOrder, ranks: readonly MinerRank[]) =>
    sortMiners(ranks, order).map(({ minerId }) => minerId);
  const ranks = [
    rank(1),
    rank(2, { scoreWad: 5n, completedShareBps: 7_000, latencySeconds: 9, priceWei: 8n }),
    rank(3, { completedShareBps: 10_000, latencySeconds: 3, priceWei: 4n }),
    rank(4, { scoreWad: 7n, completedShareBps: 9_000, latencySeconds: 6, priceWei: 9n }),
  ];

  it("begin with the best and end with those without history; by price these come first", () => {
    expect(sorted("score", ranks)).to.deep.equal([4, 2, 3, 1]);
    expect(sorted("share", ranks)).to.deep.equal([3, 4, 2, 1]);
    expect(sorted("latency", ranks)).to.deep.equal([3, 4, 2, 1]);
    expect(sorted("price", ranks)).to.deep.equal([1, 3, 2, 4]);
  });

  it("put unknown figures last, from either input order; by price they put them first", () => {
    const pairs: readonly (readonly [RankingOrder, first: Partial<MinerRank>, second: Partial<MinerRank>])[] = [
      ["score", { scoreWad: 0n }, { completedShareBps: 10_000 }],
      ["share", { completedShareBps: 0 }, { scoreWad: 9n }],
      ["latency", { latencySeconds: 1_000_000 }, { scoreWad: 9n }],
      ["price", {}, { priceWei: 0n, scoreWad: 9n }],
    ];
    for (const [order, first, second] of pairs) {
      const both = [rank(1, second), rank(2, first)];
      expect([sorted(order, both), sorted(order, both.toReversed())], order).to.deep.equal([
        [2, 1],
        [2, 1],
      ]);
    }
  });

  it("that are equal are ordered by the other figures and finally by id, from any input order", () => {
    const equal = [
      ...[rank(9, { scoreWad: 1n }), rank(8, { scoreWad: 1n, completedShareBps: 1 })],
      ...[rank(7, { scoreWad: 1n, completedShareBps: 1, latencySeconds: 1 }), rank(6, { scoreWad: 1n })],
      rank(5, { scoreWad: 1n, completedShareBps: 1, latencySeconds: 1, priceWei: 2n }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(equal, { minLength: equal.length }), (any) => {
        expect(sorted("score", any)).to.deep.equal([7, 5, 8, 6, 9]);
      }),
    );
  });
});

describe("The miner that a client should ask", () => {
  const best = (tasks: readonly RankedTask[], percents?: readonly number[], except?: readonly number[]) =>
    bestMiner(factsOf(tasks, percents), { typeId: 0, except })?.minerId;
  const allDone = [1, 2, 3, 4].map((minerId) => done(minerId));

  it("has the highest score", () => {
    expect(best(allDone)).to.equal(1);
    expect(best(allDone, [60, 70, 90, 80])).to.equal(3);
  });

  it("has the larger completed share among equal scores, then the lower latency, if these differ by much", () => {
    const equal = [90, 90];
    const often = [missed(1), ...[2, 1, 1, 1, 1].map((minerId) => done(minerId))];
    expect(best(often, equal)).to.equal(2);
    expect(best([done(1, { latencySeconds: 53 }), done(2)], equal)).to.equal(2);
  });

  it("is the one asked longest ago among those close to the best with equally many open tasks: they take turns", () => {
    const tasks = [1, 2, 3].map((minerId) => done(minerId));
    const asked: (number | undefined)[] = [];
    for (let time = 0; time < 6; time++) {
      const next = best(tasks, [90, 89, 90]);
      asked.push(next);
      tasks.push(done(next!));
    }
    expect(asked).to.deep.equal([1, 2, 3, 1, 2, 3]);
    expect(best([...tasks, task(1, { typeId: 1 }), task(2), task(3)], [90, 89, 90])).to.equal(1);
  });

  it("isn't one that misses more than a fifth of its tasks by fees, even if its score is the highest", () => {
    const fourOfFive = [...Array.from({ length: 4 }, () => done(1)), missed(1), done(2)];
    expect(best(fourOfFive)).to.equal(1);
    expect(best([...fourOfFive, missed(1)])).to.equal(2);
  });

  it("isn't one whose agreed score is below θ", () => {
    expect(best([done(1), done(2)], [49, 50])).to.equal(2);
    expect(best([done(1)], [49])).to.equal(undefined);
  });

  it("is the one with the fewest open tasks among those close to the best", () => {
    expect(best([...allDone, task(1)], [90, 88, 87, 60])).to.equal(2);
    expect(best([...allDone, task(1), task(2)], [90, 88, 87, 60]), "not as good").to.equal(1);
    const slow = [done(1), task(1), done(2, { latencySeconds: 53 })];
    expect(best(slow, [90, 90])).to.equal(1);
    expect(best([done(1), task(1), done(2, { latencySeconds: 52 })], [90, 90])).to.equal(2);
    const seldom = [...Array.from({ length: 40 }, () => [done(1), done(2)]).flat(), task(1), missed(2)];
    expect(best(seldom, [90, 90]), "completes 2.4 % less").to.equal(1);
    const nearlyAll = [...Array.from({ length: 49 }, () => [done(1), done(2)]).flat(), task(1), missed(2)];
    expect(best(nearlyAll, [90, 90]), "completes 2 % less").to.equal(2);
  });

  it("is one without a score, one task at a time, if all of the best are busy", () => {
    const busy = [done(1), task(1)];
    expect(best(busy)).to.equal(2);
    expect(best([...busy, task(2)])).to.equal(3);
    expect(best([...busy, task(2), task(3), task(4)]), "all were given one").to.equal(1);
    expect(best([...busy, missed(2, { client: griefer })], [90, 80]), "it missed a deadline").to.equal(1);
  });

  it("is the one with the fewest missed deadlines, then the fewest open tasks, if no miner has a score", () => {
    expect(best([])).to.equal(1);
    expect(best([missed(1, { client: griefer }), task(2)])).to.equal(3);
    expect(best([task(1), missed(2), missed(3), missed(4)])).to.equal(1);
    expect(best([done(1, { completedIn: 8 })]), "asked longest ago").to.equal(2);
    expect(best([2, 3, 4].map((minerId) => done(minerId, { completedIn: 8 })))).to.equal(1);
  });

  it("is one that has made proofs, for a type that requires them; if none has, the one with the fewest missed deadlines", () => {
    const bestProver = (tasks: readonly RankedTask[], percents?: readonly number[]) =>
      bestMiner(factsOf(tasks, percents), { typeId: 8 })?.minerId;
    const proven = done(3, { typeId: 8, completedIn: 9 });
    expect(bestProver([done(1), done(2), proven], [90, 90, 0])).to.equal(3);
    expect(bestProver([missed(1, { typeId: 8 }), missed(3, { typeId: 8 })])).to.equal(2);
  });

  it("is active already, and isn't one that the client excludes", () => {
    const facts = factsOf(allDone);
    const late = facts.miners.map((miner, index) => (index === 0 ? { ...miner, activeFromEpoch: 10 } : miner));
    expect(bestMiner({ ...facts, miners: late }, { typeId: 0 })?.minerId).to.equal(2);
    expect(bestMiner({ ...facts, epoch: null }, { typeId: 0 })).to.equal(undefined);
    expect(best(allDone, undefined, [1, 2])).to.equal(3);
    expect(best(allDone, undefined, [1, 2, 3, 4])).to.equal(undefined);
  });

  it("is ranked by its tasks of the requested type", () => {
    const facts = factsOf([done(1, { typeId: 1 }), done(2)]);
    expect(bestMiner(facts, { typeId: 0 })?.minerId).to.equal(2);
    expect(bestMiner(facts, { typeId: 1 })?.minerId).to.equal(1);
  });
});
