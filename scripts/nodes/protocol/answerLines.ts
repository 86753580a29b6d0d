import { type Readable } from "node:stream";
import { longestAnswerBytes } from "./asker";

/** What a program's output is read for. */
export interface AnswerReader {
  /** Whether a question is out. */
  readonly isAsked: () => boolean;
  readonly onAnswer: (line: string) => void;
  /** Called with what the program did that makes its output worthless: answers can't be told apart any more. */
  readonly onBreach: (breach: string) => void;
}

const lineBreak = 0x0a;

/** Reads one line a question: a program that writes more, or earlier, might have its line taken for the next answer. */
export function readAnswerLines(output: Readable, { isAsked, onAnswer, onBreach }: AnswerReader): void {
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
