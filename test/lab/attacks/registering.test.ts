import { expect } from "chai";
import { registrationPayments, registrations } from "../../../scripts/lab/attacks/registering";

const rule = { floorWei: 1_000n, ceilingWei: 2_000n, intervalSeconds: 3_600 };

const paid = (...seconds: readonly number[]) =>
  registrationPayments(
    rule,
    seconds.map((atSecond) => ({ person: "someone", atSecond })),
  ).map(({ amountWei }) => amountWei);

describe("The price of registering", () => {
  it("rises by a quarter each time, rounded up, to the ceiling", () => {
    expect(paid(0, 0, 0, 0, 0, 0)).to.deep.equal([1_000n, 1_250n, 1_563n, 1_954n, 2_000n, 2_000n]);
  });

  it("falls by a fifth each interval, linearly within it, to the floor", () => {
    expect(paid(0, 0, 0, 1_800)).to.deep.equal([1_000n, 1_250n, 1_563n, 1_758n]);
    expect(paid(0, 0, 0, 3_600)).to.deep.equal([1_000n, 1_250n, 1_563n, 1_563n]);
    expect(paid(0, 0, 0, 5_400)).to.deep.equal([1_000n, 1_250n, 1_563n, 1_406n]);
    expect(paid(0, 0, 0, 1_000_000)).to.deep.equal([1_000n, 1_250n, 1_563n, 1_000n]);
  });

  it("stays the same at the target rate, one registration an interval", () => {
    const payments = registrationPayments(rule, [
      ...registrations("attacker", 2, 0),
      ...registrations("others", 3, rule.intervalSeconds),
    ]);
    expect(payments.map(({ amountWei }) => amountWei)).to.deep.equal([1_000n, 1_250n, 1_563n, 1_563n, 1_563n]);
  });
});
