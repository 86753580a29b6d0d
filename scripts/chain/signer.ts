import { type Account, type Address, getAddress, type Hex, isAddress, type PublicClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** Someone who can send transactions: an address that the node has unlocked, or a key held here. */
export type Signer = Account | `0x${string}`;

/** No account to send from, or not one that this chain knows. */
export class SignerError extends Error {
  override readonly name = "SignerError";
}

/** The address that a signer signs for. */
export function addressOf(signer: Signer): `0x${string}` {
  return typeof signer === "string" ? signer : signer.address;
}

/**
 * Who sends: the key where one is given, else one of the node's own accounts.
 * @param from An address or an index of the node's accounts; the first account where it is missing.
 * @param privateKey Content of MDT_PRIVATE_KEY; never printed.
 * @throws SignerError saying what would do.
 */
export async function signerOf(
  client: PublicClient,
  from: string | undefined,
  privateKey: string | undefined,
): Promise<Signer> {
  if (privateKey !== undefined && privateKey !== "") return keySigner(privateKey);
  const accounts = await nodeAccounts(client);
  if (accounts.length === 0) {
    throw new SignerError("This node holds no accounts: set MDT_PRIVATE_KEY to the key that signs.");
  }
  const wanted = from ?? "0";
  if (isAddress(wanted, { strict: false })) {
    const account = accounts.find((known) => known.toLowerCase() === wanted.toLowerCase());
    if (account !== undefined) return account;
    throw new SignerError(
      `The node does not hold ${wanted}: use one of its ${accounts.length} accounts, or MDT_PRIVATE_KEY.`,
    );
  }
  const account = /^\d+$/.test(wanted) ? accounts[Number(wanted)] : undefined;
  if (account !== undefined) return account;
  throw new SignerError(`--from must be an address or an index from 0 to ${accounts.length - 1}, not "${wanted}".`);
}

/** The accounts that a development node has unlocked; none on any other node. */
export async function nodeAccounts(client: PublicClient): Promise<readonly Address[]> {
  try {
    const accounts = await client.request<{
      Method: "eth_accounts";
      Parameters: undefined;
      ReturnType: readonly Address[];
    }>({
      method: "eth_accounts",
      params: undefined,
    });
    return accounts.map((account) => getAddress(account));
  } catch {
    return [];
  }
}

function keySigner(privateKey: string): Signer {
  if (!/^0x[0-9a-fA-F]{64}$/.test(privateKey)) {
    throw new SignerError("MDT_PRIVATE_KEY must be 0x and 64 hexadecimal digits.");
  }
  return privateKeyToAccount(privateKey as Hex);
}
