import { expect } from "chai";
import { matches, missedReveals, returnText, riseOf, sortedBy, uptimeBps } from "../../../scripts/page/models/tables";

const record = {
  epochs: 30,
  activeEpochs: 24,
  revealedEpochs: 21,
  missedEpochs: [],
  yearlyReturnWad: null,
  commissions: [],
};

describe("A validator's figures on the page", () => {
  it("count missed reveals among its active epochs, and uptime among all epochs since it registered", () => {
    expect([missedReveals(record), uptimeBps(record)]).to.deep.equal([3, 7_000]);
    expect(uptimeBps({ ...record, epochs: 0 })).to.equal(null);
  });

  it("show the measured return, or a dash", () => {
    expect(returnText({ yearlyReturnWad: "51299999999999999" })).to.equal("5.12\u00a0%");
    expect([returnText(record), returnText(undefined)]).to.deep.equal(["–", "–"]);
  });

  it("show the last change of the commission if it was a rise", () => {
    const commissions = [500, 800, 100].map((commissionBps, epoch) => ({ epoch, commissionBps }));
    expect(riseOf(commissions.slice(0, 2))).to.deep.equal({ epoch: 1, fromBps: 500, toBps: 800 });
    expect([riseOf(commissions), riseOf(commissions.slice(0, 1)), riseOf([])]).to.deep.equal([null, null, null]);
  });

  it("are found by a part of a name or address", () => {
    const texts = ["0xAbC0", "Nord Stake"];
    expect(["nord ", "bc0", "", "süd"].map((sought) => matches(texts, sought))).to.deep.equal([
      ...[true, true, true, false],
    ]);
    expect(matches(["0xAbC0", ""], "nord")).to.equal(false);
  });
});

describe("A table's rows", () => {
  const columns = [
    { title: "Stake", order: (row: { stakeWei: bigint }) => row.stakeWei },
    { title: "Fee", order: (row: { stakeWei: bigint }) => -row.stakeWei, lowestFirst: true },
    { title: "Name" },
  ];
  const rows = [2n, 3n, 1n, 3n].map((stakeWei, index) => ({ stakeWei, index }));
  const sorted = (title: string, isReversed: boolean) =>
    sortedBy(columns, rows, { title, isReversed }).map(({ index }) => index);

  it("are sorted highest first or lowest first; ties keep their order", () => {
    expect(sorted("Stake", false)).to.deep.equal([1, 3, 0, 2]);
    expect(sorted("Stake", true)).to.deep.equal([2, 0, 1, 3]);
    expect(sorted("Fee", false)).to.deep.equal([1, 3, 0, 2]);
    expect(sorted("Fee", true)).to.deep.equal([2, 0, 1, 3]);
  });

  it("keep their order if no column is chosen, or one that can't be sorted", () => {
    expect(sortedBy(columns, rows, null)).to.equal(rows);
    expect(sorted("Name", false)).to.deep.equal([0, 1, 2, 3]);
  });
});
