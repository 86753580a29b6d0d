import { pbkdf2, randomBytes, scrypt } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { Keystore } from "ox";
import { bytesToHex, type Hex, hexToBytes } from "viem";
import { z } from "zod";

/** A keystore that can't be opened, or must not be written. No message ever carries a key or a password. */
export class KeystoreError extends Error {
  override readonly name = "KeystoreError";
}

const hex = z.string().regex(/^[0-9a-fA-F]+$/);
const cipher = {
  cipher: z.literal("aes-128-ctr"),
  ciphertext: hex,
  cipherparams: z.object({ iv: hex }),
  mac: hex,
};

/** Derivation of a key may take so much memory; the most that common keystores ask for is a quarter of it. */
const derivationBytes = 1 << 30;

/** What new keystores ask of whoever guesses passwords: about 128 MB and half a second per guess. */
const newScrypt = { dklen: 32 as const, n: 1 << 17, p: 1, r: 8 };

const scryptDerivation = z.object({
  kdf: z.literal("scrypt"),
  kdfparams: z.object({ dklen: z.literal(32), n: z.int(), p: z.int(), r: z.int(), salt: hex }),
});

const pbkdf2Derivation = z.object({
  kdf: z.literal("pbkdf2"),
  kdfparams: z.object({ dklen: z.literal(32), c: z.int(), prf: z.literal("hmac-sha256"), salt: hex }),
});

type Derivation = z.output<typeof scryptDerivation> | z.output<typeof pbkdf2Derivation>;

/** An encrypted key as geth, foundry and others write it: version 3, aes-128-ctr, scrypt or pbkdf2. */
const keystoreSchema = z.object({
  version: z.literal(3),
  id: z.string(),
  crypto: z.discriminatedUnion("kdf", [scryptDerivation.extend(cipher), pbkdf2Derivation.extend(cipher)]),
});

/**
 * The private key in an encrypted JSON keystore.
 * @throws KeystoreError where the file can't be read, is no keystore, or where the password is not the one.
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
 * @throws KeystoreError where something is at `path` already: a key is never overwritten.
 */
export async function writeKeystore(path: string, privateKey: Hex, password: string): Promise<void> {
  if (existsSync(path)) throw new KeystoreError(`There is a file at ${path} already, and a key is never overwritten.`);
  const salt = randomBytes(32).toString("hex");
  const derivation = { kdf: "scrypt" as const, kdfparams: { ...newScrypt, salt } };
  const key = await derivedKey(derivation, password);
  const keystore = Keystore.encrypt(privateKey, key, { ...derivation, iv: randomBytes(16) });
  try {
    writeFileSync(path, `${JSON.stringify(keystore, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw new KeystoreError(`The keystore ${path} can't be written: ${(error as Error).message}.`);
  }
}

/** By Node's own functions, which take a tenth of the time that a library in JavaScript does. */
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
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new KeystoreError(`The keystore ${path} can't be read: ${(error as NodeJS.ErrnoException).code ?? ""}.`);
  }
  const parsed = keystoreSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new KeystoreError(`${path} is no keystore: it must be an encrypted JSON key of version 3 (aes-128-ctr).`);
}

/** Some wallets write `Crypto` where the format says `crypto`; undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, (_name, value: unknown) =>
      typeof value === "object" && value !== null && "Crypto" in value ? { ...value, crypto: value.Crypto } : value,
    );
  } catch {
    return undefined;
  }
}
