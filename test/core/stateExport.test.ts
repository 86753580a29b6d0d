import { expect } from "chai";
import { type Address } from "viem";
import { exportState, ExportMismatchError, totalOf } from "../../scripts/core/stateExport";

const [ada, bob, eve] = ["0xaa", "0xbb", "0xee"] as Address[] as [Address, Address, Address];
const nothing = { heldWei: 0n, amounts: new Map<Address, bigint>() };

describe("An export of a network's state", () => {
  it("lists everything that each account owns, and sums to the supply", () => {
    const state = exportState(
      100n,
      new Map([
        [bob, 10n],
        [eve, 0n],
        [ada, 5n],
      ]),
      85n,
      {
        staked: {
          heldWei: 40n,
          amounts: new Map([
            [ada, 30n],
            [bob, 9n],
          ]),
        },
        unclaimed: { heldWei: 25n, amounts: new Map([[ada, 25n]]) },
        escrow: { heldWei: 8n, amounts: new Map([[bob, 8n]]) },
      },
    );
    expect(state.holdings.map((one) => [one.account, totalOf(one)])).to.deep.equal([
      [ada, 60n],
      [bob, 27n],
    ]);
    expect(state.holdings[0]).to.deep.equal({
      account: ada,
      balanceWei: 5n,
      stakedWei: 30n,
      unclaimedWei: 25n,
      escrowWei: 0n,
    });
    expect(state.restWei).to.equal(13n); // the pool's 12, and a wei of dust
  });

  it("divides a contract's shortfall among its creditors, in proportion", () => {
    const unclaimed = {
      heldWei: 10n,
      amounts: new Map([
        [ada, 15n],
        [bob, 6n],
      ]),
    };
    const { holdings, restWei } = exportState(10n, new Map(), 10n, { staked: nothing, unclaimed, escrow: nothing });
    expect(holdings.map(({ unclaimedWei }) => unclaimedWei)).to.deep.equal([7n, 2n]);
    expect(restWei).to.equal(1n);
  });

  it("is refused if balances don't add up to the supply", () => {
    const none = { staked: nothing, unclaimed: nothing, escrow: nothing };
    expect(() => exportState(10n, new Map([[ada, 4n]]), 5n, none)).to.throw(
      ExportMismatchError,
      "The balances add up to 9 wei, but the supply is 10 wei.",
    );
  });
});
