import { expect } from "chai";
import { concat, encodeAbiParameters, type Hex, keccak256, parseAbiParameters, zeroAddress } from "viem";
import { type ProofOwner, proofBinding, publicInputs, wordsOf } from "../../scripts/core/proofStatement";

const owner: ProofOwner = {
  chainId: 31_337,
  registry: "0x5fbdb2315678afecb367f032d93f642f64180aa3",
  taskId: 7,
  minerId: 2,
};

describe("A proof's statement", () => {
  it("packs bytes into words of 31, first byte highest, with the last word padded with zeros on the right", () => {
    const bytes = Uint8Array.from({ length: 33 }, (_, i) => i + 1);
    expect(wordsOf(bytes)).to.deep.equal([
      "0x000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
      `0x002021${"00".repeat(29)}`,
    ]);
    expect(wordsOf(bytes.subarray(0, 31))).to.have.length(1);
    expect(wordsOf(Uint8Array.of(7))).to.deep.equal([`0x0007${"00".repeat(30)}`]);
    expect(wordsOf(new Uint8Array(0))).to.deep.equal([]);
  });

  it("is bound to one task of one miner, at one registry on one chain", () => {
    const types = parseAbiParameters("uint256, address, uint256, uint256");
    const hash = keccak256(encodeAbiParameters(types, [31_337n, owner.registry, 7n, 2n]));
    expect(proofBinding(owner)).to.equal(`0x00${hash.slice(2, -2)}`);
    const others: Partial<ProofOwner>[] = [{ chainId: 1 }, { registry: zeroAddress }, { taskId: 8 }, { minerId: 3 }];
    const bindings = [owner, ...others.map((other) => ({ ...owner, ...other }))].map(proofBinding);
    expect(new Set(bindings).size).to.equal(5);
  });

  it("has the model, the input, the result and the binding, in this order", () => {
    const modelHash: Hex = `0x${"05".repeat(32)}`;
    const [input, result] = [new Uint8Array(49).fill(9), Uint8Array.of(4)];
    expect(concat(publicInputs({ modelHash, input, result }, proofBinding(owner)))).to.equal(
      concat([modelHash, ...wordsOf(input), ...wordsOf(result), proofBinding(owner)]),
    );
  });
});
