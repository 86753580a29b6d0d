import { sep } from "node:path";
import { TASK_TEST_GET_TEST_FILES } from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";
import { findChromium, NoChromiumError } from "../test/shared/chromium";

const isIn = (folder: string) => (file: string) => file.includes(`${sep}test${sep}${folder}${sep}`);
const isBrowser = isIn("browser");
const elsewhere = [isIn("long"), isIn("network"), isIn("measured"), isIn("faults"), isBrowser];

/** What tests share is no test: as one, it would be loaded into the process of others, and some of it is a program. */
const isTest = (file: string): boolean => file.endsWith(".test.ts");

/** `npm test` leaves out what has commands of its own (docs/contributing.md), and of which the last needs a browser. */
subtask(TASK_TEST_GET_TEST_FILES, async (args: { testFiles: string[] }, _hre, runSuper) => {
  const files = (await runSuper(args)) as string[];
  if (args.testFiles.length === 0) {
    return files.filter((file) => isTest(file) && !elsewhere.some((isThere) => isThere(file)));
  }
  if (files.some(isBrowser)) requireChromium();
  return files;
});

/** Ends the command with one sentence where there is no browser, before any test begins. */
function requireChromium(): void {
  try {
    findChromium(process.env.CHROMIUM_PATH);
  } catch (error) {
    if (!(error instanceof NoChromiumError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
