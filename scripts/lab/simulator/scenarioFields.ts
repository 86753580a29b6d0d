import { z } from "zod";
import { ONE_IN_BPS } from "../../core/fixedPoint";
import { wholeNumber } from "../../core/strictJson";

/** A share of 10 000, as a whole number of basis points. */
export const bps = wholeNumber(0, ONE_IN_BPS);

/** A factor in basis points, up to tenfold. */
export const factorBps = wholeNumber(0, 100_000);

/** A number of epochs. */
export const epochs = wholeNumber(1, 1_000_000);

export const text = z.string("must be a text").min(1, "must not be empty");

/** An amount as people write it, with at most 18 decimals. */
export const mdt = z
  .string("must be a text")
  .regex(/^\d{1,12}(\.\d{1,18})?$/, 'must be an amount in MDT like "32" or "0.4"');

/** What is wrong with a value that should be an object. */
export const object = "must be an object";

/** A scenario whose numbers don't fit together, and which of them to change. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}
