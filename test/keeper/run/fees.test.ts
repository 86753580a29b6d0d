import { expect } from "chai";
import fc from "fast-check";
import { type Fees, type GasPrice, offerFor } from "../../../scripts/keeper/run/fees";

const price: GasPrice = { baseFeePerGasWei: 100n, priorityFeePerGasWei: 10n };

/** The offered fees; fails if the offer would exceed the ceiling. */
function feesOf(offer: ReturnType<typeof offerFor>): Fees {
  return offer.kind === "fees" ? offer.fees : expect.fail(`The ceiling was in the way of ${offer.askedWei}.`);
}

describe("The offer for gas", () => {
  it("leaves room for the base fee to double", () => {
    expect(feesOf(offerFor(price, 1_000n))).to.deep.equal({ maxFeePerGasWei: 210n, maxPriorityFeePerGasWei: 10n });
  });

  it("is nothing if the network asks nothing", () => {
    const free = { baseFeePerGasWei: 0n, priorityFeePerGasWei: 0n };
    expect(feesOf(offerFor(free, 1_000n))).to.deep.equal({ maxFeePerGasWei: 0n, maxPriorityFeePerGasWei: 0n });
  });

  describe("under a ceiling", () => {
    it("is the ceiling if only the room for the base fee exceeds it", () => {
      expect(feesOf(offerFor(price, 209n)).maxFeePerGasWei).to.equal(209n);
      expect(feesOf(offerFor(price, 110n)).maxFeePerGasWei).to.equal(110n);
    });

    it("is refused if the next block already asks a wei more, and the amount is reported", () => {
      expect(offerFor(price, 109n)).to.deep.equal({ kind: "aboveCeiling", askedWei: 110n });
    });
  });

  describe("to replace a transaction", () => {
    it("is an eighth more in both fields, rounded up", () => {
      const outbid = { maxFeePerGasWei: 801n, maxPriorityFeePerGasWei: 9n };
      expect(feesOf(offerFor(price, 902n, outbid))).to.deep.equal({
        maxFeePerGasWei: 902n,
        maxPriorityFeePerGasWei: 11n,
      });
    });

    it("is at least a wei more, even if the replaced fees are 0 or 1 wei", () => {
      const free = { baseFeePerGasWei: 0n, priorityFeePerGasWei: 0n };
      for (const [wei, more] of [
        [0n, 1n],
        [1n, 2n],
      ] as const) {
        const outbid = { maxFeePerGasWei: wei, maxPriorityFeePerGasWei: wei };
        expect(feesOf(offerFor(free, 1_000n, outbid))).to.deep.equal({
          maxFeePerGasWei: more,
          maxPriorityFeePerGasWei: more,
        });
      }
    });

    it("is refused if an eighth more is a wei above the ceiling", () => {
      const outbid = { maxFeePerGasWei: 801n, maxPriorityFeePerGasWei: 9n };
      expect(offerFor(price, 901n, outbid)).to.deep.equal({ kind: "aboveCeiling", askedWei: 902n });
    });

    it("is the network's price if that is higher", () => {
      const outbid = { maxFeePerGasWei: 20n, maxPriorityFeePerGasWei: 2n };
      expect(feesOf(offerFor(price, 1_000n, outbid))).to.deep.equal(feesOf(offerFor(price, 1_000n)));
    });
  });

  it("never exceeds the ceiling, always covers the base fee and the tip, and outbids by at least 12.5 %", () => {
    const wei = fc.bigInt({ min: 0n, max: 10n ** 12n });
    const fees = fc
      .tuple(wei, wei)
      .map(([a, b]) => ({ maxFeePerGasWei: a > b ? a : b, maxPriorityFeePerGasWei: a > b ? b : a }));
    fc.assert(
      fc.property(wei, wei, wei, fees, (base, priority, ceiling, outbid) => {
        const offer = offerFor({ baseFeePerGasWei: base, priorityFeePerGasWei: priority }, ceiling, outbid);
        if (offer.kind === "aboveCeiling") return offer.askedWei > ceiling;
        const { maxFeePerGasWei, maxPriorityFeePerGasWei } = offer.fees;
        return (
          maxFeePerGasWei <= ceiling &&
          maxPriorityFeePerGasWei <= maxFeePerGasWei &&
          maxFeePerGasWei >= base + maxPriorityFeePerGasWei &&
          8n * maxFeePerGasWei >= 9n * outbid.maxFeePerGasWei &&
          8n * maxPriorityFeePerGasWei >= 9n * outbid.maxPriorityFeePerGasWei
        );
      }),
    );
  });
});
