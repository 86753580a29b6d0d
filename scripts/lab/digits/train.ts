/** Writes scripts/nodes/digits/weights.json and sampleImages.json: `npm run digits:train`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { type Layer } from "../../nodes/digits/model";
import { learn, type Parameters } from "./learn";
import { type LabelledDigit, readDigits } from "./mnist";

/** Of the first seeds the one that fits the training digits best. */
const seed = 2;
const samplesPerDigit = 20;
const folder = join(__dirname, "../../nodes/digits");

async function main(): Promise<void> {
  const { training, heldBack } = readDigits();
  const { hidden, output } = learn(training, seed);
  const hiddenScale = scaleOf(hidden, 16);
  const outputScale = scaleOf(output, 10);
  // Grey values are whole numbers to 255, so what is added to their products is that much larger as well.
  const hiddenBiasScale = hiddenScale * 255;
  await write("weights.json", {
    hidden: inWholeNumbers(hidden, 16, hiddenScale, hiddenBiasScale),
    output: inWholeNumbers(output, 10, outputScale, outputScale * hiddenBiasScale),
  });
  await write("sampleImages.json", samplesOf(heldBack));
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

void main();
