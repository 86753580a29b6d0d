import { expect } from "chai";
import { capacityRows } from "../../../scripts/lab/bench/capacity";

const measured = [
  ["claim, repeated", 16_384, 60_000],
  ["settle: steady state", 1, 100_000],
  ["settle and pay everybody, first time", 100, 5_000_000],
  ["settle and pay everybody, first time", 250, 12_500_000],
  ["claimMany of 2^14 leaves, repeated, per account", 250, 25_000],
  ["claimMany of 2^14 leaves, first time, per account", 250, 60_000],
] as const;

const rows = measured.map(([name, size, ours]) => {
  return { name, unit: "gas", size, ours, target: null, peer: null, peerValue: null };
});

describe("Capacity", () => {
  const found = new Map(capacityRows(rows).map(({ name, ours }) => [name, ours]));

  for (const [name, count] of [
    ["single claims in a block: Ethereum mainnet", 1_000],
    ["single claims in a block: Arbitrum One", 533],
    ["accounts paid by claimMany in a block: Ethereum mainnet", 2_400],
    ["settlements in a block: Hardhat's node", 600],
    ["accounts that a settlement can pay at once, first time", 335],
    ["accounts in one claimMany, first time", 279],
  ] as const) {
    it(`is whole: ${name}`, () => {
      expect(found.get(name)).to.equal(count);
    });
  }

  it("can't be told without the gas that it follows from", () => {
    expect(() => capacityRows(rows.slice(1))).to.throw('The benchmark has no row "claim, repeated" of size 16384.');
  });
});
