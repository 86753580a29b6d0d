import { expect } from "chai";
import { networksOf } from "../../../scripts/lab/attacks/stress";
import { booksOf, type Mix, mixes } from "./mixes";

/** Number of mixes and seed, from MDT_MIXES and MDT_SEED: a search of minutes found no more than one of seconds. */
const COUNT = Number(process.env.MDT_MIXES ?? 400);
const SEED = Number(process.env.MDT_SEED ?? 1);

/** Maximum difference by flooring. */
const DUST_WEI = 1_000n;

for (const name of ["local", "reference"]) {
  describe(`Random attackers of ${name}`, () => {
    let played: readonly (Mix & Readonly<Record<"honestly" | "scored" | "bought", ReturnType<typeof booksOf>>>)[];

    before(() => {
      const found = [];
      for (const mix of mixes(networksOf(name)[0]!, SEED)) {
        found.push({
          ...mix,
          honestly: booksOf(mix.honest),
          scored: booksOf(mix.scoring),
          bought: booksOf(mix.buying),
        });
        if (found.length === COUNT) break;
      }
      played = found;
    });

    const burnedWei = ({ outcome }: ReturnType<typeof booksOf>) => outcome.results[0]!.burnedUnmetQuotaWei;
    const emittedWei = ({ outcome }: ReturnType<typeof booksOf>) => outcome.results[0]!.emission.emissionWei;

    it("raise the emission by at most the fees of the tasks that they buy", () => {
      for (const { scored, bought } of played) {
        expect(emittedWei(bought) - emittedWei(scored) <= bought.spentWei).to.equal(true);
      }
    });

    it("gain nothing by the tasks that they buy, with any holdings and scores", () => {
      for (const { scored, bought } of played) expect(bought.ownWei - scored.ownWei <= DUST_WEI).to.equal(true);
    });

    it("harm others by at most the fees of the tasks that they buy", () => {
      for (const { scored, bought } of played) {
        expect(scored.othersWei - bought.othersWei <= bought.spentWei + DUST_WEI).to.equal(true);
      }
    });

    it("burn at most θ of the fees of the tasks that they buy", () => {
      const thetaBps = BigInt(networksOf(name)[0]!.policy.qualityThresholdBps);
      for (const { scored, bought } of played) {
        expect(burnedWei(bought) - burnedWei(scored) <= (bought.spentWei * thetaBps) / 10_000n + DUST_WEI).to.equal(
          true,
        );
      }
    });

    it("gain nothing by scores or silence if they and the silent have less than half of the stake", () => {
      for (const { attackerPercent, silentPercent, honestly, scored } of played) {
        if (attackerPercent + silentPercent >= 50) continue;
        expect(scored.ownWei - honestly.ownWei <= DUST_WEI).to.equal(true);
      }
    });
  });
}
