import { type Hex } from "viem";
import { canonicalHash, type JsonObject } from "../canonicalJson";
import { type Policy } from "./fields";

/** The whole policy as JSON. */
export function policyJson(policy: Policy): JsonObject {
  return { ...policy, liquidAlpha: policy.liquidAlpha && { ...policy.liquidAlpha } };
}

/** keccak256 of the canonical JSON of the whole policy, as interpolated for its epoch: a settlement's `policyHash`. */
export function policyHash(policy: Policy): Hex {
  return canonicalHash(policyJson(policy));
}
