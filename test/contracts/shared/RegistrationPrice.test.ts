import { loadFixture } from "@nomicfoundation/hardhat-toolbox/network-helpers";
import { expect } from "chai";
import fc from "fast-check";
import { deployRegistrationPrice } from "../../shared/registrationPriceHarness";

interface Parameters {
  readonly floorWei: bigint;
  readonly ceilingWei: bigint;
  readonly intervalSeconds: bigint;
}

const MAX_UINT128 = 2n ** 128n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_UINT32 = 2n ** 32n - 1n;
const PANIC_ARITHMETIC = 0x11;

const parameters: Parameters = { floorWei: 100n, ceilingWei: 12_500n, intervalSeconds: 1_000n };
const state = { priceWei: 10_000n, updatedAt: 50n };

const anyParameters = fc
  .record({
    bounds: fc.tuple(fc.bigInt(1n, MAX_UINT128), fc.bigInt(1n, MAX_UINT128)),
    intervalSeconds: fc.oneof(fc.bigInt(1n, 100_000n), fc.bigInt(1n, MAX_UINT32)),
  })
  .map(({ bounds: [a, b], intervalSeconds }): Parameters => {
    return { floorWei: a < b ? a : b, ceilingWei: a < b ? b : a, intervalSeconds };
  });

/** Any parameters, with a price that they allow. */
const anyPrice = anyParameters.chain((parameters) =>
  fc.record({ parameters: fc.constant(parameters), priceWei: fc.bigInt(parameters.floorWei, parameters.ceilingWei) }),
);

const anySeconds = fc.oneof(fc.bigInt(0n, 10n ** 7n), fc.bigInt(0n, MAX_UINT64));

