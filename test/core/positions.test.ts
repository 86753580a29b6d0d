import { expect } from "chai";
import { type Address, zeroAddress } from "viem";
import {
  firstEpochOf,
  type IndexChange,
  PositionBook,
  type PositionChange,
  type PositionEvent,
  type Positions,
  type Redelegation,
  type ValidatorExit,
} from "../../scripts/core/positions";
import { accountOf } from "../shared/rewardLists";

const validator = accountOf(1);
const other = accountOf(2);
const delegator = accountOf(3);

/** The event that Staking emits in the epoch before `epoch`: the shares in `epoch`, and those from the epoch after it. */
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

/** The positions in `epoch`, from the events that happened before it. */
function positionsIn(epoch: bigint, events: readonly PositionEvent[]): Positions {
  const book = new PositionBook();
  for (const event of events) if (firstEpochOf(event) <= epoch) book.apply(event);
  return book.positionsIn(epoch);
}

/** The shares of `account` in each of the epochs 0 … 6: the same from one book that advances and from a book per epoch. */
function sharesByEpoch(events: readonly (PositionChange | ValidatorExit)[], account = delegator): readonly bigint[] {
  const book = new PositionBook();
  let next = 0;
  return [0n, 1n, 2n, 3n, 4n, 5n, 6n].map((epoch) => {
    while (next < events.length && firstEpochOf(events[next]!) <= epoch) book.apply(events[next++]!);
    const shares = book.positionsIn(epoch).get(validator)?.get(account) ?? 0n;
    expect(positionsIn(epoch, events).get(validator)?.get(account) ?? 0n).to.equal(shares);
    return shares;
  });
}

describe("Positions rebuilt from Staking's events", () => {
  it("are empty without events", () => {
    expect([...positionsIn(3n, [])]).to.deep.equal([]);
  });

  it("from before genesis count from epoch 0", () => {
    expect(sharesByEpoch([change(0n, 5n, 5n)])).to.deep.equal([5n, 5n, 5n, 5n, 5n, 5n, 5n]);
  });

  it("from before genesis that left before genesis never count", () => {
    expect(sharesByEpoch([change(0n, 5n, 5n), exit(0n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    expect(sharesByEpoch([change(0n, 5n, 5n), change(0n, 0n, 0n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  it("count from the second epoch after they are added", () => {
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

  it("end for everyone, own stake and delegations, when the validator leaves", () => {
    const events = [change(0n, 5n, 5n), change(0n, 40n, 40n, validator), exit(4n)];
    expect(sharesByEpoch(events)).to.deep.equal([5n, 5n, 5n, 5n, 0n, 0n, 0n]);
    expect(sharesByEpoch(events, validator)).to.deep.equal([40n, 40n, 40n, 40n, 0n, 0n, 0n]);
  });

  it("added in the epoch in which the validator leaves never count", () => {
    expect(sharesByEpoch([change(2n, 0n, 7n), exit(2n)])).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n, 0n]);
  });

  it("of a validator that returns in the epoch in which it left skip one epoch", () => {
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

  it("advance their book to the latest epoch of an event or a query", () => {
    const book = new PositionBook();
    book.apply(change(4n, 0n, 11n));
    expect(book.epoch).to.equal(4n);
    book.positionsIn(9n);
    expect(book.epoch).to.equal(9n);
  });

  it("of one validator don't affect another's, and hold no zeros", () => {
    const events = [
      change(0n, 5n, 5n),
      change(0n, 6n, 6n, delegator, other),
      change(1n, 0n, 0n),
      exit(2n, accountOf(9)),
    ];
    expect(positionsIn(5n, events)).to.deep.equal(
      new Map([
        [validator, new Map()],
        [other, new Map([[delegator, 6n]])],
      ]),
    );
  });

  describe("with redelegations", () => {
    const INDEX_ONE = 10n ** 27n;

    function redelegation(account: Address, arrivalEpoch: bigint, shares: bigint, index = INDEX_ONE): Redelegation {
      return { kind: "redelegated", from: other, to: validator, account, arrivalEpoch, shares, index };
    }

    function slashed(epoch: bigint, permille: bigint, of = other): IndexChange {
      return { kind: "slashed", validator: of, epoch, index: (INDEX_ONE * permille) / 1_000n };
    }

    function booked(epoch: bigint, events: readonly PositionEvent[]) {
      return Object.fromEntries(positionsIn(epoch, events).get(validator) ?? []);
    }

    const moved = [
      change(4n, 0n, 11n),
      redelegation(delegator, 5n, 11n),
      change(4n, 0n, 13n, accountOf(4)),
      redelegation(accountOf(4), 5n, 13n),
    ];

    it("aren't changed by slashes of other validators or by slashes after they arrived", () => {
      const events = [...moved, slashed(3n, 500n, validator), slashed(5n, 500n)];
      expect(booked(5n, events)).to.deep.equal({ [delegator]: 11n, [accountOf(4)]: 13n });
      expect(booked(4n, events)).to.deep.equal({});
    });

    it("shrink with slashes of the validator that they left; what rounding leaves goes to the zero address", () => {
      const events = [...moved, slashed(3n, 900n), slashed(4n, 630n)];
      // Of 24: ⌊24 · 0.1⌋ = 2 are lost, then ⌊22 · 0.3⌋ = 6. Of 11 and 13: 6 and 8 are left.
      expect(booked(5n, events)).to.deep.equal({ [delegator]: 6n, [accountOf(4)]: 8n, [zeroAddress]: 2n });
      expect(booked(6n, [...events, change(6n, 9n, 0n)])).to.deep.equal({
        [delegator]: 9n,
        [accountOf(4)]: 8n,
        [zeroAddress]: 2n,
      });
    });

    it("of a single share belong to the zero address after two slashes", () => {
      const events = [change(4n, 0n, 1n), redelegation(delegator, 5n, 1n), slashed(3n, 900n), slashed(4n, 810n)];
      expect(booked(5n, events)).to.deep.equal({ [zeroAddress]: 1n });
    });

    it("of several epochs are kept separate, each at the index at which they left", () => {
      const late = [change(5n, 0n, 10n, accountOf(5)), redelegation(accountOf(5), 6n, 10n, INDEX_ONE / 2n)];
      const events = [...moved, slashed(3n, 500n), ...late, slashed(4n, 250n)];
      expect(booked(6n, events)).to.deep.equal({
        [delegator]: 2n,
        [accountOf(4)]: 3n,
        [accountOf(5)]: 5n,
        [zeroAddress]: 1n,
      });
      const later = [change(8n, 0n, 4n), redelegation(delegator, 9n, 4n, INDEX_ONE / 4n), slashed(8n, 125n)];
      expect(booked(9n, [...events, ...later])[delegator]).to.equal(2n);
    });

    it("end if the validator that they moved to leaves", () => {
      const events = [...moved, exit(5n), slashed(4n, 500n)];
      expect(booked(5n, events)).to.deep.equal({});
      expect(booked(5n, [...events, change(5n, 0n, 3n)])).to.deep.equal({});
    });
  });
});
