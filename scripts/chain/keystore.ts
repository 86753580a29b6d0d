import { pbkdf2, randomBytes, scrypt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { Keystore } from "ox";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { z } from "zod";
import { givenTwice, parseJson, readStrict, RefusedInputError, wholeNumber } from "../core/strictJson";

/** A keystore that can't be opened, or must not be written. No message ever carries a key or a password. */
export class KeystoreError extends Error {
  override readonly name = "KeystoreError";
}

/** Hexadecimal digits of whole bytes; of exactly this many, if given. */
function hex(bytes?: number) {
  const message = `must be ${bytes === undefined ? "an even number of" : 2 * bytes} hexadecimal digits`;
  return z
    .string(message)
    .regex(/^([0-9a-fA-F]{2})+$/, message)
    .refine((digits) => bytes === undefined || digits.length === 2 * bytes, message);
}

const cipher = {
  cipher: z.literal("aes-128-ctr", 'must be "aes-128-ctr"'),
  ciphertext: hex(32),
  cipherparams: z.object({ iv: hex(16) }),
  mac: hex(32),
};

/** Memory limit for deriving a key; common keystores need a quarter of it at most. */
const derivationBytes = 1 << 30;

/** Most rounds for deriving a key, which take some minutes; common keystores need a hundredth. */
const mostRounds = 1 << 26;

/** Cost of new keystores for anyone who guesses passwords: about 128 MB and half a second per guess. */
const newScrypt = { dklen: 32 as const, n: 1 << 17, p: 1, r: 8 };

const dklen = z.literal(32, "must be 32");
const rounds = wholeNumber(1, mostRounds);

const scryptDerivation = z.object({
  kdf: z.literal("scrypt"),
  kdfparams: z
    .object({
      dklen,
      n: rounds.refine((n) => n > 1 && Number.isInteger(Math.log2(n)), "must be a power of two above 1"),
      p: rounds,
      r: rounds,
      salt: hex(),
    })
    .refine(({ n, p, r }) => n * r * p <= mostRounds && 128 * n * r < derivationBytes, "needs too much time or memory"),
});

const pbkdf2Derivation = z.object({
  kdf: z.literal("pbkdf2"),
  kdfparams: z.object({ dklen, c: rounds, prf: z.literal("hmac-sha256", 'must be "hmac-sha256"'), salt: hex() }),
});

type Derivation = z.output<typeof scryptDerivation> | z.output<typeof pbkdf2Derivation>;

/** An encrypted key as geth, foundry and others write it: version 3, aes-128-ctr, scrypt or pbkdf2. */
const keystoreSchema = z.object({
  version: z.literal(3),
  id: z.string(),
  crypto: z.discriminatedUnion("kdf", [scryptDerivation.extend(cipher), pbkdf2Derivation.extend(cipher)], {
    error: 'must be "scrypt" or "pbkdf2"',
  }),
});

/**
 * The private key in an encrypted JSON keystore.
 * @throws KeystoreError if the file can't be read, is no keystore, or the password is wrong.
 */
export async function openKeystore(path: string, password: string): Promise<Hex> {
  const keystore = readKeystore(path);
  const key = await derivedKey(keystore.crypto, password);
  try {
    return Keystore.decrypt(keystore, key);
  } catch {
    throw new KeystoreError(`The password does not open the keystore ${path}.`);
  }
}

/**
 * Writes a private key to a new encrypted keystore, readable by its owner only.
 * @throws KeystoreError if the password is empty, `path` already exists (a key is never overwritten), or writing fails.
 */
export async function writeKeystore(path: string, privateKey: Hex, password: string): Promise<void> {
  if (password === "") throw new KeystoreError("The password is empty: choose another.");
  if (existsSync(path))
    throw new KeystoreError(`${path} already exists, and a key is never overwritten: choose another path.`);
  const salt = randomBytes(32).toString("hex");
  const derivation = { kdf: "scrypt" as const, kdfparams: { ...newScrypt, salt } };
  const key = await derivedKey(derivation, password);
  const keystore = Keystore.encrypt(privateKey, key, { ...derivation, iv: randomBytes(16) });
  try {
    writeFileSync(path, `${JSON.stringify(keystore, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new KeystoreError(`Can't write the keystore ${path}: ${(error as Error).message}.`);
  }
}

/** Uses Node's own functions, which take a tenth of the time of a JavaScript library. */
async function derivedKey(derivation: Derivation, password: string): Promise<Hex> {
  const salt = hexToBytes(`0x${derivation.kdfparams.salt}`);
  if (derivation.kdf === "pbkdf2") {
    const { c, dklen } = derivation.kdfparams;
    return bytesToHex(await promisify(pbkdf2)(password, salt, c, dklen, "sha256"));
  }
  const { n: N, r, p, dklen } = derivation.kdfparams;
  const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt);
  return bytesToHex(await derive(password, salt, dklen, { N, r, p, maxmem: derivationBytes }));
}

function readKeystore(path: string): z.output<typeof keystoreSchema> {
  const text = textOf(readBytes(path, "keystore"));
  try {
    return readStrict(keystoreSchema, withCrypto(parseJson(text ?? "")), "");
  } catch (error) {
    throw new KeystoreError(`${path} is not a keystore: ${problemOf(error)}`);
  }
}

/** Which field of a keystore is wrong, or that the file is no keystore at all. */
function problemOf(error: unknown): string {
  const isOfField = error instanceof RefusedInputError && (error.field.includes(".") || error.problem === givenTwice);
  return isOfField ? error.message : "it must be an encrypted JSON key of version 3 (aes-128-ctr).";
}

/** Some wallets write `Crypto` where the format says `crypto`. */
function withCrypto(json: unknown): unknown {
  const isOther = typeof json === "object" && json !== null && "Crypto" in json && !("crypto" in json);
  return isOther ? { ...json, crypto: json.Crypto } : json;
}

/**
 * The password in a file, as any system's editor or shell writes it: line breaks at its end don't count.
 * @throws KeystoreError if the file can't be read, or holds something else.
 */
export function readPassword(path: string): string {
  const text = textOf(readBytes(path, "password file"));
  if (text === undefined) {
    throw new KeystoreError(
      `The password file ${path} is neither UTF-8 nor UTF-16 with a byte order mark: save it as UTF-8.`,
    );
  }
  const password = text.replace(/[\r\n]+$/, "");
  if (!/[\r\n]/.test(password)) return password;
  throw new KeystoreError(`The password file ${path} has several lines: it must contain only the password.`);
}

/** @throws KeystoreError saying why it can't be read. */
function readBytes(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new KeystoreError(`Can't read the ${what} ${path}: ${(error as NodeJS.ErrnoException).code ?? ""}.`);
  }
}

/**
 * Decodes bytes as UTF-8, or as UTF-16 if they begin with its byte order mark, without the mark; undefined if they are
 * no text.
 */
function textOf(bytes: Uint8Array): string | undefined {
  const mark = Buffer.from(bytes.subarray(0, 2)).toString("hex");
  const encoding = mark === "fffe" ? "utf-16le" : mark === "feff" ? "utf-16be" : "utf-8";
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
