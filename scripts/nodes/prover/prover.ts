/** Making a proof, in processes that are bounded, in a folder that is gone with it. */
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
   * @throws NoAnswerError if there is no proof: the circuit refuses the claim, or proving fails or takes too much.
   */
  prove(model: ProvableModel, claim: Claim, stopping: AbortSignal): Promise<Hex>;
}

/** Proofs of this kind are what the verifier contracts of `npm run circuits:build` accept. */
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

/** What a process may take. */
export interface Limits {
  readonly timeoutMilliseconds: number;
  /** Memory that it writes to. */
  readonly megabytes: number;
}

/** A program, its arguments, and what it reads from standard input and from the environment beside ours. */
export interface Run {
  readonly command: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The system holds the program to its memory. A second process waits for the end of a pipe that ours alone holds open: where ours is killed,
 * it kills its own group.
 */
const limited = 'ulimit -d "$0"; (read -r _; kill -KILL 0) <&3 >/dev/null 2>&1 & exec "$@" 3<&-';

/**
 * Runs a program to its end, as a group of processes that ends as one, and with ours.
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
  // A program that does not read its input says why by the way in which it ends.
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

/** Reasons end up in logs. */
const longestReason = 200;

function lastLineOf(said: string): string {
  return (said.trimEnd().split("\n").at(-1) ?? "").slice(0, longestReason);
}

/** Its name says which process made it. */
const named = /^moderntensor-proof-(\d+)-/;

let cleared: Promise<void> | undefined;

/** Works in a folder of its own. */
export async function inTemporaryFolder<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const parent = tmpdir();
  await (cleared ??= removeAbandoned(parent));
  const directory = await mkdtemp(join(parent, `moderntensor-proof-${process.pid}-`));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Removes what processes that were killed left behind. This one has made none yet: what bears its number was left by another one. */
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
