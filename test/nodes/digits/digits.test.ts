import { expect } from "chai";
import fc from "fast-check";
import { join } from "node:path";
import { circuitsDirectory } from "../../../scripts/config/folders";
import { modelBytes } from "../../../scripts/lab/circuits/build";
import { encodeDigit, imageBytes, isImage } from "../../../scripts/nodes/digits/image";
import { digitIn, resultFor, scoresOf } from "../../../scripts/nodes/digits/model";
import { digitImages } from "../../../scripts/nodes/digits/samples";
import weights from "../../../scripts/nodes/digits/weights.json";
import { readProvableModel } from "../../../scripts/nodes/prover/installation";
import { canonicalHash } from "../../../scripts/core/canonicalJson";

/** The order of BN254's scalar field, in which a circuit calculates. */
const fieldModulus = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** The scores, computed again with whole numbers of any size. */
function restatedScores(image: Uint8Array): readonly bigint[] {
  const layer = ({ weights: rows, biases }: typeof weights.hidden, inputs: readonly bigint[]): readonly bigint[] =>
    rows.map((row, neuron) =>
      row.reduce((sum, weight, i) => sum + BigInt(weight) * inputs[i]!, BigInt(biases[neuron]!)),
    );
  const hidden = layer(weights.hidden, Array.from(image, BigInt)).map((sum) => (sum > 0n ? sum : 0n));
  return layer(weights.output, hidden);
}

describe("The digits model", () => {
  it("reads 185 of the 200 digits in the repository correctly", () => {
    const right = digitImages.filter(({ image, digit }) => digitIn(image) === digit);
    expect([digitImages.length, right.length]).to.deep.equal([200, 185]);
    expect(digitImages.slice(0, 20).map(({ digit }) => digit)).to.deep.equal([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(digitImages.every(({ image }) => isImage(image))).to.equal(true);
  });

  it("gives the recorded scores, the same on every machine", () => {
    const scores = digitImages.map(({ image }) => [...scoresOf(image)]);
    expect(canonicalHash(scores)).to.equal("0x21685f5f7ff89be59b4b7a0fe6ec80e1cfd955d0da767f5927de69b1ccb577ee");
  });

  it("calculates in whole numbers, exactly, for any image", () => {
    const image = fc.uint8Array({ minLength: imageBytes, maxLength: imageBytes });
    fc.assert(
      fc.property(image, (bytes) => {
        expect(scoresOf(bytes).map(BigInt)).to.deep.equal(restatedScores(bytes));
      }),
    );
  });

  it("stays below 2^21 in its hidden layer and below 2^32 in its scores for any image", () => {
    const reach = (row: readonly number[], bias: number, most: readonly number[]): number =>
      row.reduce((sum, weight, i) => sum + Math.abs(weight) * most[i]!, Math.abs(bias));
    const white = Array.from({ length: imageBytes }, () => 255);
    const hidden = weights.hidden.weights.map((row, i) => reach(row, weights.hidden.biases[i]!, white));
    const scores = weights.output.weights.map((row, i) => reach(row, weights.output.biases[i]!, hidden));
    expect(Math.max(...hidden)).to.be.below(2 ** 21);
    expect(Math.max(...scores)).to.be.below(2 ** 32);
  });

  it("has weights of one byte each", () => {
    const all = [...weights.hidden.weights, ...weights.output.weights].flat();
    expect(all).to.have.length(49 * 16 + 16 * 10);
    expect(all.every((weight) => Number.isInteger(weight) && Math.abs(weight) <= 127)).to.equal(true);
  });

  it("answers with one byte, the digit", () => {
    for (const { image } of digitImages) expect([...resultFor(image)]).to.deep.equal([digitIn(image)]);
  });

  it("is identified by a hash of its weights that fits into a circuit's field", () => {
    const { modelHash, model } = readProvableModel(join(circuitsDirectory, "digits"));
    expect(model).to.deep.equal(new Uint8Array(modelBytes([weights.hidden, weights.output])));
    expect(BigInt(modelHash) < fieldModulus).to.equal(true);
  });
});

describe("An image", () => {
  it("has the mean of each block of 4 × 4 grey values, rounded down", () => {
    const pixels = new Uint8Array(28 * 28);
    // The first block's values add up to 31, the last one's to 16 · 255; the second block of the second row has one of 16.
    pixels.set([15, 16]);
    for (const row of [24, 25, 26, 27]) pixels.fill(255, row * 28 + 24, row * 28 + 28);
    pixels[7 * 28 + 7] = 16;
    const expected = new Uint8Array(imageBytes);
    expected.set([1], 0);
    expected.set([1], 8);
    expected.set([255], 48);
    expect(encodeDigit(pixels)).to.deep.equal(expected);
  });

  it("is made of exactly 28 × 28 grey values", () => {
    expect(() => encodeDigit(new Uint8Array(783))).to.throw(RangeError, "A digit has 784 grey values, not 783.");
  });

  it("has 49 bytes", () => {
    expect([48, 49, 50].map((length) => isImage(new Uint8Array(length)))).to.deep.equal([false, true, false]);
  });
});
