/** One running process of a worker's or a scorer's program. It answers each line with one line. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { type Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { givenUp, longestAnswerBytes, NoAnswerError, untilLate } from "./asker";

/** The program ended by itself: it had answered an earlier question, but not this one. */
export class EndedBeforehandError extends NoAnswerError {}

/** How long a program may take to end after its input is closed. */
const graceMilliseconds = 2_000;

const lineBreak = 0x0a;

/** One running process of a program. */
export class Program {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #group: ProcessGroup;
  #ended: NoAnswerError | undefined;
  #hasAnswered = false;
  #waiting: { resolve: (line: string) => void; reject: (error: NoAnswerError) => void } | undefined;

  /**
   * Starts the process.
   * @param command A shell command; the process and everything that it starts form a group, which ends as one.
   * @param onLog Called with what the program writes to stderr, and with how it ended.
   */
  constructor(
    command: string,
    private readonly timeoutMilliseconds: number,
    private readonly onLog: (line: string) => void,
  ) {
    const child = spawn(command, { shell: true, detached: true });
    [this.#child, this.#group] = [child, groupOf(child)];
    passLines(child.stderr, onLog);
    this.#readAnswers(child.stdout);
    // An answer counts even if the program ends right after it, so the output is read to its end before the end counts.
    child.stdout.once("close", () => {
      void this.#group.ended.then(() => {
        const message = `ended (${child.signalCode ?? `exit code ${child.exitCode}`})`;
        this.#end(this.#hasAnswered ? new EndedBeforehandError(message) : new NoAnswerError(message));
      });
    });
    child.once("error", ({ message }) => {
      this.#end(new NoAnswerError(`can't be started (${message})`));
    });
    // A program that does not read its input gives no answer in time.
    child.stdin.on("error", () => undefined);
  }

  /** Whether it can no longer be asked. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * Like `Asker.ask`, one question at a time. If it throws, the program has ended.
   * @throws EndedBeforehandError if it may have ended before it was asked.
   */
  async ask<T>(question: string, read: (answer: string) => T, stopping: AbortSignal): Promise<T> {
    const forget = untilLate(this.timeoutMilliseconds, stopping, (error) => {
      this.#end(error);
    });
    try {
      const answer = await new Promise<string>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        if (this.#ended !== undefined) reject(this.#ended);
        else this.#child.stdin.write(`${question}\n`);
      });
      return read(answer);
    } catch (error) {
      this.#end(error as NoAnswerError);
      throw error;
    } finally {
      forget();
    }
  }

  /** Closes its input, which should end it; kills it if it doesn't end. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await Promise.race([this.#group.ended, sleep(graceMilliseconds, undefined, { ref: false })]);
    this.#group.kill();
    await this.#group.ended;
  }

  /** Kills it, and fails the open question. */
  #end(error: NoAnswerError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    // A program should end once its input is closed, so that is not logged.
    if (error.message !== givenUp && !this.#child.stdin.writableEnded) this.onLog(`The program ${error.message}.`);
    this.#group.kill();
    this.#waiting?.reject(error);
  }

  /**
   * Reads one line per question. A program that writes more, or too early, is ended: its line might pass for the next
   * answer.
   */
  #readAnswers(output: Readable): void {
    let parts: Buffer[] = [];
    let length = 0;
    const breach = (what: string): void => {
      this.#end(new NoAnswerError(what));
    };
    output.on("data", (chunk: Buffer) => {
      if (this.#waiting === undefined) {
        breach("wrote a line without being asked");
        return;
      }
      const end = chunk.indexOf(lineBreak);
      const part = end < 0 ? chunk : chunk.subarray(0, end);
      parts.push(part);
      length += part.length;
      if (length > longestAnswerBytes) breach(`answered more than ${longestAnswerBytes} bytes`);
      else if (end >= 0 && end < chunk.length - 1) breach("wrote more than one line");
      else if (end >= 0) {
        this.#waiting.resolve(Buffer.concat(parts).toString("utf8"));
        this.#waiting = undefined;
        this.#hasAnswered = true;
        [parts, length] = [[], 0];
      }
    });
    // Its end is what counts.
    output.on("error", () => undefined);
  }
}

/** Most characters of a program's logs that are read per second; a program that writes more waits. */
const charactersPerSecond = 64 * 1024;

/** Log lines are cut after this many characters. */
const longestLine = 1_000;

/**
 * Passes on each line of a stream. Floods are slowed down and long lines cut, so that they fill neither memory nor
 * disk.
 */
function passLines(stream: Readable, onLine: (line: string) => void): void {
  let unfinished = "";
  let read = 0;
  const tell = (line: string): void => {
    if (line.trim() !== "") onLine(line.slice(0, longestLine));
  };
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (unfinished + text).split("\n");
    unfinished = lines.pop()!.slice(0, longestLine);
    lines.forEach(tell);
    read += text.length;
    if (read < charactersPerSecond) return;
    stream.pause();
    setTimeout(() => {
      read = 0;
      stream.resume();
    }, 1_000).unref();
  });
  stream.on("end", () => {
    tell(unfinished);
  });
  stream.on("error", () => undefined);
}

/** A process that leads its own group. */
export interface ProcessGroup {
  /**
   * Resolves when the leading process has ended; everything it started is then killed, so that nothing continues
   * unseen.
   */
  readonly ended: Promise<void>;
  kill(): void;
}

/** Time to read output that was written before the end. */
const drainMilliseconds = 2_000;

/** @param child Must have been started with `detached`. */
export function groupOf(child: ChildProcess): ProcessGroup {
  const { pid } = child;
  let isGone = pid === undefined;
  function kill(): void {
    if (isGone) return;
    try {
      process.kill(-pid!, "SIGKILL");
    } catch {
      // No process of the group is left.
    }
  }
  const ended = new Promise<void>((resolve) => {
    if (isGone) resolve();
    child.once("exit", () => {
      kill();
      // From now on, the number may belong to another process.
      isGone = true;
      resolve();
      // A process that left the group may hold the pipes open for ever.
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, drainMilliseconds).unref();
    });
  });
  return { ended, kill };
}
