import { expect } from "chai";
import { afterRegistration, quote } from "../../../scripts/lab/simulator/ledger";

const parameters = { floorWei: 100n, ceilingWei: 2_000n, intervalSeconds: 10 };
const after = (elapsed: bigint) => quote({ priceWei: 1_600n, updatedAt: 5n }, parameters, 5n + elapsed);

describe("The simulator's price of a registration", () => {
  it("loses a fifth with each interval, linearly in between, down to its floor", () => {
    expect([0n, 5n, 10n, 15n, 20n, 123n, 124n, 125n, 10n ** 18n].map(after)).to.deep.equal([
      1_600n,
      1_440n,
      1_280n,
      1_152n,
      1_024n,
      103n,
      101n,
      100n,
      100n,
    ]);
  });

  it("rounds each interval up at the 92nd binary digit after the point, as the contract does", () => {
    const cheap = { ...parameters, floorWei: 1n };
    const afterIntervals = (priceWei: bigint, count: bigint) => quote({ priceWei, updatedAt: 0n }, cheap, 10n * count);
    // With a digit less the first would be a wei more; with a digit more the second would be a wei less.
    expect(afterIntervals(928_392_572_704_959_139_697_458_297n, 43n)).to.equal(63_183_124_414_372_589_077_457n);
    expect(afterIntervals(826_757_030_629_160_920_758_739_535n, 42n)).to.equal(70_332_709_812_754_424_038_921n);
  });

  it("rises by a quarter with each registration, rounded up, up to its ceiling", () => {
    expect(afterRegistration(101n, parameters, 7n)).to.deep.equal({ priceWei: 127n, updatedAt: 7n });
    expect(afterRegistration(1_600n, parameters, 7n)).to.deep.equal({ priceWei: 2_000n, updatedAt: 7n });
  });
});
