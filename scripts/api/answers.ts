/** How answers are described, and how values travel in them. */
import { z } from "@hono/zod-openapi";
import { ADDRESS } from "../core/address";

/** An amount in wei, or another number that may exceed 2^53, as a decimal string. */
export const wei = z
  .string()
  .regex(/^\d+$/)
  .openapi({ example: "1000000000000000000", description: "Wei, as a decimal string" });

/** A ratio as a decimal string: 10^18 is 1. */
export const wad = z
  .string()
  .regex(/^\d+$/)
  .openapi({ example: "500000000000000000", description: "A ratio: 10^18 is 1; rounded down" });

export const address = z.string().regex(ADDRESS).openapi({ example: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" });

export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .describe("32 bytes");

export const epochNumber = z.int().nonnegative();

/** Where the next part of a list begins. */
export const nextPart = z.int().nullable().describe("`from` of the next page; null after the last");

export const seconds = z.int().nonnegative();

/** Unix seconds. */
export const time = z.int().nonnegative().describe("Unix seconds");

/** A transaction, and when it was mined. */
export const transaction = z.strictObject({ hash, blockNumber: z.int(), timestamp: time });

/** The content of every answer that is not a success: one sentence that says what was wrong, and what to do. */
export const problem = z.strictObject({ error: z.string() }).openapi("Problem");

const problemContent = (description: string) => ({
  description,
  content: { "application/json": { schema: problem } },
});

/** What a route may answer: the data that was asked for, or a problem. */
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
