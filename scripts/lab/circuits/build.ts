/**
 * Compiles a circuit of circuits/, and writes its model and its verifier: `npm run circuits:build`, after a change of its source
 * or of its weights. `npm run circuits:build -- NAME --crs DIRECTORY` takes another circuit than `digits`, and another common
 * reference string than that for development.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { verifierNameOf, circuitsDirectory, defaultDataDirectory } from "../../config/folders";
import { circuitName } from "../../config/networkConfig";
import { readStrict } from "../../core/strictJson";
import { readJsonFile } from "../../keeper/archive/jsonFile";
import weights from "../../nodes/digits/weights.json";
import { base64Bytes } from "../../nodes/protocol/asker";
import { proverComplaint, largestModel, makeDevelopmentCrs } from "../../nodes/prover/installation";
import { compiledCircuit, gatesOf, modelHashOf, pointsFor, modelBytes, verifierSource } from "./compile";

const contracts = join(__dirname, "../../../contracts/verifiers");

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { crs: { type: "string" } }, allowPositionals: true });
  const name = positionals[0] ?? "digits";
  const complaint = proverComplaint();
  if (complaint !== undefined) throw new Error(complaint);
  if (!circuitName.test(name))
    throw new Error(`${name} can't be a contract's name: use a small letter, then letters and digits.`);
  const model = modelOf(name);
  const directory = join(circuitsDirectory, name);
  const circuit = join(directory, "circuit.json");
  writeFileSync(circuit, await compiledCircuit(directory));
  const gates = await gatesOf(circuit);
  const points = pointsFor(gates);
  const modelHash = await modelHashOf(model);
  const described = { points, modelHash, model: Buffer.from(model).toString("base64") };
  writeFileSync(join(directory, "model.json"), `${JSON.stringify(described, null, 2)}\n`);
  const crsDirectory = values.crs ?? join(defaultDataDirectory, "crs");
  const isDevelopment = values.crs === undefined;
  if (isDevelopment) await makeDevelopmentCrs(crsDirectory, points);
  const contractName = verifierNameOf(name);
  const source = await verifierSource({ contractName, circuit, crsDirectory, isDevelopment });
  writeFileSync(join(contracts, `${contractName}.sol`), source);
  process.stdout.write(`${name}: ${gates} gates, ${points} points, model ${modelHash}\n`);
}

/** The weights of the digits model; of another one what its model.json has in base64, to which the rest is added. */
function modelOf(name: string): Uint8Array {
  if (name === "digits") return modelBytes([weights.hidden, weights.output]);
  const file = readJsonFile(join(circuitsDirectory, name, "model.json"));
  return readStrict(z.looseObject({ model: base64Bytes(largestModel) }), file, "").model;
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
