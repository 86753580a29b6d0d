import { expect } from "chai";
import {
  afterAnswer,
  afterFault,
  backoffMilliseconds,
  EndpointFault,
  healthy,
  isDue,
  nextEndpoint,
  originOf,
} from "../../../scripts/chain/rpc/endpointState";

const lost = new EndpointFault("unreachable", "is unreachable");
const hangs = new EndpointFault("hangs", "hangs");
const aside = afterFault(healthy, hangs, 1_000, 1);

describe("An endpoint's circuit breaker", () => {
  it("opens at the third transient fault in a row", () => {
    const once = afterFault(healthy, lost, 0, 1);
    const twice = afterFault(once, lost, 0, 1);
    expect([once, twice].map(({ failures, disabled }) => [failures, disabled])).to.deep.equal([
      [1, null],
      [2, null],
    ]);
    expect(afterFault(twice, lost, 100, 1).disabled).to.deep.equal({
      kind: "unreachable",
      reason: "is unreachable",
      until: 1_100,
    });
  });

  it("opens at once on a fault that costs a whole timeout, for half to all of 5 s", () => {
    expect(aside.disabled).to.deep.equal({ kind: "hangs", reason: "hangs", until: 6_000 });
    expect(afterFault(healthy, hangs, 1_000, 0).disabled!.until).to.equal(3_500);
  });

  for (const [kind, failures, milliseconds] of [
    ["unreachable", 3, 1_000],
    ["malformed", 3, 1_000],
    ["serverError", 3, 1_000],
    ["hangs", 1, 5_000],
    ["limited", 1, 1_000],
    ["denied", 1, 60_000],
    ["otherChain", 1, 60_000],
    ["lags", 1, 10_000],
    ["wentBackwards", 1, 2_000],
    ["unconfirmed", 1, 30_000],
    ["contradicts", 1, 300_000],
  ] as const) {
    it(`opens at fault ${failures} of the kind "${kind}", for ${milliseconds} ms`, () => {
      const states = [healthy];
      while (states.at(-1)!.disabled === null) {
        states.push(afterFault(states.at(-1)!, new EndpointFault(kind, "is at fault"), 0, 1));
      }
      expect([states.length - 1, states.at(-1)!.disabled!.until]).to.deep.equal([failures, milliseconds]);
    });
  }

  it("opens for twice as long each time in a row, five minutes at most", () => {
    const again = afterFault(aside, hangs, 6_000, 1);
    expect(again.disabled!.until).to.equal(16_000);
    expect(afterFault({ ...again, timesDisabled: 40 }, hangs, 20_000, 1).disabled!.until).to.equal(320_000);
  });

  it("stays open as long as the endpoint itself asked, five minutes at most", () => {
    const until = (milliseconds: number) =>
      afterFault(healthy, new EndpointFault("limited", "is limited", milliseconds), 0, 1).disabled!.until;
    expect([until(30_000), until(10), until(10 ** 9)]).to.deep.equal([30_000, 1_000, 300_000]);
  });

  it("isn't affected by calls that were pending when it opened", () => {
    expect(afterFault(aside, hangs, 5_999, 1)).to.equal(aside);
  });

  it("stays open longer if an answer from before it opened proves to be a contradiction", () => {
    const accused = afterFault(aside, new EndpointFault("contradicts", "contradicts itself"), 5_999, 1);
    expect(accused.disabled).to.deep.include({ kind: "contradicts", until: 305_999 });
  });

  it("forgets faults after an answer, unless it is open: only a look closes it", () => {
    const once = afterFault(healthy, lost, 0, 1);
    expect(afterAnswer(once)).to.deep.equal(healthy);
    expect(afterAnswer(healthy)).to.equal(healthy);
    expect(afterAnswer(aside)).to.equal(aside);
  });

  it("is due for a look when its time is over", () => {
    expect([isDue(healthy, 9_999), isDue(aside, 5_999), isDue(aside, 6_000)]).to.deep.equal([false, false, true]);
  });
});

describe("The next endpoint", () => {
  const fresh = { state: healthy, tried: false, refuses: false };
  const tried = { state: healthy, tried: true, refuses: false };
  const away = { state: aside, tried: false, refuses: false };
  const refuses = { ...fresh, refuses: true };

  it("is the first in use that wasn't tried, else the first in use, else none", () => {
    expect(nextEndpoint([away, tried, fresh, fresh])).to.equal(2);
    expect(nextEndpoint([away, tried, tried])).to.equal(1);
    expect(nextEndpoint([away])).to.equal(undefined);
  });

  it("is one that would refuse only if every other one was tried", () => {
    expect(nextEndpoint([refuses, tried, fresh])).to.equal(2);
    expect(nextEndpoint([tried, refuses])).to.equal(1);
    expect(nextEndpoint([{ ...refuses, tried: true }, tried])).to.equal(0);
  });

  it("is asked at once if it wasn't tried, and otherwise after half to all of a growing pause, up to 8 s", () => {
    expect(backoffMilliseconds([tried, fresh], 3, 1)).to.equal(0);
    expect([1, 2, 3, 6, 20].map((attempt) => backoffMilliseconds([tried, away], attempt, 1))).to.deep.equal([
      250, 500, 1_000, 8_000, 8_000,
    ]);
    expect(backoffMilliseconds([tried], 1, 0)).to.equal(125);
  });
});

describe("An endpoint's URL", () => {
  it("is shown by its origin, because the rest may hold a key", () => {
    expect(originOf("https://user:secret@a.example:8545/v3/key?token=secret")).to.equal("https://a.example:8545");
  });
});
