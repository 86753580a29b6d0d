import canonicalize from "canonicalize";
import { type Hex, keccak256, stringToBytes } from "viem";

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** The one canonical text of a JSON value (RFC 8785): fields sorted, no white space. */
export function canonicalJson(value: Json): string {
  // The package answers undefined only for what JSON can't carry, which the type rules out.
  return canonicalize(value)!;
}

/** keccak256 of the canonical text's UTF-8 bytes. */
export function canonicalHash(value: Json): Hex {
  return keccak256(stringToBytes(canonicalJson(value)));
}
