/** Makes a proof in bounded processes, in a folder that is removed afterwards. */
import { readFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { bytesToHex, type Hex } from "viem";
import { wordsOf } from "../../core/proofStatement";
import { givenUp, NoAnswerError, openTurns, untilLate } from "../protocol/asker";
import { findProver, type ProvableModel } from "./installation";
import { groupOf } from "../protocol/program";

/** How to prove. */
export interface ProvingOptions {
  /** Most proofs at a time; they share the processors. */
  readonly concurrency: number;
  /** Holds the common reference string that the verifier was made with. */
  readonly crsDirectory: string;
  /** How long each of the two processes of a proof may take. */
  readonly timeoutMilliseconds: number;
}

/**
 * What to prove: that the model makes this result from this input. The proof counts only for the owner in `binding`.
 */
export interface Claim {
  readonly input: Uint8Array;
  readonly result: Uint8Array;
  readonly binding: Hex;
}

/** Makes proofs in separate processes, which end with the question and leave nothing behind. */
export interface Prover {
  /**
   * @param stopping Gives the proof up.
   * @throws NoAnswerError if there is no proof: the circuit refuses the claim, or proving fails or takes too much time
   * or memory.
   */
  prove(model: ProvableModel, claim: Claim, stopping: AbortSignal): Promise<Hex>;
}

/** The kind of proof that the verifier contracts of `npm run circuits:build` accept. */
export const provingTarget = ["--verifier_target", "evm-no-zk"];

/** @throws NoAnswerError if the prover is not installed. */
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
        return await inProofFolder((directory) => proveIn(directory, model, claim, stopping));
      } finally {
        turns.pass();
      }
    },
  };
}

/** Memory limit of each process of a proof: 200 MB for the digits model, and more than was measured for larger ones. */
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

/** What a process may take. */
export interface Limits {
  readonly timeoutMilliseconds: number;
  /** Memory that it writes to. */
  readonly megabytes: number;
}

/** A program, its arguments, its standard input, and environment variables in addition to ours. */
export interface Run {
  readonly command: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The system enforces the program's memory limit. A second process waits for the end of a pipe that only our process
 * holds open: if ours is killed, it kills its own group.
 */
const limited = 'ulimit -d "$0"; (read -r _; kill -KILL 0) <&3 >/dev/null 2>&1 & exec "$@" 3<&-';

/**
 * Runs a program to its end, as a group of processes that ends as one, and together with our process.
 * @throws NoAnswerError if it fails, takes too much, or is given up.
 */
export async function runBounded(
  run: Run,
  { timeoutMilliseconds, megabytes }: Limits,
  stopping: AbortSignal,
): Promise<void> {
  if (stopping.aborted) throw new NoAnswerError(givenUp);
  const child = spawn("sh", ["-c", limited, `${megabytes * 1024}`, ...run.command], {
    detached: true,
    env: { ...process.env, ...run.env },
    stdio: ["pipe", "ignore", "pipe", "pipe"],
  });
  const group = groupOf(child);
  let ended: NoAnswerError | undefined;
  const end = (why: NoAnswerError): void => {
    ended ??= why;
    group.kill();
  };
  const forget = untilLate(timeoutMilliseconds, stopping, end, `took more than ${timeoutMilliseconds} ms`);
  child.once("error", ({ message }) => {
    end(new NoAnswerError(`can't be started (${message})`));
  });
  // If a program does not read its input, its exit shows why.
  child.stdin!.on("error", () => undefined).end(run.input);
  try {
    const [said] = await Promise.all([text(child.stderr!), group.ended]);
    if (child.exitCode !== 0) {
      const why = child.signalCode ?? `exit code ${child.exitCode}`;
      ended ??= new NoAnswerError(`failed (${why}): ${lastLineOf(said)}`);
    }
  } finally {
    forget();
  }
  if (ended !== undefined) throw ended;
}

/** Reasons end up in logs, so they are cut after this many characters. */
const longestReason = 200;

function lastLineOf(said: string): string {
  return (said.trimEnd().split("\n").at(-1) ?? "").slice(0, longestReason);
}

/** The name of a folder for proofs; the number is the id of the process that made it. */
const named = /^moderntensor-proof-(\d+)-/;

let cleared: Promise<void> | undefined;

/** Runs `work` in its own temporary folder, and removes the folder afterwards. */
async function inProofFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const parent = tmpdir();
  await (cleared ??= removeAbandoned(parent));
  const directory = await mkdtemp(join(parent, `moderntensor-proof-${process.pid}-`));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * Removes the folders that killed processes left behind. This process has made none yet, so folders with its id are
 * from an earlier one.
 */
async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const abandoned = names.filter((name) => {
    const pid = Number(named.exec(name)?.[1] ?? NaN);
    return pid === process.pid || (!Number.isNaN(pid) && !isAlive(pid));
  });
  const options = { recursive: true, force: true };
  await Promise.all(abandoned.map((name) => rm(join(parent, name), options).catch(() => undefined)));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Someone else's process can't be signalled.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
