import { expect } from "chai";
import fc from "fast-check";
import { fullBucket, take } from "../../../scripts/chain/rpc/settings";

const rate = { callsPerSecond: 10, burst: 5 };

describe("The rate limit for an endpoint", () => {
  it("allows its burst at once, and then waits for the bucket to fill", () => {
    const first = take(fullBucket(rate, 0), 5, rate, 0);
    expect(first.waitMilliseconds).to.equal(0);
    const second = take(first.bucket, 2, rate, 100);
    expect(second).to.deep.equal({ bucket: { tokens: -1, at: 100 }, waitMilliseconds: 100 });
    expect(take(second.bucket, 1, rate, 10_000).bucket.tokens).to.equal(4);
  });

  it("doesn't grow if the clock goes back", () => {
    expect(take({ tokens: 0, at: 1_000 }, 1, rate, 0)).to.deep.equal({
      bucket: { tokens: -1, at: 0 },
      waitMilliseconds: 100,
    });
  });

  it("never allows more than the burst and the rate together, whenever and however much is asked", () => {
    const asks = fc.array(fc.record({ calls: fc.integer({ min: 1, max: 9 }), pause: fc.nat(400) }), { maxLength: 30 });
    fc.assert(
      fc.property(asks, (all) => {
        let bucket = fullBucket(rate, 0);
        let now = 0;
        let made = 0;
        for (const { calls, pause } of all) {
          now += pause;
          const taken = take(bucket, calls, rate, now);
          bucket = taken.bucket;
          made += calls;
          const sentAt = now + taken.waitMilliseconds;
          expect(made).to.be.at.most(rate.burst + (sentAt * rate.callsPerSecond) / 1_000 + 1e-6);
        }
      }),
    );
  });
});
