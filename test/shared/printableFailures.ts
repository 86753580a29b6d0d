import { inspect } from "node:util";

/** What chai leaves on a failed assertion. */
interface Difference {
  actual?: unknown;
  expected?: unknown;
}

/**
 * Parallel test processes send failures as JSON, which has no bigint: the report would be about that, not about the
 * failure. So the differing values are sent as text.
 */
export const mochaHooks = {
  afterEach(this: Mocha.Context): void {
    const difference = this.currentTest?.err as Difference | undefined;
    if (difference === undefined) return;
    for (const side of ["actual", "expected"] as const) {
      if (typeof difference[side] !== "string")
        difference[side] = inspect(difference[side], { depth: 8, sorted: true });
    }
  },
};
