/** A worker's or a scorer's program: one running process of it, which answers one line with one line. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { type Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { givenUp, longestAnswerBytes, NoAnswerError, untilLate } from "./asker";

/** The program ended by itself, without an answer to this question but with one to another before. */
export class EndedBeforehandError extends NoAnswerError {}

/** How long a program may take to end after its input. */
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
   * Starts it.
   * @param command For the shell; the process and all that it starts are a group, which ends as one.
   * @param onLog Called with what the program writes to stderr, and how it ended.
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
    // An answer counts whose program ended right after it, so its output is read to the end before its end counts.
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

  /** Whether it can be asked no more. */
  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /**
   * As `Asker.ask`, one question at a time. Where that throws, the program has ended.
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

  /** Closes its input, by which it should end; kills it where it does not. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    await Promise.race([this.#group.ended, sleep(graceMilliseconds, undefined, { ref: false })]);
    this.#group.kill();
    await this.#group.ended;
  }

  /** Kills it, and fails the question that is out. */
  #end(error: NoAnswerError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    // One that ends when its input does has done what it should.
    if (error.message !== givenUp && !this.#child.stdin.writableEnded) this.onLog(`The program ${error.message}.`);
    this.#group.kill();
    this.#waiting?.reject(error);
  }

  /** Reads one line a question: a program that writes more, or earlier, might have its line taken for the next answer. */
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

/** What is read of a program's logs in a second; a program that writes more waits. */
const charactersPerSecond = 64 * 1024;

/** Lines are cut here. */
const longestLine = 1_000;

/** Passes on each line of a stream; floods are slowed down, and long lines cut, so that they fill no memory and no disk. */
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

/** A process that was started as the first of its group. */
export interface ProcessGroup {
  /**
   * Resolves when the first process has ended; what it has started is killed then, so that nothing continues unseen.
   */
  readonly ended: Promise<void>;
  kill(): void;
}

/** How long what was written before the end may take to be read. */
const drainMilliseconds = 2_000;

/** @param child Was started with `detached`. */
export function groupOf(child: ChildProcess): ProcessGroup {
  const { pid } = child;
  let isGone = pid === undefined;
  function kill(): void {
    if (isGone) return;
    try {
      process.kill(-pid!, "SIGKILL");
    } catch {
      // Nobody of it is left.
    }
  }
  const ended = new Promise<void>((resolve) => {
    if (isGone) resolve();
    child.once("exit", () => {
      kill();
      // The number may be another process' from now on.
      isGone = true;
      resolve();
      // What left the group may hold its pipes open for ever.
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, drainMilliseconds).unref();
    });
  });
  return { ended, kill };
}
