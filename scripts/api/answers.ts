/** How answers are described, and how values travel in them. */
import { z } from "@hono/zod-openapi";
import { problem } from "./schemas/common";

const problemContent = (description: string) => ({
  description,
  content: { "application/json": { schema: problem } },
});

/** What a route may answer: what was asked for, or why not. */
export function answers<S extends z.ZodType>(schema: S, description: string) {
  return { 200: { description, content: { "application/json": { schema } } }, ...problems };
}

/** The same for a text. */
export function textAnswers<T extends "text/plain" | "text/csv">(type: T, example: string, description: string) {
  const schema = z.string().openapi({ example });
  return { 200: { description, content: { [type]: { schema } } as Record<T, { schema: typeof schema }> }, ...problems };
}

const problems = {
  400: problemContent("Invalid request: names the field, and what it must be"),
  404: problemContent("Not found"),
  429: problemContent("Too many requests from this client: see Retry-After"),
  503: problemContent("Temporarily unavailable: see Retry-After"),
};

/** A value as JSON carries it: bigints as decimal strings, everything else as it is. */
export type Wire<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly [unknown, ...unknown[]]
      ? { -readonly [K in keyof T]: Wire<T[K]> }
      : T extends readonly (infer Item)[]
        ? Wire<Item>[]
        : { -readonly [K in keyof T]: Wire<T[K]> };

/** Turns every bigint inside `value` into its decimal digits. */
export function toWire<const T>(value: T): Wire<T> {
  return wireOf(value) as Wire<T>;
}

function wireOf(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(wireOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, wireOf(item)]));
}
