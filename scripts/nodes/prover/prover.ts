import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { bytesToHex, type Hex } from "viem";
import { wordsOf } from "../../core/proofStatement";
import { openTurns } from "../protocol/turns";
import { runBounded } from "./boundedProcess";
import { findProver } from "./installation";
import { type ProvableModel } from "./provableModel";
import { inTemporaryFolder } from "./temporaryFolder";

/** How to prove. */
export interface ProvingOptions {
  /** How many proofs are made at once; they share the processors. */
  readonly concurrency: number;
  /** Holds the common reference string that the verifier was made with. */
  readonly crsDirectory: string;
  /** How long each of the two processes of a proof may take. */
  readonly timeoutMilliseconds: number;
}

/** What is to be proven: that the model makes this result of this input. The proof counts for whom `binding` names. */
export interface Claim {
  readonly input: Uint8Array;
  readonly result: Uint8Array;
  readonly binding: Hex;
}

/** Makes proofs in processes of their own, which end with the question and leave nothing behind. */
export interface Prover {
  /**
   * @param stopping Gives the proof up.
   * @throws NoAnswerError where there is no proof: the circuit refuses the claim, or proving fails or takes too much.
   */
  prove(model: ProvableModel, claim: Claim, stopping: AbortSignal): Promise<Hex>;
}

/** Proofs of this kind are what the verifier contracts of `npm run circuits:build` accept. */
export const provingTarget = ["--verifier_target", "evm-no-zk"];

/** @throws NoAnswerError where the prover is not installed. */
export function openProver({ concurrency, crsDirectory, timeoutMilliseconds }: ProvingOptions): Prover {
  const { bb, witness } = findProver();
  const turns = openTurns(concurrency);
  const threads = Math.max(1, Math.floor(availableParallelism() / concurrency));
  const env = { CRS_PATH: crsDirectory, HARDWARE_CONCURRENCY: `${threads}` };

  async function proveIn(directory: string, model: ProvableModel, claim: Claim, stopping: AbortSignal): Promise<Hex> {
    const found = join(directory, "witness.gz");
    const limits = { timeoutMilliseconds, megabytes: megabytesFor(model.points) };
    const input = JSON.stringify({ circuit: model.circuit, inputs: circuitInputs(model, claim), witness: found });
    await runBounded({ command: witness, input }, limits, stopping);
    const files = ["--bytecode_path", model.circuit, "--witness_path", found, "--output_path", directory];
    await runBounded({ command: [bb, "prove", ...files, "--write_vk", ...provingTarget], env }, limits, stopping);
    return bytesToHex(await readFile(join(directory, "proof")));
  }

  return {
    async prove(model, claim, stopping) {
      await turns.take(stopping);
      try {
        return await inTemporaryFolder((directory) => proveIn(directory, model, claim, stopping));
      } finally {
        turns.pass();
      }
    },
  };
}

/** How much memory each process of a proof may take: 200 MB for the digits model, and more than measured for larger ones. */
export function megabytesFor(points: number): number {
  return 184 + points / 512;
}

/** The parameters that each circuit has, by name. */
export function circuitInputs({ modelHash, model }: ProvableModel, { input, result, binding }: Claim) {
  return {
    ...{ model_hash: modelHash, input: [...wordsOf(input)], result: [...wordsOf(result)], _binding: binding },
    ...{ model_bytes: [...model], input_bytes: [...input], result_bytes: [...result] },
  };
}
