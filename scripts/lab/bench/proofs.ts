import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { circuitsDirectory } from "../../config/folders";
import { digitIn } from "../../nodes/digits/model";
import { digitImages } from "../../nodes/digits/samples";
import { circuitInputs } from "../../nodes/prover/prover";
import { readProvableModel } from "../../nodes/prover/provableModel";
import { makeDevelopmentCrs } from "../../nodes/prover/referenceString";
import { measuredProof } from "../circuits/measure";
import { type BenchRow } from "./rows";

/** What the proof of a digit takes: processor time of both processes together, and the memory of the larger one. */
export async function proofRows(): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-bench-"));
  try {
    const model = readProvableModel(join(circuitsDirectory, "digits"));
    await makeDevelopmentCrs(directory, model.points);
    const { image } = digitImages[0]!;
    const inputs = circuitInputs(model, { input: image, result: Uint8Array.of(digitIn(image)), binding: "0x01" });
    const costs = measuredProof({ circuit: model.circuit, inputs, crsDirectory: directory, directory });
    const { witness, proof } = costs;
    const common = { size: 1, peer: null, peerValue: null };
    const cpuSeconds = witness.cpuSeconds + proof.cpuSeconds;
    const megabytes = Math.max(witness.megabytes, proof.megabytes);
    return [
      { ...common, name: "proof of a digit: processor time", unit: "s", ours: cpuSeconds, target: 2 },
      { ...common, name: "proof of a digit: peak memory", unit: "MB", ours: megabytes, target: 200 },
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}
