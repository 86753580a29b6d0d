import { expect } from "chai";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import fc from "fast-check";
import { circuitsDirectory } from "../../scripts/config/folders";
import {
  compiledCircuit,
  gatesOf,
  modelHashOf,
  pointsFor,
  modelBytes,
  verifierSource,
} from "../../scripts/lab/circuits/build";
import { digitIn, type Layer, type Perceptron } from "../../scripts/nodes/digits/model";
import { digitImages } from "../../scripts/nodes/digits/samples";
import weights from "../../scripts/nodes/digits/weights.json";
import { makeDevelopmentCrs, readProvableModel } from "../../scripts/nodes/prover/installation";
import { circuitInputs } from "../../scripts/nodes/prover/prover";
import { describeProving } from "../shared/describeProving";

const execute = promisify(execFile);
const directory = join(circuitsDirectory, "digits");
const digits = readProvableModel(directory);
const allDigits = Array.from({ length: 10 }, (_, digit) => digit);

/** The results that the circuit accepts for an image, of every byte among `results`. */
async function acceptedResults(image: Uint8Array, model: Perceptron, results: readonly number[]): Promise<number[]> {
  const { Noir } = await import("@noir-lang/noir_js");
  const noir = new Noir(JSON.parse(readFileSync(digits.circuit, "utf8")) as ConstructorParameters<typeof Noir>[0]);
  const bytes = modelBytes([model.hidden, model.output]);
  const provable = { ...digits, model: bytes, modelHash: await modelHashOf(bytes) };
  const accepted: number[] = [];
  for (const result of results) {
    const claim = { input: image, result: Uint8Array.of(result), binding: "0x07" } as const;
    try {
      await noir.execute(circuitInputs(provable, claim));
      accepted.push(result);
    } catch (error) {
      expect((error as Error).message).to.match(/^Circuit execution failed|^Cannot satisfy constraint/);
    }
  }
  return accepted;
}

function layers(
  inputs: number,
  neurons: number,
  weight: fc.Arbitrary<number>,
  bias: fc.Arbitrary<number>,
): fc.Arbitrary<Layer> {
  const rows = fc.array(fc.array(weight, { minLength: inputs, maxLength: inputs }), {
    minLength: neurons,
    maxLength: neurons,
  });
  return fc.record({ weights: rows, biases: fc.array(bias, { minLength: neurons, maxLength: neurons }) });
}

function models(weight: fc.Arbitrary<number>, bias: fc.Arbitrary<number>): fc.Arbitrary<Perceptron> {
  return fc.record({ hidden: layers(49, 16, weight, bias), output: layers(16, 10, weight, bias) });
}

const images = fc.uint8Array({ minLength: 49, maxLength: 49 });

describeProving("The circuit of the digits model", function () {
  this.timeout(1_200_000);
  const crsDirectory = mkdtempSync(join(tmpdir(), "moderntensor-crs-"));
  after(() => {
    rmSync(crsDirectory, { recursive: true });
  });

  it("is compiled by npm run circuits:build to the committed bytes and the committed hash", async () => {
    expect(await compiledCircuit(directory)).to.equal(readFileSync(digits.circuit, "utf8"));
    expect(await modelHashOf(digits.model)).to.equal(digits.modelHash);
    expect(pointsFor(await gatesOf(digits.circuit))).to.equal(digits.points);
  });

  it("has the committed verifier, byte for byte, with the common reference string made from a seed", async () => {
    await makeDevelopmentCrs(crsDirectory, digits.points);
    const committed = join(__dirname, "..", "..", "contracts", "verifiers", "DigitsVerifier.sol");
    const parts = { contractName: "DigitsVerifier", circuit: digits.circuit, crsDirectory, isDevelopment: true };
    expect(await verifierSource(parts)).to.equal(readFileSync(committed, "utf8"));
  });

  it("accepts the ceremony's reference string as Barretenberg downloads it, and no other", async () => {
    // The first two points of the ceremony: the generator, and it times the secret.
    const start = [
      "0000000000000000000000000000000000000000000000000000000000000001",
      "0000000000000000000000000000000000000000000000000000000000000002",
      "2d360628289ff943ff6bd1a87bbe4e62abe7fb61ba83effd266f22bdcf31e6f9",
      "26b92a79e563c3f48252cce7feeca2f0f8d33dcb4ef7b0643bf07bd405700aaa",
    ];
    const folder = join(crsDirectory, "ceremony");
    const [points, point] = [join(folder, "bn254_g1.dat"), join(folder, "bn254_g2.dat")];
    const check = () => execute(process.execPath, [join(circuitsDirectory, "crs.mjs"), "check", folder]);
    mkdirSync(folder);
    writeFileSync(points, readFileSync(join(crsDirectory, "bn254_g1.dat")));
    const refused = await check().catch((error: unknown) => error);
    expect((refused as Error).message).to.include("These are not the powers of one number.");
    expect(existsSync(point)).to.equal(false);
    writeFileSync(points, Buffer.from(start.join(""), "hex"));
    expect((await check()).stdout).to.match(/^2 powers of .*:\n0x260e01b2/);
    expect(readFileSync(point)).to.have.length(128);
  });

  it("accepts the digit that the node finds, and no other, for handwritten digits", async () => {
    for (const { image } of digitImages.slice(0, 10)) {
      expect(await acceptedResults(image, weights, allDigits)).to.deep.equal([digitIn(image)]);
    }
  });

  it("does the same for any image, and refuses bytes that aren't a digit", async () => {
    const results = [...allDigits, 10, 255];
    const agrees = fc.asyncProperty(images, async (image) => {
      expect(await acceptedResults(image, weights, results)).to.deep.equal([digitIn(image)]);
    });
    await fc.assert(agrees, { numRuns: 10 });
  });

  it("does the same for any weights, also at their bounds and with equal scores", async () => {
    const bounds = models(fc.constantFrom(-128, 127), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0));
    const ties = models(fc.constantFrom(0, 1), fc.constant(0));
    const any = models(fc.integer({ min: -128, max: 127 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    const agrees = fc.asyncProperty(fc.oneof(bounds, ties, any), images, async (model, image) => {
      expect(await acceptedResults(image, model, allDigits)).to.deep.equal([digitIn(image, model)]);
    });
    await fc.assert(agrees, { numRuns: 12, endOnFailure: true });
  });

  it("refuses weights that don't match the model's hash, and an image or result other than the task's", async () => {
    const { Noir } = await import("@noir-lang/noir_js");
    const noir = new Noir(JSON.parse(readFileSync(digits.circuit, "utf8")) as ConstructorParameters<typeof Noir>[0]);
    const { image } = digitImages[0]!;
    const result = Uint8Array.of(digitIn(image));
    const inputs = circuitInputs(digits, { input: image, result, binding: "0x07" });
    await noir.execute(inputs);
    for (const changed of ["model_bytes", "input_bytes", "result_bytes"] as const) {
      const bytes = [...inputs[changed]];
      bytes[0]! ^= 1;
      const refused = await noir.execute({ ...inputs, [changed]: bytes }).catch((error: unknown) => error);
      expect(refused, changed)
        .to.be.an("error")
        .with.property("message")
        .that.matches(/Circuit execution failed|Cannot satisfy/);
    }
  });
});
