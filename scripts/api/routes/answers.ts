import { type z } from "@hono/zod-openapi";
import { problem } from "../schemas/common";

const problemContent = (description: string) => ({
  description,
  content: { "application/json": { schema: problem } },
});

/** What a route may answer: what was asked for, or why not. */
export function answers<S extends z.ZodType>(schema: S, description: string) {
  return {
    200: { description, content: { "application/json": { schema } } },
    400: problemContent("The question is not understood: which field, and what it must be"),
    404: problemContent("There is no such thing"),
    429: problemContent("Too many requests from this client: see Retry-After"),
    503: problemContent("It can't be told right now: see Retry-After"),
  };
}
