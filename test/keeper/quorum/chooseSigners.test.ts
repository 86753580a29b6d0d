import { expect } from "chai";
import { type Address } from "viem";
import { chooseSigners, type Signature } from "../../../scripts/keeper/quorum/chooseSigners";

const owner = (digit: number): Address => `0x${String(digit).repeat(40)}`;

/** Signatures by position: the digit of the validator's address, its stake, and whether a contract signs for it. */
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
  it("are those of the heaviest validators that suffice, in ascending order of owners, each with its position", () => {
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

  it("are none if they are a wei short together, or nobody signed", () => {
    const all = signed([9, 30n], [4, 10n]);
    expect(chosen(all, 40n)).to.have.length(3);
    expect(chosen(all, 41n)).to.equal(undefined);
    expect(chosen([], 1n)).to.equal(undefined);
  });

  it("include a contract's only if those of keys don't suffice, as a contract may use any amount of gas", () => {
    const all = signed([9, 50n, "contract"], [4, 10n], [7, 20n], [8, 40n, "contract"]);
    expect(chosen(all, 30n)?.[0]).to.deep.equal([4, 7]);
    expect(chosen(all, 31n)?.[0]).to.deep.equal([4, 7, 9]);
    expect(chosen(all, 81n)?.[0]).to.deep.equal([4, 7, 8, 9]);
  });

  it("are no more than needed if all stakes are equal", () => {
    expect(chosen(signed([3, 5n], [2, 5n], [1, 5n]), 10n)?.[0]).to.have.length(2);
  });
});
