import fs from "node:fs/promises";
import { writeSync } from "node:fs";

/** When a process that writes files must die: at its n-th operation, counted from 1. */
export interface FileDeath {
  readonly operation: number;
  /** `after` is in the middle of an operation that writes: half of the text is in the file. */
  readonly when: "before" | "after";
}

/** Makes this process kill itself at one of its operations that create, write, rename or remove files. */
export function dieAtFileOperation({ operation, when }: FileDeath): void {
  let operations = 0;

  function mortal<A extends readonly unknown[], R>(act: (...args: A) => Promise<R>, inTheMidst?: (...args: A) => void) {
    return async (...args: A): Promise<R> => {
      const isTheOne = ++operations === operation;
      if (isTheOne && when === "before") die();
      if (isTheOne && inTheMidst !== undefined) {
        inTheMidst(...args);
        die();
      }
      const done = await act(...args);
      if (isTheOne) die();
      return done;
    };
  }

  const openMortal = mortal(fs.open);
  Object.assign(fs, {
    mkdir: mortal(fs.mkdir),
    rename: mortal(fs.rename),
    rm: mortal(fs.rm),
    open: async (...args: Parameters<typeof fs.open>) => {
      const file = await openMortal(...args);
      const write = file.writeFile.bind(file);
      const writeHalf = (text: string): void => void writeSync(file.fd, text.slice(0, text.length / 2));
      return Object.assign(file, {
        writeFile: mortal((text: string) => write(text), writeHalf),
        sync: mortal(file.sync.bind(file)),
        close: mortal(file.close.bind(file)),
      });
    },
  });
}

/** No handler runs, nothing is flushed: as in a power failure. */
function die(): void {
  process.kill(process.pid, "SIGKILL");
}
