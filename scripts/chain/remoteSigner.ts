/**
 * A key that another program holds: web3signer, over the JSON-RPC of its mode eth1, or anything that speaks the same.
 */
import {
  type Address,
  BaseError,
  getAddress,
  getTypesForEIP712Domain,
  hashMessage,
  hashTypedData,
  type Hex,
  keccak256,
  type LocalAccount,
  numberToHex,
  parseSignature,
  parseTransaction,
  recoverAddress,
  serializeSignature,
  serializeTransaction,
  serializeTypedData,
  type Signature,
  stringToHex,
  toHex,
  type TransactionSerializable,
  type TransactionSerialized,
  type TypedDataDefinition,
} from "viem";
import { toAccount } from "viem/accounts";
import { ADDRESS } from "../core/address";
import { EndpointFault } from "./rpc/endpointState";
import { openHttpLink } from "./rpc/link";

/** A remote signer can't be reached, or gave an unacceptable answer. No message carries a key, a password or a path. */
export class RemoteSignerError extends BaseError {
  override readonly name = "RemoteSignerError";
}

/** Time for an answer: a signer may have to ask a vault or a hardware module. */
const defaultTimeoutMilliseconds = 10_000;

/** Signatures with a larger s are mathematically valid, but every chain refuses them. */
const largestS = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;

/**
 * An account whose key a remote signer holds. Nothing that the signer returns is believed: a transaction must be the
 * requested one, byte for byte, and every signature must be the account's own.
 * @param wanted The account's address; needed if the signer holds several keys.
 * @throws RemoteSignerError if the signer can't be asked, or does not hold the account.
 */
export async function openRemoteSigner(
  url: string,
  wanted: string | undefined,
  timeoutMilliseconds = defaultTimeoutMilliseconds,
): Promise<LocalAccount> {
  const ask = askSigner(url, timeoutMilliseconds);
  const address = accountAmong(await ask("eth_accounts", []), wanted, ask.complaint);

  /** @throws RemoteSignerError if the signature is not the account's, or no chain would take it. */
  async function requireOwn(hash: Hex, signature: Signature): Promise<void> {
    const signedBy = await recoverAddress({ hash, signature }).catch(() => undefined);
    if (signedBy !== address) throw ask.complaint(`returned a signature that is not by ${address}`);
    if (BigInt(signature.s) > largestS) throw ask.complaint("returned a signature with a high s, which chains refuse");
  }

  async function signatureOf(hash: Hex, method: string, text: string): Promise<Hex> {
    const returned = await ask(method, [address, text]);
    const signature = readOr(() => parseSignature(returned as Hex));
    if (signature === undefined) throw ask.complaint(`returned no signature to ${method}`);
    await requireOwn(hash, signature);
    return serializeSignature(signature);
  }

  return toAccount({
    address,

    async signTransaction(transaction, { serializer = serializeTransaction } = {}) {
      const returned = await ask("eth_signTransaction", [fieldsOf(address, transaction)]);
      const signed = readOr(() => parseTransaction(returned as TransactionSerialized));
      if (signed?.r === undefined || signed.s === undefined || signed.yParity === undefined) {
        throw ask.complaint("returned no signed transaction");
      }
      const { r, s, yParity } = signed;
      const signature = parseSignature(serializeSignature({ r, s, yParity }));
      if (returned !== (await serializer(transaction, signature))) {
        throw ask.complaint("signed a different transaction than requested, for example with another chain id");
      }
      await requireOwn(keccak256(await serializer(transaction)), signature);
      return returned as TransactionSerialized;
    },

    async signMessage({ message }) {
      const raw = typeof message === "string" ? stringToHex(message) : message.raw;
      const text = typeof raw === "string" ? raw : toHex(raw);
      const sign = (): Promise<Hex> => signatureOf(hashMessage(message), "eth_sign", text);
      const signature = await sign();
      if (signature === (await sign())) return signature;
      throw ask.complaint("signs the same message differently each time, so a lost salt could not be recomputed");
    },

    signTypedData(definition) {
      const data = definition as unknown as TypedDataDefinition;
      // The type of the domain is sent too, though it follows from the domain.
      const types = { EIP712Domain: getTypesForEIP712Domain({ domain: data.domain ?? {} }), ...data.types };
      const complete = { ...data, types } as TypedDataDefinition;
      return signatureOf(hashTypedData(data), "eth_signTypedData", serializeTypedData(complete));
    },
  });
}

/** Asks the signer one thing. */
interface Ask {
  (method: string, params: readonly unknown[]): Promise<unknown>;
  /** Makes an error that says what is wrong with the signer. */
  readonly complaint: (what: string) => RemoteSignerError;
}

/** @throws RemoteSignerError if the URL is not http or https. */
function askSigner(text: string, timeoutMilliseconds: number): Ask {
  const url = readOr(() => new URL(text));
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new RemoteSignerError("MDT_REMOTE_SIGNER must be the http or https URL of a remote signer.");
  }
  const link = openHttpLink(url, 1);
  const complaint = (what: string): RemoteSignerError =>
    new RemoteSignerError(`The remote signer at ${url.origin} ${what}.`);
  const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const [answer] = await link.ask([{ method, params }], timeoutMilliseconds).catch((error: unknown) => {
      throw complaint(error instanceof EndpointFault ? error.message : "can't be reached");
    });
    if (answer?.kind === "result") return answer.result;
    // The signer's words may repeat the request, and a proxy in front of it may repeat its path.
    throw complaint(`refuses ${method} (code ${answer?.error.code ?? "none"})`);
  };
  return Object.assign(ask, { complaint });
}

/** @throws RemoteSignerError if `accounts` and `wanted` don't determine one account. */
function accountAmong(accounts: unknown, wanted: string | undefined, complaint: Ask["complaint"]): Address {
  const held = readOr(() => (accounts as string[]).map((account) => getAddress(account.toLowerCase())));
  if (held === undefined) throw complaint("did not return a list of accounts");
  if (wanted === undefined) {
    const [only, ...others] = held;
    if (only === undefined) throw complaint("has no key");
    if (others.length === 0) return only;
    throw complaint(`has ${held.length} keys: set MDT_REMOTE_SIGNER_ACCOUNT to one of ${held.join(", ")}`);
  }
  // The message does not repeat `wanted`: it may be a key, put there by mistake.
  if (!ADDRESS.test(wanted))
    throw new RemoteSignerError("MDT_REMOTE_SIGNER_ACCOUNT must be 0x and 40 hexadecimal digits.");
  const account = held.find((one) => one.toLowerCase() === wanted.toLowerCase());
  if (account !== undefined) return account;
  throw complaint(`does not have the key of ${wanted}, which MDT_REMOTE_SIGNER_ACCOUNT names`);
}

/**
 * A transaction as web3signer takes it. It omits fields that it does not know, and then returns another transaction.
 */
function fieldsOf(from: Address, transaction: TransactionSerializable): object {
  const { to, data, nonce, gas, value, gasPrice, maxFeePerGas, maxPriorityFeePerGas, chainId, accessList } =
    transaction;
  const quantities = {
    nonce: nonce ?? 0,
    gas: gas ?? 0n,
    value: value ?? 0n,
    gasPrice,
    maxFeePerGas,
    maxPriorityFeePerGas,
    chainId,
  };
  const given = Object.entries(quantities).filter(([, quantity]) => quantity !== undefined);
  const hexadecimal = Object.fromEntries(given.map(([name, quantity]) => [name, numberToHex(quantity!)]));
  return { from, to, data: data ?? "0x", accessList, ...hexadecimal };
}

/** The result of reading something from outside; undefined if `read` throws. */
function readOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
