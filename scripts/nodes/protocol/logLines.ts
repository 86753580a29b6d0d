import { type Readable } from "node:stream";

/** What is read of a program's logs in a second; a program that writes more waits. */
const charactersPerSecond = 64 * 1024;

/** Lines are cut here. */
const longestLine = 1_000;

/** Passes on each line of a stream; floods are slowed down, and long lines cut, so that they fill no memory and no disk. */
export function passLines(stream: Readable, onLine: (line: string) => void): void {
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
