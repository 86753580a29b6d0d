import canonicalize from "canonicalize";
import { bytesToHex, type Hex, keccak256, stringToBytes } from "viem";

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

/** Hashes bytes with keccak-256. */
export type Keccak256 = (bytes: Uint8Array) => Uint8Array;

/**
 * keccak256 of the canonical text's UTF-8 bytes.
 *
 * @param hash what hashes: for megabytes of text one may hand in a faster one than viem's.
 */
export function canonicalHash(value: Json, hash: Keccak256 = (bytes) => keccak256(bytes, "bytes")): Hex {
  return bytesToHex(hash(stringToBytes(canonicalJson(value))));
}
