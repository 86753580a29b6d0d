import { type Account, type Address, type Hex, type PublicClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { getAddresses } from "viem/actions";
import { ADDRESS, addressProblem } from "../core/address";
import { KeystoreError, openKeystore, readPassword } from "./keystore";
import { openRemoteSigner } from "./remoteSigner";

/** Sends transactions: an address that the node has unlocked, or an account with its own key. */
export type Signer = Account | `0x${string}`;

/** There is no account to send from, or not the one that was asked for. */
export class SignerError extends Error {
  override readonly name = "SignerError";
}

/** The address that a signer signs for. */
export function addressOf(signer: Signer): `0x${string}` {
  return typeof signer === "string" ? signer : signer.address;
}

/**
 * The environment variables that a key may come from; an empty one counts as missing. Neither key nor password is ever
 * printed.
 */
export interface KeySources {
  readonly MDT_PRIVATE_KEY?: string | undefined;
  /** Path of an encrypted JSON keystore. */
  readonly MDT_KEYSTORE?: string | undefined;
  /** Path of a file that holds the keystore's password; line breaks at its end don't count. */
  readonly MDT_KEYSTORE_PASSWORD_FILE?: string | undefined;
  readonly MDT_KEYSTORE_PASSWORD?: string | undefined;
  /** URL of a web3signer that holds the key. */
  readonly MDT_REMOTE_SIGNER?: string | undefined;
  /** Which of the remote signer's accounts signs; needed if it holds several. */
  readonly MDT_REMOTE_SIGNER_ACCOUNT?: string | undefined;
}

/**
 * The account that sends: the key's if one is given, else one of the node's own accounts.
 * @param from An address or an index of the node's accounts; the first account if omitted.
 * @throws SignerError, KeystoreError, RemoteSignerError saying what helps.
 */
export async function signerOf(client: PublicClient, from: string | undefined, keys: KeySources): Promise<Signer> {
  const key = await keySigner(keys);
  if (key !== undefined) return onlyFor(from, key);
  const problem = from !== undefined && ADDRESS.test(from) ? addressProblem(from) : undefined;
  if (problem !== undefined) throw new SignerError(`--from ${problem}.`);
  const accounts = await nodeAccounts(client);
  if (accounts.length === 0) {
    throw new SignerError("No key to sign with: set MDT_PRIVATE_KEY, MDT_KEYSTORE or MDT_REMOTE_SIGNER.");
  }
  const wanted = from ?? "0";
  if (ADDRESS.test(wanted)) {
    const account = accounts.find((known) => known.toLowerCase() === wanted.toLowerCase());
    if (account !== undefined) return account;
    throw new SignerError(
      `The node does not have the key of ${wanted}: use one of its ${accounts.length} accounts, or MDT_PRIVATE_KEY.`,
    );
  }
  const account = /^\d+$/.test(wanted) ? accounts[Number(wanted)] : undefined;
  if (account !== undefined) return account;
  throw new SignerError(`--from must be an address or an index from 0 to ${accounts.length - 1}, not "${wanted}".`);
}

/** A key signs only for its own account, so another `--from` is a mistake: money would move from the wrong account. */
function onlyFor(from: string | undefined, key: Signer): Signer {
  const address = addressOf(key);
  if (from === undefined || from.toLowerCase() === address.toLowerCase()) return key;
  throw new SignerError(`The key that is set signs for ${address}, not for --from ${from}: omit one of them.`);
}

/** The accounts that a development node has unlocked; none on any other node. */
export function nodeAccounts(client: PublicClient): Promise<readonly Address[]> {
  return getAddresses(client).catch(() => []);
}

/** The key that the environment holds or points to; undefined if it does neither. */
async function keySigner(keys: KeySources): Promise<Signer | undefined> {
  const places = ["MDT_PRIVATE_KEY", "MDT_KEYSTORE", "MDT_REMOTE_SIGNER"] as const;
  const [place, other] = places.filter((name) => given(keys[name]) !== undefined);
  if (place === undefined) return undefined;
  if (other !== undefined) {
    throw new SignerError(`${place} and ${other} are both set: keep only the one to sign with.`);
  }
  const text = keys[place]!;
  switch (place) {
    case "MDT_PRIVATE_KEY":
      return privateKeyToAccount(parsePrivateKey(text));
    case "MDT_KEYSTORE":
      return privateKeyToAccount(await openKeystore(text, keystorePassword(keys)));
    case "MDT_REMOTE_SIGNER":
      return openRemoteSigner(text, given(keys.MDT_REMOTE_SIGNER_ACCOUNT));
  }
}

/** @throws SignerError if `text` is no private key; its message does not repeat the text. */
export function parsePrivateKey(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text)) {
    throw new SignerError("MDT_PRIVATE_KEY must be 0x and 64 hexadecimal digits.");
  }
  try {
    privateKeyToAccount(text as Hex);
  } catch {
    // The library's own error repeats the key.
    throw new SignerError(
      "MDT_PRIVATE_KEY is not a valid key: its number must be above 0 and below the order of secp256k1.",
    );
  }
  return text as Hex;
}

/**
 * The password for the keystore.
 * @throws KeystoreError if none is given, or its file holds none.
 */
export function keystorePassword(keys: KeySources): string {
  const file = given(keys.MDT_KEYSTORE_PASSWORD_FILE);
  if (file === undefined) {
    const password = given(keys.MDT_KEYSTORE_PASSWORD);
    if (password !== undefined) return password;
    throw new KeystoreError("A keystore needs MDT_KEYSTORE_PASSWORD_FILE or MDT_KEYSTORE_PASSWORD.");
  }
  return readPassword(file);
}

function given(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
