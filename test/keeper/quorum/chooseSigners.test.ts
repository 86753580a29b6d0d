import { expect } from "chai";
import { type Address } from "viem";
import { chooseSigners, type Signature } from "../../../scripts/keeper/quorum/chooseSigners";

const owner = (digit: number): Address => `0x${String(digit).repeat(40)}`;

/** Validators in the order of their positions: whose is the address, how much stake, and whether a contract signs. */
function signed(
  ...stakes: readonly (readonly [digit: number, stakeWei: bigint, by?: "contract"])[]
): readonly Signature[] {
  return stakes.map(([digit, stakeWei, by], position): Signature => {
    const signature = `0x0${digit}` as const;
    return { validator: owner(digit), stakeWei, position, by: by ?? "key", answer: {}, signature };
  });
}

const chosen = (signatures: readonly Signature[], neededWei: bigint) => {
  const quorum = chooseSigners(signatures, neededWei);
  return quorum && [quorum.validators.map((one) => Number(one[2])), quorum.positions, quorum.signatures];
};

describe("The signatures that a relay sends", () => {
  it("are the heaviest that are enough, in ascending order of owners, each with its position", () => {
    const all = signed([9, 30n], [4, 10n], [7, 25n], [1, 20n]);
    expect(chosen(all, 55n)).to.deep.equal([
      [7, 9],
      [2n, 0n],
      ["0x07", "0x09"],
    ]);
    expect(chosen(all, 56n)).to.deep.equal([
      [1, 7, 9],
      [3n, 2n, 0n],
      ["0x01", "0x07", "0x09"],
    ]);
  });

  it("are none if all together are a wei short, or nobody signed", () => {
    const all = signed([9, 30n], [4, 10n]);
    expect(chosen(all, 40n)).to.have.length(3);
    expect(chosen(all, 41n)).to.equal(undefined);
    expect(chosen([], 1n)).to.equal(undefined);
  });

  it("are of keys as far as those are enough: what a contract's costs is up to the contract", () => {
    const all = signed([9, 50n, "contract"], [4, 10n], [7, 20n], [8, 40n, "contract"]);
    expect(chosen(all, 30n)?.[0]).to.deep.equal([4, 7]);
    expect(chosen(all, 31n)?.[0]).to.deep.equal([4, 7, 9]);
    expect(chosen(all, 81n)?.[0]).to.deep.equal([4, 7, 8, 9]);
  });

  it("are as many of equals as are needed", () => {
    expect(chosen(signed([3, 5n], [2, 5n], [1, 5n]), 10n)?.[0]).to.have.length(2);
  });
});
