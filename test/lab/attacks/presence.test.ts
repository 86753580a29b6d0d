import { expect } from "chai";
import { parseMdt } from "../../../scripts/show/amounts";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { Target } from "../../../scripts/lab/attacks/attack";
import { leaderSeed } from "../../../scripts/lab/attacks/presence";
import { networksOf } from "../../../scripts/lab/attacks/stress";

const reference = networksOf("reference")[0]!;

/** The gain of choosing, before its cost, in slots. */
function slotsGained(slotsPerEpoch: number): number {
  const { config } = reference;
  const [row] = leaderSeed(
    new Target({ ...reference, config: { ...config, clock: { ...config.clock, slotsPerEpoch } } }),
  );
  return Number(row!.harmWei) / Number(config.emission.blockRewardWei);
}

describe("A validator that chooses among 2^20 draws of leaders", () => {
  it("leads all of three slots, 2.7 more than its tenth", () => {
    expect(slotsGained(3)).to.be.closeTo(2.7, 1e-6);
  });

  it("leads as many slots as in the best of 2^20 random draws, to half a slot", () => {
    const random = xoroshiro128plus(1);
    const slots = 12;
    let highest = 0;
    const repeats = 4;
    for (let repeat = 0; repeat < repeats; repeat++) {
      let most = 0;
      for (let draw = 0; draw < 2 ** 20; draw++) {
        let led = 0;
        // A draw ends as soon as too few slots are left to exceed the most so far.
        for (let slot = 0; slot < slots && led + slots - slot > most; slot++)
          if (uniformInt(random, 1, 10) === 1) led++;
        most = Math.max(most, led);
      }
      highest += most / repeats;
    }
    expect(slotsGained(slots)).to.be.closeTo(highest - slots / 10, 0.5);
  });

  it("gains 55 MDT a day on reference, and pays a slash for every third reveal that it withholds", () => {
    const [row] = leaderSeed(new Target(reference));
    expect(Number(row!.harmWei) / 1e18).to.be.closeTo(55.0342, 1e-4);
    expect(row!.costWei).to.equal((10n * parseMdt("0.32")) / 3n);
    expect(row!.profitWei < row!.harmWei - row!.costWei).to.equal(true);
  });
});
