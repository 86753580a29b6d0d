import { type Address, type Hex } from "viem";
import { type JsonObject } from "../../core/canonicalJson";

/** A call for a Safe to make. */
export interface SafeCall {
  readonly chainId: number;
  readonly to: Address;
  readonly data: Hex;
  /** What the file is called where it is imported. */
  readonly name: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/**
 * A file for the Transaction Builder of a Safe (batch file, version 1.0): imported there, its owners sign the call. It sends
 * no coin. The file carries no checksum, which is optional and only notices edits.
 */
export function safeBatch({ chainId, to, data, name, createdAt }: SafeCall): JsonObject {
  return {
    version: "1.0",
    chainId: String(chainId),
    createdAt: createdAt * 1_000,
    meta: { name, description: "For the SettlementQuorum of ModernTensor." },
    transactions: [{ to, value: "0", data, contractMethod: null, contractInputsValues: null }],
  };
}
