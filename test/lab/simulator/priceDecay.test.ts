import { expect } from "chai";
import { afterRegistration, quote } from "../../../scripts/lab/simulator/ledger";

const parameters = { floorWei: 100n, ceilingWei: 2_000n, halfLifeSeconds: 10 };
const after = (elapsed: bigint) => quote({ priceWei: 1_600n, updatedAt: 5n }, parameters, 5n + elapsed);

describe("The simulator's price of a registration", () => {
  it("halves with each half-life, on straight lines in between, down to its floor", () => {
    expect([0n, 5n, 10n, 20n, 40n, 41n, 1_279n, 1_280n, 10n ** 9n].map(after)).to.deep.equal([
      1_600n,
      1_200n,
      800n,
      400n,
      100n,
      100n,
      100n,
      100n,
      100n,
    ]);
  });

  it("rises by 26 % rounded up with each registration, up to its ceiling", () => {
    expect(afterRegistration(101n, parameters, 7n)).to.deep.equal({ priceWei: 128n, updatedAt: 7n });
    expect(afterRegistration(1_600n, parameters, 7n)).to.deep.equal({ priceWei: 2_000n, updatedAt: 7n });
  });
});
