import canonicalize from "canonicalize";
import { type Hex, keccak256, stringToBytes } from "viem";

/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** A JSON value whose lists may be generated on demand. */
export type StreamedJson = Json | Iterable<StreamedJson> | { readonly [name: string]: StreamedJson };

/** The one canonical text of a JSON value (RFC 8785): fields sorted, no white space. */
export function canonicalJson(value: Json): string {
  // The package returns undefined only for values that JSON can't carry, which the type rules out.
  return canonicalize(value)!;
}

/** The same text in pieces, lists item by item, so that no list is ever in memory whole. */
export function* canonicalPieces(value: StreamedJson): Generator<string> {
  if (!isContainer(value)) {
    yield canonicalJson(value);
  } else if (isList(value)) {
    yield "[";
    let separator = "";
    for (const item of value) {
      yield separator;
      yield* canonicalPieces(item);
      separator = ",";
    }
    yield "]";
  } else if (!Object.values(value).some(isContainer)) {
    yield canonicalJson(value as JsonObject);
  } else {
    let before = "{";
    // By UTF-16 code units, as the RFC requires.
    for (const name of Object.keys(value).sort()) {
      yield `${before}${canonicalJson(name)}:`;
      yield* canonicalPieces(value[name]!);
      before = ",";
    }
    yield "}";
  }
}

/** keccak256 of the canonical text's UTF-8 bytes. */
export function canonicalHash(value: Json): Hex {
  return keccak256(stringToBytes(canonicalJson(value)));
}

type List = Iterable<StreamedJson> & object;
type Fields = Readonly<Record<string, StreamedJson>>;

function isContainer(value: StreamedJson): value is List | Fields {
  return typeof value === "object" && value !== null;
}

function isList(value: List | Fields): value is List {
  return Symbol.iterator in value;
}
