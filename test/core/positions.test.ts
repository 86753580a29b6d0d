import { expect } from "chai";
import { type Address } from "viem";
import { PositionBook, type PositionChange, type ValidatorExit } from "../../scripts/core/positions";
import { accountOf } from "../shared/rewardLists";

const validator = accountOf(1);
const other = accountOf(2);
const delegator = accountOf(3);

/** What Staking emits in the epoch before `epoch`: shares in the next epoch, and from the one after. */
function change(
  epoch: bigint,
  sharesFromEpoch: bigint,
  sharesFromEpochAfter: bigint,
  account: Address = delegator,
  of: Address = validator,
): PositionChange {
  return { kind: "stakeChanged", validator: of, account, epoch, sharesFromEpoch, sharesFromEpochAfter };
}

function exit(epoch: bigint, of: Address = validator): ValidatorExit {
  return { kind: "validatorLeft", validator: of, epoch };
}

/** The shares of `account` that count for each of the epochs 0 … 6 after the same events. */
function sharesByEpoch(events: readonly (PositionChange | ValidatorExit)[], account = delegator): readonly bigint[] {
  return [0n, 1n, 2n, 3n, 4n, 5n, 6n].map((epoch) => {
    const book = new PositionBook(epoch);
    for (const event of events) book.apply(event);
    return book.positions().get(validator)?.get(account) ?? 0n;
  });
}

describe("Positions rebuilt from Staking's events", () => {
  it("are empty without events", () => {
    expect([...new PositionBook(3n).positions()]).to.deep.equal([]);
  });

  it("from before genesis count from epoch 0", () => {
    expect(sharesByEpoch([change(0n, 5n, 5n)])).to.deep.equal([5n, 5n, 5n, 5n, 5n, 5n, 5n]);
  });

  it("of before genesis that left before genesis never counted", () => {
    expect(sharesByEpoch([change(0n, 5n, 5n), exit(0n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    expect(sharesByEpoch([change(0n, 5n, 5n), change(0n, 0n, 0n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  it("count from the epoch after next when they were added", () => {
    expect(sharesByEpoch([change(2n, 0n, 7n)])).to.deep.equal([0n, 0n, 0n, 7n, 7n, 7n, 7n]);
  });

  it("take the later of two changes in one epoch", () => {
    const events = [change(2n, 0n, 7n), change(2n, 0n, 9n)];
    expect(sharesByEpoch(events)).to.deep.equal([0n, 0n, 0n, 9n, 9n, 9n, 9n]);
  });

  it("shrink from the next epoch when a part leaves, newest stake first", () => {
    const events = [change(1n, 0n, 10n), change(3n, 10n, 14n), change(3n, 8n, 8n)];
    expect(sharesByEpoch(events)).to.deep.equal([0n, 0n, 10n, 8n, 8n, 8n, 8n]);
  });

  it("that leave before they count never count", () => {
    expect(sharesByEpoch([change(2n, 0n, 7n), change(2n, 0n, 0n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    expect(sharesByEpoch([change(2n, 0n, 7n), change(3n, 0n, 0n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  it("end for everybody, own stake and delegations, when the validator leaves", () => {
    const events = [change(0n, 5n, 5n), change(0n, 40n, 40n, validator), exit(4n)];
    expect(sharesByEpoch(events)).to.deep.equal([5n, 5n, 5n, 5n, 0n, 0n, 0n]);
    expect(sharesByEpoch(events, validator)).to.deep.equal([40n, 40n, 40n, 40n, 0n, 0n, 0n]);
  });

  it("added in the very epoch in which the validator leaves never count", () => {
    expect(sharesByEpoch([change(2n, 0n, 7n), exit(2n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  it("of a validator that comes back in the same epoch skip one epoch", () => {
    const events = [
      change(0n, 40n, 40n, validator),
      change(0n, 5n, 5n),
      change(3n, 0n, 0n, validator),
      exit(3n),
      change(3n, 0n, 50n, validator),
    ];
    expect(sharesByEpoch(events, validator)).to.deep.equal([40n, 40n, 40n, 0n, 50n, 50n, 50n]);
    expect(sharesByEpoch(events)).to.deep.equal([5n, 5n, 5n, 0n, 0n, 0n, 0n]);
  });

  it("of one validator don't touch another's, and hold no zeros", () => {
    const book = new PositionBook(5n);
    book.apply(change(0n, 5n, 5n));
    book.apply(change(0n, 6n, 6n, delegator, other));
    book.apply(change(1n, 0n, 0n));
    book.apply(exit(2n, accountOf(9)));
    expect(book.positions()).to.deep.equal(
      new Map([
        [validator, new Map()],
        [other, new Map([[delegator, 6n]])],
      ]),
    );
  });
});
