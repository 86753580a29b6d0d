/**
 * Finds a circuit's witness: `node witness.mjs`, with one JSON object on standard input: the circuit's file, the file
 * to write the witness to, and the circuit's inputs by name. It fails if the circuit refuses them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { Noir } from "@noir-lang/noir_js";

const { circuit, inputs, witness } = JSON.parse(readFileSync(0, "utf8"));
try {
  const found = await new Noir(JSON.parse(readFileSync(circuit, "utf8"))).execute(inputs);
  writeFileSync(witness, found.witness);
} catch (error) {
  process.stderr.write(error.message);
  process.exitCode = 1;
}
