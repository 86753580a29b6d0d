import { canonicalJson, type Json } from "../canonicalJson";
import { type Policy } from "./fields";
import { policyJson } from "./policyHash";

/** A field in which two policies differ, with its values as JSON has them. */
export interface PolicyChange {
  readonly field: string;
  readonly from: Json;
  readonly to: Json;
}

/** Every field in which two policies differ, in the order of their definition; empty where they are the same. */
export function changesBetween(from: Policy, to: Policy): readonly PolicyChange[] {
  const [before, after] = [policyJson(from), policyJson(to)];
  return Object.keys(before)
    .map((field) => ({ field, from: before[field]!, to: after[field]! }))
    .filter((change) => canonicalJson(change.from) !== canonicalJson(change.to));
}
