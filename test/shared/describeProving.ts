import { proverComplaint } from "../../scripts/nodes/prover/installation";

/** Why tests that prove are skipped on this machine, as a sentence; undefined if they run. */
export const whyNotProving = proverComplaint();

/** Describes tests that prove: without a prover they are skipped, which says so and how to install it. */
export function describeProving(title: string, tests: (this: Mocha.Suite) => void): void {
  if (whyNotProving !== undefined) process.stderr.write(`Skipped: ${title}. ${whyNotProving}\n`);
  (whyNotProving === undefined ? describe : describe.skip)(title, tests);
}
