import { existsSync } from "node:fs";

/** No browser to drive. */
export class NoChromiumError extends Error {
  override readonly name = "NoChromiumError";
}

/** Where distributions put Chromium and Chrome. */
const usualPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Finds the browser that the browser tests drive.
 * @param given Content of CHROMIUM_PATH; by default the usual places are searched.
 * @throws NoChromiumError saying how to install it.
 */
export function findChromium(given: string | undefined, paths: readonly string[] = usualPaths): string {
  const found = (given === undefined ? paths : [given]).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const missing = given === undefined ? "There is no Chromium on this machine" : `There is no browser at ${given}`;
  throw new NoChromiumError(
    `${missing}: install it with "apt-get install chromium", or name another with CHROMIUM_PATH.`,
  );
}
