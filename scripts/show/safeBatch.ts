import { type Address, type Hex } from "viem";
import { type JsonObject } from "../core/canonicalJson";

/** Calls for a Safe to make. */
export interface SafeCalls {
  readonly chainId: number;
  readonly calls: readonly { readonly to: Address; readonly data: Hex }[];
  /** The batch's name, shown where the file is imported. */
  readonly name: string;
  /** What the calls do, for the owners who sign. */
  readonly description: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/**
 * A file for the Transaction Builder of a Safe (batch file, version 1.0): after the import the Safe's owners sign the
 * calls, which are made in one transaction, all or none. It sends no coin. The file has no checksum, which is optional
 * and only detects edits.
 */
export function safeBatch({ chainId, calls, name, description, createdAt }: SafeCalls): JsonObject {
  return {
    version: "1.0",
    chainId: String(chainId),
    createdAt: createdAt * 1_000,
    meta: { name, description },
    transactions: calls.map((call) => ({ ...call, value: "0", contractMethod: null, contractInputsValues: null })),
  };
}