describe("RegistrationPrice", () => {
  describe("validate", () => {
    const refused: [string, Parameters][] = [
      ["a floor of zero", { ...parameters, floorWei: 0n }],
      ["a floor above the ceiling", { ...parameters, floorWei: 12_501n }],
      ["an interval of zero", { ...parameters, intervalSeconds: 0n }],
    ];
    for (const [name, wrong] of refused) {
      it(`refuses ${name}`, async () => {
        const price = await loadFixture(deployRegistrationPrice);
        await expect(price.validate(wrong))
          .to.be.revertedWithCustomError(price, "InvalidRegistrationPrice")
          .withArgs(wrong.floorWei, wrong.ceilingWei, wrong.intervalSeconds);
      });
    }

    it("accepts a floor equal to the ceiling: a constant price", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await expect(price.validate({ ...parameters, floorWei: 12_500n })).not.to.be.reverted;
    });
  });

  describe("quote", () => {
    const cases: [string, bigint, bigint][] = [
      ["is the full price at the moment of a registration", 0n, 10_000n],
      ["is 1/5,000 lower after 1/1,000 of an interval", 1n, 9_998n],
      ["is 9/10 after half an interval", 500n, 9_000n],
      ["is just above 4/5 one second before an interval ends", 999n, 8_002n],
      ["is exactly 4/5 after one interval", 1_000n, 8_000n],
      ["falls linearly again in the second interval", 1_500n, 7_200n],
      ["is exactly 16/25 after two intervals", 2_000n, 6_400n],
      ["is exactly 64/125 after three intervals", 3_000n, 5_120n],
      ["is floored to the wei: 5,120 · 0.9998", 3_001n, 5_118n],
      ["is the floor once it would fall below it", 21_000n, 100n],
      ["stays at the floor for ever", MAX_UINT64, 100n],
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

    it("refuses a time before the latest registration", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await expect(price.quote(state, parameters, state.updatedAt - 1n)).to.be.revertedWithPanic(PANIC_ARITHMETIC);
    });

    it("falls from the highest possible price to the lowest in 398 intervals of the longest possible length", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      const widest = { floorWei: 1n, ceilingWei: MAX_UINT128, intervalSeconds: MAX_UINT32 };
      const quoteAfter = (intervals: bigint) =>
        price.quote({ priceWei: MAX_UINT128, updatedAt: 0n }, widest, intervals * MAX_UINT32);
      expect(await quoteAfter(0n)).to.equal(MAX_UINT128);
      expect(await quoteAfter(394n)).to.equal(2n);
      expect(await quoteAfter(398n)).to.equal(1n);
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

    it("does not rise from one second to the next at the end of an interval, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(anyPrice, fc.bigInt(1n, 400n), async ({ parameters, priceWei }, intervals) => {
          const end = intervals * parameters.intervalSeconds;
          const beforeWei = await price.quote({ priceWei, updatedAt: 0n }, parameters, end - 1n);
          expect((await price.quote({ priceWei, updatedAt: 0n }, parameters, end)) <= beforeWei).to.equal(true);
        }),
        { numRuns: 200 },
      );
    });

    it("floors the exact price plus an error of at most 4 · 2⁻⁹² wei, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(
          anyPrice,
          fc.bigInt(0n, 400n),
          fc.bigInt(0n, MAX_UINT32),
          async ({ parameters, priceWei }, n, seconds) => {
            const { floorWei, intervalSeconds } = parameters;
            const rest = seconds % intervalSeconds;
            const quoted = await price.quote({ priceWei, updatedAt: 0n }, parameters, n * intervalSeconds + rest);
            const above = priceWei * 4n ** n * (5n * intervalSeconds - rest);
            const below = 5n ** (n + 1n) * intervalSeconds;
            const [exactWei, upperWei] = [above / below, ((above << 92n) + 4n * below) / (below << 92n)];
            expect(quoted >= (exactWei > floorWei ? exactWei : floorWei)).to.equal(true);
            expect(quoted <= (upperWei > floorWei ? upperWei : floorWei)).to.equal(true);
          },
        ),
        { numRuns: 300 },
      );
    });

    it("is on the exponential curve or at most 0.63 % above it", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      const exact = { floorWei: 1n, ceilingWei: 10n ** 24n, intervalSeconds: 1_000_000n };
      await fc.assert(
        fc.asyncProperty(fc.bigInt(0n, 10_000_000n), async (elapsedSeconds) => {
          const quoted = Number(await price.quote({ priceWei: 10n ** 24n, updatedAt: 0n }, exact, elapsedSeconds));
          const ratio = quoted / (1e24 * 0.8 ** (Number(elapsedSeconds) / 1e6));
          expect(ratio).to.be.within(1 - 1e-9, 1.0063);
        }),
        { numRuns: 100 },
      );
    });
  });

  describe("afterRegistration", () => {
    const cases: [string, bigint, bigint][] = [
      ["multiplies the price by 5/4", 100n, 125n],
      ["rounds up to the wei", 101n, 127n],
      ["stops at the ceiling", 10_001n, 12_500n],
      ["stays at the ceiling", 12_500n, 12_500n],
    ];
    for (const [name, paidWei, expectedWei] of cases) {
      it(name, async () => {
        const price = await loadFixture(deployRegistrationPrice);
        expect(await price.afterRegistration(paidWei, parameters, 77n)).to.deep.equal([expectedWei, 77n]);
      });
    }

    it("reaches the ceiling exactly", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      expect(await price.afterRegistration(10_000n, parameters, 77n)).to.deep.equal([12_500n, 77n]);
      expect(await price.afterRegistration(9_999n, parameters, 77n)).to.deep.equal([12_499n, 77n]);
    });

    it("raises even a price of one wei", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      expect(await price.afterRegistration(1n, { ...parameters, floorWei: 1n }, 77n)).to.deep.equal([2n, 77n]);
    });

    it("multiplies by 5/4, rounded up to the wei, and stops at the ceiling, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(anyPrice, async ({ parameters, priceWei }) => {
          const [nextWei] = await price.afterRegistration(priceWei, parameters, 0n);
          const risenWei = (priceWei * 5n + 3n) / 4n;
          expect(nextWei).to.equal(risenWei < parameters.ceilingWei ? risenWei : parameters.ceilingWei);
          expect(nextWei > priceWei || nextWei === parameters.ceilingWei).to.equal(true);
        }),
        { numRuns: 200 },
      );
    });
  });

  describe("over time", () => {
    const HOUR = 3_600n;
    const DAY = 24n * HOUR;
    /** The miner price of reference.json: 1 to 1,000 MDT, with a target of 24 registrations a day. */
    const hourly: Parameters = { floorWei: 10n ** 18n, ceilingWei: 1_000n * 10n ** 18n, intervalSeconds: HOUR };

    /** Lets someone register at each of these times: what each pays, and the price after the last, in wei. */
    async function pay(
      timestamps: readonly bigint[],
      bounds: Parameters,
    ): Promise<{ paid: bigint[]; priceWei: bigint }> {
      const price = await loadFixture(deployRegistrationPrice);
      let [priceWei, updatedAt] = [0n, 0n];
      const paid: bigint[] = [];
      for (const timestamp of timestamps) {
        const quoted = await price.quote({ priceWei, updatedAt }, bounds, timestamp);
        paid.push(quoted);
        [priceWei, updatedAt] = await price.afterRegistration(quoted, bounds, timestamp);
      }
      return { paid, priceWei };
    }

    const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
    const inFloors = (amountWei: bigint) => Number(amountWei) / Number(hourly.floorWei);

    it("keeps the price constant with one registration per interval, for any parameters", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      await fc.assert(
        fc.asyncProperty(anyPrice, fc.integer({ min: 1, max: 8 }), async ({ parameters, priceWei }, count) => {
          const unbounded = { ...parameters, floorWei: 1n, ceilingWei: MAX_UINT128 };
          const start = priceWei >> 4n || 1n;
          let risenWei = start;
          for (let i = 0; i < count; i++) [risenWei] = await price.afterRegistration(risenWei, unbounded, 0n);
          const end = BigInt(count) * parameters.intervalSeconds;
          const keptWei = await price.quote({ priceWei: risenWei, updatedAt: 0n }, unbounded, end);
          expect(keptWei >= start).to.equal(true);
          // Rounding up in n registrations adds less than 4 · (5/4)ⁿ wei, which the n intervals multiply by (4/5)ⁿ.
          expect(keptWei <= start + 4n).to.equal(true);
        }),
        { numRuns: 100 },
      );
    });

    it("stays at 37 floors with one registration per hour", async () => {
      const pumped = 37n * hourly.floorWei;
      const price = await loadFixture(deployRegistrationPrice);
      let [priceWei, updatedAt] = [pumped, 0n];
      for (let hour = 1n; hour <= 200n; hour++) {
        const [next] = await price.afterRegistration(priceWei, hourly, updatedAt);
        priceWei = await price.quote({ priceWei: next, updatedAt }, hourly, updatedAt + HOUR);
        updatedAt += HOUR;
        expect(priceWei >= pumped && priceWei <= pumped + 4n).to.equal(true);
      }
    });

    it("is the floor for each of 1,000 miners that register evenly over 90 days", async () => {
      const { paid } = await pay(
        Array.from({ length: 1_000 }, (_, i) => (BigInt(i) * 90n * DAY) / 1_000n),
        hourly,
      );
      expect(new Set(paid)).to.deep.equal(new Set([hourly.floorWei]));
    });

    it("averages 1.106 floors for 1,000 miners that register at random over 90 days, and stays below three floors", async () => {
      let seed = 20_260_108;
      const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
      const times = Array.from({ length: 1_000 }, () => BigInt(Math.floor(random() * Number(90n * DAY))));
      const { paid } = await pay(
        times.sort((a, b) => Number(a - b)),
        hourly,
      );
      expect(inFloors(sum(paid)) / 1_000).to.be.closeTo(1.106, 0.001);
      expect(Math.max(...paid.map(inFloors))).to.be.below(3);
    });

    it("takes 21 registrations, at 429.7 floors in all, to pump to 100 floors at once", async () => {
      const { paid, priceWei } = await pay(
        Array.from({ length: 21 }, () => 0n),
        hourly,
      );
      expect(priceWei >= 100n * hourly.floorWei).to.equal(true);
      expect((priceWei * 4n) / 5n < 100n * hourly.floorWei).to.equal(true);
      expect(inFloors(sum(paid))).to.be.closeTo(429.68, 0.01);
    });

    it("costs at least four times the rise, less 3 wei per registration, to raise, however slowly", async () => {
      await fc.assert(
        fc.asyncProperty(anyParameters, fc.array(fc.bigInt(0n, 2n), { maxLength: 30 }), async (any, gaps) => {
          const bounds = { ...any, ceilingWei: MAX_UINT128 };
          let now = 0n;
          const times = gaps.map((gap) => (now += (gap * bounds.intervalSeconds) / 2n));
          const { paid, priceWei } = await pay(times, bounds);
          const riseWei = paid.length === 0 ? 0n : priceWei - bounds.floorWei;
          expect(sum(paid) + 3n * BigInt(paid.length) >= 4n * riseWei).to.equal(true);
        }),
        { numRuns: 30 },
      );
    });

    it("costs 100 floors every interval to hold at 100 floors: at least 2,400 floors a day", async () => {
      const price = await loadFixture(deployRegistrationPrice);
      const heldWei = 100n * hourly.floorWei;
      let [priceWei, updatedAt, costWei] = [heldWei, 0n, 0n];
      for (let second = 0n; second < DAY; second += 60n) {
        const quoted = await price.quote({ priceWei, updatedAt }, hourly, second);
        // As late as possible: only if the price would otherwise fall below 100 floors within the next minute.
        if ((await price.quote({ priceWei, updatedAt }, hourly, second + 60n)) >= heldWei) continue;
        costWei += quoted;
        [priceWei, updatedAt] = await price.afterRegistration(quoted, hourly, second);
      }
      expect(costWei / heldWei >= 24n).to.equal(true);
    });

    it("stays within its bounds, however often and whenever someone registers", async () => {
      await fc.assert(
        fc.asyncProperty(anyParameters, fc.array(anySeconds, { maxLength: 30 }), async (bounds, gaps) => {
          let now = 0n;
          const { paid, priceWei } = await pay(
            gaps.map((gap) => (now += gap % 2n ** 40n)),
            bounds,
          );
          for (const wei of paid.length === 0 ? [] : [...paid, priceWei]) {
            expect(wei >= bounds.floorWei && wei <= bounds.ceilingWei).to.equal(true);
          }
        }),
        { numRuns: 30 },
      );
    });
  });
});
