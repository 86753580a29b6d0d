import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProver } from "../../nodes/prover/installation";
import { provingTarget } from "../../nodes/prover/prover";

const execute = promisify(execFile);

/** The point of the second group that Barretenberg writes into verifiers: that of Aztec's ceremony, as the precompile reads it. */
const ceremony = [
  "260e01b251f6f1c7e7ff4e580791dee8ea51d87a358e038b4efe30fac09383c1",
  "0118c4d5b837bcc2bc89b5b398b5974e9f5944073b32078b7e231fec938883b0",
  "04fc6369f7110fe3d25156c1bb9a72859cf2a04641f99ba4ee413c80da6a5fe4",
  "22febda3c0c0632a56475b4214e5615e11e6dd3f96e6cea2854a87d4dacc5e55",
];

const note = 'Written by "npm run circuits:build".';
const developmentNote = `${note} For development alone: everybody knows the secret with which any proof can be forged.`;

/** In Barretenberg's files the two halves of a coordinate stand the other way round. */
const placesInFile = [1, 0, 3, 2];

/** What a verifier is made of. */
export interface VerifierParts {
  readonly contractName: string;
  /** The file of the compiled circuit. */
  readonly circuit: string;
  /** Holds the common reference string: a verifier accepts proofs that were made with it, and no others. */
  readonly crsDirectory: string;
  /** Whether that is the one for development. */
  readonly isDevelopment: boolean;
}

/** The Solidity of the contract that accepts a circuit's proofs. */
export async function verifierSource(parts: VerifierParts): Promise<string> {
  const { contractName, circuit, crsDirectory, isDevelopment } = parts;
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-verifier-"));
  const env = { ...process.env, CRS_PATH: crsDirectory };
  const [key, source] = [join(directory, "vk"), join(directory, "verifier.sol")];
  const { bb } = findProver();
  try {
    await execute(bb, ["write_vk", "--bytecode_path", circuit, "--output_path", directory, ...provingTarget], { env });
    const contract = ["--vk_path", key, "--output_path", source, "--optimized", ...provingTarget];
    await execute(bb, ["write_solidity_verifier", ...contract], { env });
    const point = readFileSync(join(crsDirectory, "bn254_g2.dat"));
    return withPoint(readFileSync(source, "utf8"), point)
      .replace("contract HonkVerifier is", `// ${isDevelopment ? developmentNote : note}\ncontract ${contractName} is`)
      .trimStart();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A verifier whose pairing is that of another common reference string. */
function withPoint(source: string, point: Buffer): string {
  return ceremony.reduce((text, word, i) => {
    const pieces = text.split(word);
    if (pieces.length !== 2) throw new Error("Barretenberg's verifier does not have the ceremony's point once.");
    return pieces.join(point.toString("hex", 32 * placesInFile[i]!, 32 * (placesInFile[i]! + 1)));
  }, source);
}
