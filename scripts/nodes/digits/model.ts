/**
 * A perceptron that reads digits: 49 grey values, 16 hidden neurons, 10 scores. It only adds and multiplies whole
 * numbers below 2^53, so every machine and a circuit find the same digit.
 */
import weights from "./weights.json";

/** A layer: one row of weights, −128 to 127, and one bias of 32 bits for each of its neurons. */
export interface Layer {
  readonly weights: readonly (readonly number[])[];
  readonly biases: readonly number[];
}

/** What a model has learnt. */
export interface Perceptron {
  readonly hidden: Layer;
  readonly output: Layer;
}

/**
 * The digit that a model sees in an image: the one with the highest score, or the smallest of those with equal scores.
 */
export function digitIn(image: Uint8Array, model: Perceptron = weights): number {
  const scores = scoresOf(image, model);
  return scores.indexOf(Math.max(...scores));
}

/** What a worker answers: one byte, 0 to 9. */
export function resultFor(image: Uint8Array): Uint8Array {
  return Uint8Array.of(digitIn(image));
}

/**
 * Each digit's score: output biases + output weights · max(0, hidden biases + hidden weights · image). Nothing is
 * divided or shifted between the layers, so there is no rounding to agree on. In the digits model, hidden sums stay
 * below 2^21, and scores below 2^32.
 */
export function scoresOf(image: Uint8Array, { hidden, output }: Perceptron = weights): readonly number[] {
  const active = neurons(hidden, image).map((sum) => Math.max(0, sum));
  return neurons(output, active);
}

function neurons(layer: Layer, inputs: ArrayLike<number>): readonly number[] {
  return layer.weights.map((row, neuron) =>
    row.reduce((sum, weight, i) => sum + weight * inputs[i]!, layer.biases[neuron]!),
  );
}
