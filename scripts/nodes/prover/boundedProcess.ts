import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { givenUp, NoAnswerError } from "../protocol/asker";
import { groupOf } from "../protocol/processGroup";

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
 * @throws NoAnswerError where it fails, takes too much, or is given up.
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
  let ended: string | undefined;
  const end = (why: string): void => {
    ended ??= why;
    group.kill();
  };
  const giveUp = (): void => {
    end(givenUp);
  };
  const timer = setTimeout(end, timeoutMilliseconds, `took more than ${timeoutMilliseconds} ms`);
  stopping.addEventListener("abort", giveUp, { once: true });
  child.once("error", ({ message }) => {
    end(`can't be started (${message})`);
  });
  // A program that does not read its input says why by the way in which it ends.
  child.stdin!.on("error", () => undefined).end(run.input);
  try {
    const [said] = await Promise.all([text(child.stderr!), group.ended]);
    if (ended === undefined && child.exitCode !== 0) {
      ended = `failed (${child.signalCode ?? `exit code ${child.exitCode}`}): ${lastLineOf(said)}`;
    }
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener("abort", giveUp);
  }
  if (ended !== undefined) throw new NoAnswerError(ended);
}

/** Reasons end up in logs. */
const longestReason = 200;

function lastLineOf(said: string): string {
  return (said.trimEnd().split("\n").at(-1) ?? "").slice(0, longestReason);
}
