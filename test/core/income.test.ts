import { expect } from "chai";
import fc from "fast-check";
import { payInOrder } from "../../scripts/core/distribution/earnings";

const amounts = (...wei: bigint[]) => wei.map((amountWei, index) => ({ index, amountWei }));

describe("Payments of earnings", () => {
  const told = (earned: readonly bigint[], paid: readonly bigint[]) =>
    payInOrder(amounts(...earned), amounts(...paid)).map(({ amountWei, earned: one, payment }) => [
      ...[one?.index ?? null, payment?.index ?? null, amountWei],
    ]);

  it("settle the oldest earnings first, and leave the rest unpaid", () => {
    expect(told([3n, 4n, 5n], [7n])).to.deep.equal([
      [0, 0, 3n],
      [1, 0, 4n],
      [2, null, 5n],
    ]);
  });

  it("split an earning that several of them cover", () => {
    expect(told([10n], [4n, 5n])).to.deep.equal([
      [0, 0, 4n],
      [0, 1, 5n],
      [0, null, 1n],
    ]);
  });

  it("include the amounts paid beyond the earnings", () => {
    expect(told([2n, 0n], [0n, 5n, 1n])).to.deep.equal([
      [0, 1, 2n],
      [null, 1, 3n],
      [null, 2, 1n],
    ]);
  });

  it("keep the sum of each earning and each payment, for any amounts", () => {
    const some = fc.array(fc.bigInt(0n, 20n), { maxLength: 12 });
    fc.assert(
      fc.property(some, some, (earned, paid) => {
        const parts = payInOrder(amounts(...earned), amounts(...paid));
        const sumWhere = (is: (part: (typeof parts)[number]) => boolean) =>
          parts.filter(is).reduce((sum, { amountWei }) => sum + amountWei, 0n);
        earned.forEach((wei, i) => expect(sumWhere((part) => part.earned?.index === i)).to.equal(wei));
        paid.forEach((wei, i) => expect(sumWhere((part) => part.payment?.index === i)).to.equal(wei));
        expect(parts.every(({ amountWei }) => amountWei > 0n)).to.equal(true);
        expect(parts.some((part) => part.earned === null) && parts.some((part) => part.payment === null)).to.equal(
          false,
        );
      }),
    );
  });
});
