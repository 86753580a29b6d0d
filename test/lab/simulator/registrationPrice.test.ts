import { expect } from "chai";
import fc from "fast-check";
import { deployRegistrationPrice } from "../../shared/registrationPriceHarness";
import { afterRegistration, quote } from "../../../scripts/lab/simulator/ledger";

const MAX_UINT128 = 2n ** 128n - 1n;

const anyPrice = fc
  .record({
    bounds: fc.tuple(fc.bigInt(1n, MAX_UINT128), fc.bigInt(1n, MAX_UINT128)),
    intervalSeconds: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    place: fc.bigInt(0n, 1_000n),
    elapsed: fc.oneof(fc.bigInt(0n, 10n ** 7n), fc.bigInt(0n, 10n ** 12n)),
  })
  .map(({ bounds: [a, b], intervalSeconds, place, elapsed }) => {
    const [floorWei, ceilingWei] = a < b ? [a, b] : [b, a];
    const priceWei = floorWei + ((ceilingWei - floorWei) * place) / 1_000n;
    return { parameters: { floorWei, ceilingWei, intervalSeconds }, priceWei, elapsed };
  });

describe("The simulator's registration price", () => {
  it("equals that of the contracts' RegistrationPrice, to the wei", async () => {
    const contract = await deployRegistrationPrice();
    await fc.assert(
      fc.asyncProperty(anyPrice, async ({ parameters, priceWei, elapsed }) => {
        const state = { priceWei, updatedAt: 50n };
        const quoted = quote(state, parameters, 50n + elapsed);
        expect(quoted.toString()).to.equal((await contract.quote(state, parameters, 50n + elapsed)).toString());
        const after = afterRegistration(quoted, parameters, 50n + elapsed);
        const [afterWei, updatedAt] = await contract.afterRegistration(quoted, parameters, 50n + elapsed);
        expect([after.priceWei, after.updatedAt].join()).to.equal([afterWei, updatedAt].join());
      }),
      { numRuns: 40 },
    );
  });
});
