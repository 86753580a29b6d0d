import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { givenUp, NoAnswerError, longestAnswerBytes } from "./asker";
import { groupOf, type ProcessGroup } from "./processGroup";
import { type Readable } from "node:stream";

/** One running process of a worker's or a scorer's program. */
export interface Program {
  /** Whether it can be asked no more. */
  readonly hasEnded: boolean;
  /**
   * As `Asker.ask`, one question at a time. Where that throws, the program has ended.
   * @throws EndedBeforehandError where it may have ended before it was asked.
   */
  ask<T>(question: string, read: (answer: string) => T, stopping: AbortSignal): Promise<T>;
  /** Closes its input, by which it should end; kills it where it does not. */
  close(): Promise<void>;
}

/** The program ended by itself, without an answer to this question but with one to another before. */
export class EndedBeforehandError extends NoAnswerError {}

/** How long a program may take to end after its input. */
const graceMilliseconds = 2_000;

/**
 * @param command For the shell; the process and all that it starts are a group, which ends as one.
 * @param onLog Called with what the program writes to stderr, and how it ended.
 */
export function startProgram(command: string, timeoutMilliseconds: number, onLog: (line: string) => void): Program {
  const child = spawn(command, { shell: true, detached: true });
  const group = groupOf(child);
  passLines(child.stderr, onLog);
  const talk = talkWith(child, group, onLog);
  return {
    get hasEnded() {
      return talk.hasEnded();
    },
    async ask(question, read, stopping) {
      const giveUp = (): void => {
        talk.end(new NoAnswerError(givenUp));
      };
      const timer = setTimeout(() => {
        talk.end(new NoAnswerError(`did not answer within ${timeoutMilliseconds} ms`));
      }, timeoutMilliseconds);
      stopping.addEventListener("abort", giveUp, { once: true });
      if (stopping.aborted) giveUp();
      try {
        return read(await talk.answerTo(question));
      } catch (error) {
        talk.end(error as NoAnswerError);
        throw error;
      } finally {
        clearTimeout(timer);
        stopping.removeEventListener("abort", giveUp);
      }
    },
    async close() {
      child.stdin.end();
      await Promise.race([group.ended, sleep(graceMilliseconds, undefined, { ref: false })]);
      group.kill();
      await group.ended;
    },
  };
}

/** Questions and answers of a process, until its end. */
interface Talk {
  readonly hasEnded: () => boolean;
  readonly answerTo: (question: string) => Promise<string>;
  /** Kills it, and fails the question that is out. */
  readonly end: (error: NoAnswerError) => void;
}

function talkWith(child: ChildProcessWithoutNullStreams, group: ProcessGroup, onLog: (line: string) => void): Talk {
  let ended: NoAnswerError | undefined;
  let hasAnswered = false;
  let waiting: { resolve: (line: string) => void; reject: (error: NoAnswerError) => void } | undefined;

  function end(error: NoAnswerError): void {
    if (ended !== undefined) return;
    ended = error;
    // One that ends when its input does has done what it should.
    if (error.message !== givenUp && !child.stdin.writableEnded) onLog(`The program ${error.message}.`);
    group.kill();
    waiting?.reject(error);
  }

  readAnswerLines(child.stdout, {
    isAsked: () => waiting !== undefined,
    onAnswer(line) {
      waiting?.resolve(line);
      waiting = undefined;
      hasAnswered = true;
    },
    onBreach(breach) {
      end(new NoAnswerError(breach));
    },
  });
  // An answer counts whose program ended right after it, so its output is read to the end before its end counts.
  child.stdout.once("close", () => {
    void group.ended.then(() => {
      const message = `ended (${child.signalCode ?? `exit code ${child.exitCode}`})`;
      end(hasAnswered ? new EndedBeforehandError(message) : new NoAnswerError(message));
    });
  });
  child.once("error", ({ message }) => {
    end(new NoAnswerError(`can't be started (${message})`));
  });
  // A program that does not read its input gives no answer in time.
  child.stdin.on("error", () => undefined);

  return {
    hasEnded: () => ended !== undefined,
    answerTo: (question) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (ended !== undefined) reject(ended);
        else child.stdin.write(`${question}\n`);
      }),
    end,
  };
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

/** What a program's output is read for. */
interface AnswerReader {
  /** Whether a question is out. */
  readonly isAsked: () => boolean;
  readonly onAnswer: (line: string) => void;
  /** Called with what the program did that makes its output worthless: answers can't be told apart any more. */
  readonly onBreach: (breach: string) => void;
}

const lineBreak = 0x0a;

/** Reads one line a question: a program that writes more, or earlier, might have its line taken for the next answer. */
function readAnswerLines(output: Readable, { isAsked, onAnswer, onBreach }: AnswerReader): void {
  let parts: Buffer[] = [];
  let length = 0;
  output.on("data", (chunk: Buffer) => {
    if (!isAsked()) {
      onBreach("wrote a line without being asked");
      return;
    }
    const end = chunk.indexOf(lineBreak);
    const part = end < 0 ? chunk : chunk.subarray(0, end);
    parts.push(part);
    length += part.length;
    if (length > longestAnswerBytes) onBreach(`answered more than ${longestAnswerBytes} bytes`);
    else if (end >= 0 && end < chunk.length - 1) onBreach("wrote more than one line");
    else if (end >= 0) {
      const line = Buffer.concat(parts).toString("utf8");
      parts = [];
      length = 0;
      onAnswer(line);
    }
  });
  // Its end is what counts.
  output.on("error", () => undefined);
}
