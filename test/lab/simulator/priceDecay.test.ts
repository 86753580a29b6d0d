import { expect } from "chai";
import { afterRegistration, quote } from "../../../scripts/lab/simulator/ledger";

const parameters = { floorWei: 100n, ceilingWei: 2_000n, intervalSeconds: 10 };
const after = (elapsed: bigint) => quote({ priceWei: 1_600n, updatedAt: 5n }, parameters, 5n + elapsed);

describe("The simulator's price of a registration", () => {
  it("loses a fifth with each interval, on straight lines in between, down to its floor", () => {
    expect([0n, 5n, 10n, 15n, 20n, 123n, 124n, 125n, 10n ** 9n].map(after)).to.deep.equal([
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

  it("rises by a quarter rounded up with each registration, up to its ceiling", () => {
    expect(afterRegistration(101n, parameters, 7n)).to.deep.equal({ priceWei: 127n, updatedAt: 7n });
    expect(afterRegistration(1_600n, parameters, 7n)).to.deep.equal({ priceWei: 2_000n, updatedAt: 7n });
  });
});
