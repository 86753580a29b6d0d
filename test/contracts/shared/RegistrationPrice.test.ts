import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { deployRegistrationPrice } from "../../shared/registrationPriceHarness";

interface Parameters {
  readonly floorWei: bigint;
  readonly ceilingWei: bigint;
  readonly halfLifeSeconds: bigint;
}

const MAX_UINT128 = 2n ** 128n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
const PANIC_ARITHMETIC = 0x11;

const parameters: Parameters = { floorWei: 100n, ceilingWei: 10_000n, halfLifeSeconds: 1_000n };
const state = { priceWei: 8_000n, updatedAt: 50n };

const anyParameters = fc
  .record({
    bounds: fc.tuple(fc.bigInt(1n, MAX_UINT128), fc.bigInt(1n, MAX_UINT128)),
    halfLifeSeconds: fc.bigInt(1n, MAX_UINT64),
  })
  .map(({ bounds: [a, b], halfLifeSeconds }): Parameters => {
    return { floorWei: a < b ? a : b, ceilingWei: a < b ? b : a, halfLifeSeconds };
  });

/** A price that the parameters allow, with the parameters. */
const anyPrice = anyParameters.chain((parameters) =>
  fc.record({ parameters: fc.constant(parameters), priceWei: fc.bigInt(parameters.floorWei, parameters.ceilingWei) }),
);

const anySeconds = fc.oneof(fc.bigInt(0n, 10n ** 7n), fc.bigInt(0n, MAX_UINT64));

describe("RegistrationPrice", () => {
  describe("validate", () => {
    const refused: [string, Parameters][] = [
      ["a floor of zero", { ...parameters, floorWei: 0n }],
      ["a floor above the ceiling", { ...parameters, floorWei: 10_001n }],
      ["a half-life of zero", { ...parameters, halfLifeSeconds: 0n }],
    ];
    for (const [name, wrong] of refused) {
      it(`refuses ${name}`, async () => {
        const price = await loadFixture(deployRegistrationPrice);
        await expect(price.validate(wrong))
          .to.be.revertedWithCustomError(price, "InvalidRegistrationPrice")
          .withArgs(wrong.floorWei, wrong.ceilingWei, wrong.halfLifeSeconds);
      });
    }

    it("accepts a floor equal to the ceiling: a constant price", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await expect(price.validate({ ...parameters, floorWei: 10_000n })).not.to.be.reverted;
    });
  });

  describe("quote", () => {
    const cases: [string, bigint, bigint][] = [
      ["is the full price at once", 0n, 8_000n],
      ["has lost a 2000th of it after a 1000th of a half-life", 1n, 7_996n],
      ["is three quarters after half of a half-life", 500n, 6_000n],
      ["is just above a half one second before a half-life", 999n, 4_004n],
      ["is exactly a half after one half-life", 1_000n, 4_000n],
      ["is a line again in the second half-life", 1_500n, 3_000n],
      ["is exactly a quarter after two", 2_000n, 2_000n],
      ["is exactly an eighth after three", 3_000n, 1_000n],
      ["is floored to the wei", 6_001n, 124n],
      ["is the floor once it would fall below", 7_000n, 100n],
      ["is the floor after 127 half-lives", 127_000n, 100n],
      ["is the floor after 128 half-lives", 128_000n, 100n],
      ["is the floor for ever after", MAX_UINT64, 100n],
    ];
    for (const [name, elapsedSeconds, expectedWei] of cases) {
      it(name, async () => {
        const price = await loadFixture(deployRegistrationPrice);
        expect(await price.quote(state, parameters, state.updatedAt + elapsedSeconds)).to.equal(expectedWei);
      });
    }

    it("is the floor before the first registration", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      expect(await price.quote({ priceWei: 0n, updatedAt: 0n }, parameters, 1_800_000_000n)).to.equal(100n);
    });

    it("does not look into the past", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await expect(price.quote(state, parameters, state.updatedAt - 1n)).to.be.revertedWithPanic(PANIC_ARITHMETIC);
    });

    it("never rises with time and stays within its bounds, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(anyPrice, anySeconds, anySeconds, async ({ parameters, priceWei }, a, b) => {
          const [sooner, later] = a < b ? [a, b] : [b, a];
          const soonerWei = await price.quote({ priceWei, updatedAt: 0n }, parameters, sooner);
          const laterWei = await price.quote({ priceWei, updatedAt: 0n }, parameters, later);
          expect(laterWei <= soonerWei).to.equal(true);
          expect(soonerWei <= priceWei).to.equal(true);
          expect(laterWei >= parameters.floorWei).to.equal(true);
        }),
        { numRuns: 200 },
      );
    });

    it("is the price shifted right by the number of whole half-lives, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(anyPrice, fc.bigInt(0n, 200n), async ({ parameters, priceWei }, halvings) => {
          const shiftedWei = priceWei >> halvings;
          expect(
            await price.quote({ priceWei, updatedAt: 0n }, parameters, halvings * parameters.halfLifeSeconds),
          ).to.equal(shiftedWei > parameters.floorWei ? shiftedWei : parameters.floorWei);
        }),
        { numRuns: 200 },
      );
    });

    it("lies on or at most 6.2 % above the exponential", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      const exact = { floorWei: 1n, ceilingWei: 10n ** 24n, halfLifeSeconds: 1_000_000n };
      await fc.assert(
        fc.asyncProperty(fc.bigInt(0n, 10_000_000n), async (elapsedSeconds) => {
          const quoted = Number(await price.quote({ priceWei: 10n ** 24n, updatedAt: 0n }, exact, elapsedSeconds));
          const ratio = quoted / (1e24 * 2 ** (-Number(elapsedSeconds) / 1e6));
          expect(ratio).to.be.within(1 - 1e-9, 1.062);
        }),
        { numRuns: 100 },
      );
    });
  });

  describe("afterRegistration", () => {
    const cases: [string, bigint, bigint][] = [
      ["multiplies the price by 1.26", 100n, 126n],
      ["rounds up to the wei", 101n, 128n],
      ["stops at the ceiling", 7_937n, 10_000n],
      ["stays at the ceiling", 10_000n, 10_000n],
    ];
    for (const [name, paidWei, expectedWei] of cases) {
      it(name, async () => {
        const price = await loadFixture(deployRegistrationPrice);
        expect(await price.afterRegistration(paidWei, parameters, 77n)).to.deep.equal([expectedWei, 77n]);
      });
    }

    it("reaches the ceiling from one wei below", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      expect(await price.afterRegistration(7_936n, parameters, 77n)).to.deep.equal([10_000n, 77n]);
      expect(await price.afterRegistration(7_935n, parameters, 77n)).to.deep.equal([9_999n, 77n]);
    });

    it("raises even a price of one wei", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      expect(await price.afterRegistration(1n, { ...parameters, floorWei: 1n }, 77n)).to.deep.equal([2n, 77n]);
    });

    it("rises below the ceiling and never leaves the bounds, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(anyPrice, async ({ parameters, priceWei }) => {
          const [nextWei] = await price.afterRegistration(priceWei, parameters, 0n);
          const risenWei = (priceWei * 126n + 99n) / 100n;
          expect(nextWei).to.equal(risenWei < parameters.ceilingWei ? risenWei : parameters.ceilingWei);
          expect(nextWei > priceWei || nextWei === parameters.ceilingWei).to.equal(true);
        }),
        { numRuns: 200 },
      );
    });
  });
});
