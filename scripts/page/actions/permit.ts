import { type Address, type Hex, parseSignature } from "viem";

/** What EIP-712 binds a signature of the token to. */
export interface TokenDomain {
  readonly name: string;
  readonly version: string;
  readonly chainId: number;
  readonly verifyingContract: Address;
}

/** One permission (EIP-2612): `spender` may take `value` wei from `owner`, if used before `deadline` (unix seconds). */
export interface Permit {
  readonly owner: Address;
  readonly spender: Address;
  readonly value: bigint;
  /** The token's `nonces(owner)`: a permission is used once. */
  readonly nonce: bigint;
  readonly deadline: bigint;
}

/** A signed permission as the contracts take it. */
export interface PermitSignature {
  readonly deadline: bigint;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
}

const types = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** What the wallet is to sign: viem's and ethers' form of EIP-712. */
export function permitTypedData(domain: TokenDomain, permit: Permit) {
  return { domain, types, primaryType: "Permit", message: permit } as const;
}

/** Takes a 65-byte signature apart; wallets that end it on 0 or 1 instead of 27 or 28 are understood. */
export function permitSignature(deadline: bigint, signature: Hex): PermitSignature {
  const { r, s, yParity } = parseSignature(signature);
  return { deadline, v: yParity + 27, r, s };
}
