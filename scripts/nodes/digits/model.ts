/**
 * A perceptron that reads digits: 49 grey values, 16 hidden neurons, 10 scores. All of it is sums and products of whole numbers
 * below 2^53, so every machine and a circuit find the same digit.
 */
import { type Hex, numberToHex } from "viem";
import { canonicalHash } from "../../core/canonicalJson";
import weights from "./weights.json";

/**
 * Names the model: the high 248 bits of keccak256 of the weights' canonical JSON (RFC 8785), since a circuit's field has no
 * room for 256.
 */
export const digitsModelHash: Hex = numberToHex(BigInt(canonicalHash(weights)) >> 8n, { size: 32 });

/** The digit that the model sees in an image: the one with the highest score, the smallest of those that are equal. */
export function digitIn(image: Uint8Array): number {
  const scores = scoresOf(image);
  return scores.indexOf(Math.max(...scores));
}

/** What a worker answers: one byte, 0 to 9. */
export function resultFor(image: Uint8Array): Uint8Array {
  return Uint8Array.of(digitIn(image));
}

/**
 * Each digit's score: output biases + output weights · max(0, hidden biases + hidden weights · image). Nothing is divided or
 * shifted between the layers: hidden sums stay below 2^21, scores below 2^32, and there is no rounding to agree on.
 */
export function scoresOf(image: Uint8Array): readonly number[] {
  const hidden = neurons(weights.hidden, image).map((sum) => Math.max(0, sum));
  return neurons(weights.output, hidden);
}

/** A layer: one row of weights, −127 to 127, and one bias for each of its neurons. */
export interface Layer {
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

function neurons(layer: Layer, inputs: ArrayLike<number>): readonly number[] {
  return layer.weights.map((row, neuron) =>
    row.reduce((sum, weight, i) => sum + weight * inputs[i]!, layer.biases[neuron]!),
  );
}
