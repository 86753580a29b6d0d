import { expect } from "chai";
import fc from "fast-check";
import { minerScoreU16 } from "../../scripts/core/scores";

const fees = (...feesWei: readonly bigint[]) => feesWei.map((feeWei) => ({ feeWei }));

describe("A miner's score", () => {
  it("is the mean of its tasks' scores, weighed by fees", () => {
    expect(minerScoreU16(fees(1n, 1n), [1, 0])).to.equal(32_768);
    expect(minerScoreU16(fees(9n, 1n), [0, 1])).to.equal(6_554);
    expect(minerScoreU16(fees(10n ** 27n, 10n ** 27n), [0.25, 0.75])).to.equal(32_768);
  });

  it("ranges from 0 to 65,535", () => {
    expect(minerScoreU16(fees(7n, 11n), [1, 1])).to.equal(65_535);
    expect(minerScoreU16(fees(7n, 11n), [0, -0])).to.equal(0);
    expect(minerScoreU16(fees(5n), [Number.MIN_VALUE])).to.equal(0);
  });

  it("ignores tasks without a score", () => {
    expect(minerScoreU16(fees(10n ** 30n, 3n), [null, 1])).to.equal(65_535);
    expect(minerScoreU16(fees(1n, 2n), [1])).to.equal(65_535);
  });

  it("is null if no task with a fee has a score", () => {
    expect(minerScoreU16([], [])).to.equal(null);
    expect(minerScoreU16(fees(4n), [null])).to.equal(null);
    expect(minerScoreU16(fees(0n), [1])).to.equal(null);
  });

  it("is rounded to the nearest step, and up if two are equally near", () => {
    const half = 2n * 65_535n;
    expect(minerScoreU16(fees(1n, half - 1n), [1, 0])).to.equal(1);
    expect(minerScoreU16(fees(1n, half), [1, 0])).to.equal(0);
    expect(minerScoreU16(fees(3n, half - 3n), [1, 0])).to.equal(2);
  });

  it("takes a double at its exact value", () => {
    // 0.1 as a double is 3602879701896397 / 2^55, a little more than a tenth. With these fees the score is half a step.
    const tasks = fees(2n ** 55n, 2n * 65_535n * 3_602_879_701_896_397n - 2n ** 55n);
    expect(minerScoreU16(tasks, [0.1, 0])).to.equal(1);
    expect(minerScoreU16([...tasks, ...fees(1n)], [0.1, 0, 0])).to.equal(0);
  });

  it("is within half a step of the floating-point result, for any scores", () => {
    const task = fc.tuple(fc.bigInt({ min: 1n, max: 10n ** 24n }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 20 }), (tasks) => {
        const total = tasks.reduce((sum, [feeWei]) => sum + Number(feeWei), 0);
        const mean = tasks.reduce((sum, [feeWei, score]) => sum + Number(feeWei) * score, 0) / total;
        const found = minerScoreU16(
          tasks.map(([feeWei]) => ({ feeWei })),
          tasks.map(([, score]) => score),
        );
        expect(Math.abs(found! - mean * 65_535)).to.be.at.most(0.5 + 1e-6);
      }),
    );
  });
});
