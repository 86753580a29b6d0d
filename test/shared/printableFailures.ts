import { inspect } from "node:util";

/** What chai leaves on a failed assertion. */
interface Difference {
  actual?: unknown;
  expected?: unknown;
}

/**
 * Parallel test processes send failures home as JSON, which has no bigint: the report would be about that, and not about the
 * failure. So what differs is sent as text.
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
