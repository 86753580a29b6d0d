import { expect } from "chai";
import {
  afterAnswer,
  afterFault,
  backoffMilliseconds,
  EndpointFault,
  innocent,
  isDue,
  nextEndpoint,
} from "../../../scripts/chain/rpc/endpointState";

const lost = new EndpointFault("unreachable", "is unreachable");
const hangs = new EndpointFault("hangs", "hangs");
const aside = afterFault(innocent, hangs, 1_000, 1);

describe("An endpoint's circuit", () => {
  it("opens with the third of three faults in a row that pass by themselves", () => {
    const once = afterFault(innocent, lost, 0, 1);
    const twice = afterFault(once, lost, 0, 1);
    expect([once, twice].map(({ strikes, leftAside }) => [strikes, leftAside])).to.deep.equal([
      [1, null],
      [2, null],
    ]);
    expect(afterFault(twice, lost, 100, 1).leftAside).to.deep.equal({ reason: "is unreachable", until: 1_100 });
  });

  it("opens at once with a fault that costs a whole timeout, for half to all of its time", () => {
    expect(aside.leftAside).to.deep.equal({ reason: "hangs", until: 6_000 });
    expect(afterFault(innocent, hangs, 1_000, 0).leftAside!.until).to.equal(3_500);
  });

  it("opens for twice as long each time in a row, five minutes at most", () => {
    const again = afterFault(aside, hangs, 6_000, 1);
    expect(again.leftAside!.until).to.equal(16_000);
    expect(afterFault({ ...again, timesAside: 40 }, hangs, 20_000, 1).leftAside!.until).to.equal(320_000);
  });

  it("stays open as long as the endpoint itself asked, five minutes at most", () => {
    const until = (milliseconds: number) =>
      afterFault(innocent, new EndpointFault("limited", "is limited", milliseconds), 0, 1).leftAside!.until;
    expect([until(30_000), until(10), until(10 ** 9)]).to.deep.equal([30_000, 1_000, 300_000]);
  });

  it("is not moved by what was on its way when it opened", () => {
    expect(afterFault(aside, hangs, 5_999, 1)).to.equal(aside);
  });

  it("forgets faults with an answer, unless it is open: a look alone closes it", () => {
    const once = afterFault(innocent, lost, 0, 1);
    expect(afterAnswer(once)).to.deep.equal(innocent);
    expect(afterAnswer(innocent)).to.equal(innocent);
    expect(afterAnswer(aside)).to.equal(aside);
  });

  it("is due for a look when its time is over", () => {
    expect([isDue(innocent, 9_999), isDue(aside, 5_999), isDue(aside, 6_000)]).to.deep.equal([false, false, true]);
  });
});

describe("The next endpoint", () => {
  const fresh = { state: innocent, tried: false };
  const tried = { state: innocent, tried: true };
  const away = { state: aside, tried: false };

  it("is the first in use that was not tried, else the first in use, else none", () => {
    expect(nextEndpoint([away, tried, fresh, fresh])).to.equal(2);
    expect(nextEndpoint([away, tried, tried])).to.equal(1);
    expect(nextEndpoint([away])).to.equal(undefined);
  });

  it("is asked at once where it was not tried, and else after half to all of a growing time", () => {
    expect(backoffMilliseconds([tried, fresh], 3, 1)).to.equal(0);
    expect([1, 2, 3, 6, 20].map((attempt) => backoffMilliseconds([tried, away], attempt, 1))).to.deep.equal([
      250, 500, 1_000, 8_000, 8_000,
    ]);
    expect(backoffMilliseconds([tried], 1, 0)).to.equal(125);
  });
});
