import { expect } from "chai";
import { Wallet } from "ethers";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PublicClient } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { KeystoreError, openKeystore, readPassword, writeKeystore } from "../../scripts/chain/keystore";
import { addressOf, type KeySources, SignerError, signerOf } from "../../scripts/chain/signer";
import { rejection } from "../shared/rejection";

const privateKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const { address } = privateKeyToAccount(privateKey);
const password = "correct horse, süß";

/** A keystore of the format's own example, with few rounds; its password is "testpassword". */
const pbkdf2Example = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262_144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};

describe("The account that signs", () => {
  let directory: string;
  /** A reader that isn't used if a key is given. */
  const nobody = undefined as unknown as PublicClient;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-keys-"));
  });

  after(() => {
    rmSync(directory, { recursive: true });
  });

  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };
  const signerFrom = async (keys: KeySources) => addressOf(await signerOf(nobody, undefined, keys));

  it("is that of the key in MDT_PRIVATE_KEY", async () => {
    expect(await signerFrom({ MDT_PRIVATE_KEY: privateKey, MDT_KEYSTORE: "" })).to.equal(address);
  });

  it("is refused if a key is set and --from names another account", async () => {
    const keys = { MDT_PRIVATE_KEY: privateKey };
    expect(addressOf(await signerOf(nobody, address.toLowerCase(), keys))).to.equal(address);
    for (const from of ["1", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"]) {
      const { message } = await rejection(signerOf(nobody, from, keys), SignerError);
      expect(message).to.equal(`The key that is set signs for ${address}, not for --from ${from}: omit one of them.`);
    }
  });

  it("is that of the keystore, opened with a password or a password file, whose last line break is ignored", async () => {
    const path = join(directory, "new.json");
    await writeKeystore(path, privateKey, password);
    const passwordFile = file("password", `${password}\n`);
    expect(await signerFrom({ MDT_KEYSTORE: path, MDT_KEYSTORE_PASSWORD_FILE: passwordFile })).to.equal(address);
    expect(await signerFrom({ MDT_KEYSTORE: path, MDT_KEYSTORE_PASSWORD: password })).to.equal(address);
  });

  it("may be that of a keystore that another wallet wrote", async () => {
    const path = file("ethers.json", await new Wallet(privateKey).encrypt(password));
    expect(await openKeystore(path, password)).to.equal(privateKey);
    expect(await openKeystore(file("pbkdf2.json", JSON.stringify(pbkdf2Example)), "testpassword")).to.equal(
      "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d",
    );
  });

  it("has a keystore that only its owner can read, that any wallet opens, and that is never overwritten", async () => {
    const path = join(directory, "mine.json");
    await writeKeystore(path, privateKey, password);
    const text = readFileSync(path, "utf8");
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect((await Wallet.fromEncryptedJson(text, password)).privateKey).to.equal(privateKey);
    const { salt, ...costs } = (JSON.parse(text) as typeof pbkdf2Example).crypto.kdfparams;
    expect(costs).to.deep.equal({ dklen: 32, n: 131_072, p: 1, r: 8 });
    expect(salt).to.match(/^[0-9a-f]{64}$/);
    const { message } = await rejection(writeKeystore(path, privateKey, password), KeystoreError);
    expect(message).to.equal(`${path} already exists, and a key is never overwritten: choose another path.`);
    expect(readFileSync(path, "utf8")).to.equal(text);
  });

  it("has a keystore that is never written through a link", async () => {
    const [link, target] = [join(directory, "link.json"), join(directory, "target.json")];
    symlinkSync(target, link);
    const { message } = await rejection(writeKeystore(link, privateKey, password), KeystoreError);
    expect(message).to.match(/^Can't write the keystore .+link\.json: EEXIST.+\.$/);
    expect(existsSync(target)).to.equal(false);
  });

  for (const [system, bytes] of [
    ["with a byte order mark", Buffer.from(`\uFEFF${password}`)],
    ["with Windows' line end", Buffer.from(`${password}\r\n`)],
    ["with an old Mac's line end", Buffer.from(`${password}\r`)],
    ["with an empty line after it", Buffer.from(`${password}\n\n`)],
    ["in UTF-16, as PowerShell writes it", Buffer.from(`\uFEFF${password}\r\n`, "utf16le")],
    ["in big-endian UTF-16", Buffer.from(`\uFEFF${password}\n`, "utf16le").swap16()],
  ] as const) {
    it(`may have a password file ${system}`, () => {
      expect(readPassword(file("other", bytes))).to.equal(password);
    });
  }

  it("may be that of a keystore with a byte order mark, in UTF-16, or with the field Crypto instead of crypto", async () => {
    const { crypto: Crypto, ...rest } = pbkdf2Example;
    const text = `\uFEFF${JSON.stringify({ ...rest, Crypto })}`;
    for (const bytes of [Buffer.from(text), Buffer.from(text, "utf16le")]) {
      expect(await openKeystore(file("marked.json", bytes), "testpassword")).to.match(/^0x7a28b5ba/);
    }
    const both = JSON.stringify({ ...pbkdf2Example, Crypto: {} });
    expect(await openKeystore(file("both.json", both), "testpassword")).to.match(/^0x7a28b5ba/);
  });

  it("never has a keystore with an empty password", async () => {
    for (const content of ["", "\n", "\uFEFF\r\n"]) {
      const out = join(directory, "empty.json");
      const empty = readPassword(file("empty", content));
      const { message } = await rejection<Error>(writeKeystore(out, privateKey, empty), KeystoreError);
      expect(message).to.equal("The password is empty: choose another.");
      expect(existsSync(out)).to.equal(false);
    }
  });

  describe("is refused in one sentence, without the key or password in it,", () => {
    async function complaint(keys: KeySources, type: typeof SignerError | typeof KeystoreError): Promise<string> {
      const { message } = await rejection<Error>(signerOf(nobody, undefined, keys), type);
      expect(message).not.to.contain(privateKey.slice(2, 20));
      expect(message).not.to.contain(password);
      return message;
    }

    it("for a malformed key", async () => {
      expect(await complaint({ MDT_PRIVATE_KEY: privateKey.slice(0, -1) }, SignerError)).to.equal(
        "MDT_PRIVATE_KEY must be 0x and 64 hexadecimal digits.",
      );
    });

    for (const [what, digit] of [
      ["zero", "0"],
      ["above the curve's order", "f"],
    ] as const) {
      it(`for a key that is ${what}, without repeating it`, async () => {
        expect(await complaint({ MDT_PRIVATE_KEY: `0x${digit.repeat(64)}` }, SignerError)).to.equal(
          "MDT_PRIVATE_KEY is not a valid key: its number must be above 0 and below the order of secp256k1.",
        );
      });
    }

    it("for two keys", async () => {
      expect(await complaint({ MDT_PRIVATE_KEY: privateKey, MDT_KEYSTORE: "x" }, SignerError)).to.equal(
        "MDT_PRIVATE_KEY and MDT_KEYSTORE are both set: keep only the one to sign with.",
      );
    });

    it("for a wrong password, no password, or a missing password file", async () => {
      const path = file("key.json", JSON.stringify(pbkdf2Example));
      expect(await complaint({ MDT_KEYSTORE: path, MDT_KEYSTORE_PASSWORD: password }, KeystoreError)).to.equal(
        `The password does not open the keystore ${path}.`,
      );
      expect(await complaint({ MDT_KEYSTORE: path }, KeystoreError)).to.equal(
        "A keystore needs MDT_KEYSTORE_PASSWORD_FILE or MDT_KEYSTORE_PASSWORD.",
      );
      const missing = join(directory, "nowhere");
      expect(await complaint({ MDT_KEYSTORE: path, MDT_KEYSTORE_PASSWORD_FILE: missing }, KeystoreError)).to.equal(
        `Can't read the password file ${missing}: ENOENT.`,
      );
    });

    it("for a password file in an unknown encoding, or with several lines", async () => {
      const refusals = [
        [Buffer.from(password, "utf16le"), "is neither UTF-8 nor UTF-16 with a byte order mark: save it as UTF-8"],
        [Buffer.from([0x73, 0xfc, 0xdf]), "is neither UTF-8 nor UTF-16 with a byte order mark: save it as UTF-8"],
        [Buffer.from(`${password}\nand more`), "has several lines: it must contain only the password"],
      ] as const;
      for (const [bytes, problem] of refusals) {
        const path = file("odd", bytes);
        const keys = { MDT_KEYSTORE: file("key.json", "{}"), MDT_KEYSTORE_PASSWORD_FILE: path };
        expect(await complaint(keys, KeystoreError)).to.equal(`The password file ${path} ${problem}.`);
      }
    });

    const scrypt = { dklen: 32, n: 4_096, p: 6, r: 8, salt: "ab".repeat(32) };
    const withKdf = (kdf: string, kdfparams: object) => ({
      ...pbkdf2Example,
      crypto: { ...pbkdf2Example.crypto, kdf, kdfparams },
    });
    const withCrypto = (differences: object) => ({
      ...pbkdf2Example,
      crypto: { ...pbkdf2Example.crypto, ...differences },
    });
    const twice = JSON.stringify(pbkdf2Example).replace('"kdf":', '"mac":"00","kdf":');
    for (const [what, keystore, problem] of [
      ["no salt", withKdf("scrypt", { ...scrypt, salt: undefined }), "crypto.kdfparams.salt is missing"],
      [
        "half a byte of salt",
        withKdf("scrypt", { ...scrypt, salt: "abc" }),
        "crypto.kdfparams.salt must be an even number of hexadecimal digits",
      ],
      [
        "a number of rounds that scrypt can't do",
        withKdf("scrypt", { ...scrypt, n: 4_095 }),
        "crypto.kdfparams.n must be a power of two above 1",
      ],
      [
        "no rounds",
        withKdf("pbkdf2", { ...pbkdf2Example.crypto.kdfparams, c: 0 }),
        "crypto.kdfparams.c must be a whole number from 1 to 67108864",
      ],
      [
        "parallel rounds below one",
        withKdf("scrypt", { ...scrypt, p: -1 }),
        "crypto.kdfparams.p must be a whole number from 1 to 67108864",
      ],
      [
        "more memory than there is",
        withKdf("scrypt", { ...scrypt, n: 2 ** 20, r: 8, p: 1 }),
        "crypto.kdfparams needs too much time or memory",
      ],
      [
        "too much work",
        withKdf("scrypt", { ...scrypt, n: 2 ** 18, r: 8, p: 33 }),
        "crypto.kdfparams needs too much time or memory",
      ],
      [
        "too many rounds",
        withKdf("pbkdf2", { ...pbkdf2Example.crypto.kdfparams, c: 2 ** 26 + 1 }),
        "crypto.kdfparams.c must be a whole number from 1 to 67108864",
      ],
      [
        "a single round of scrypt",
        withKdf("scrypt", { ...scrypt, n: 1 }),
        "crypto.kdfparams.n must be a power of two above 1",
      ],
      [
        "another hash",
        withKdf("pbkdf2", { ...pbkdf2Example.crypto.kdfparams, prf: "hmac-sha1" }),
        'crypto.kdfparams.prf must be "hmac-sha256"',
      ],
      ["a short key", withKdf("scrypt", { ...scrypt, dklen: 16 }), "crypto.kdfparams.dklen must be 32"],
      ["another key derivation", withKdf("argon2", scrypt), 'crypto.kdf must be "scrypt" or "pbkdf2"'],
      ["another cipher", withCrypto({ cipher: "aes-256-cbc" }), 'crypto.cipher must be "aes-128-ctr"'],
      ["a short MAC", withCrypto({ mac: "00" }), "crypto.mac must be 64 hexadecimal digits"],
      ["a short ciphertext", withCrypto({ ciphertext: "00" }), "crypto.ciphertext must be 64 hexadecimal digits"],
      [
        "a long initialisation vector",
        withCrypto({ cipherparams: { iv: "00".repeat(17) } }),
        "crypto.cipherparams.iv must be 32 hexadecimal digits",
      ],
      ["a duplicate field", twice, "crypto.mac is given twice"],
      ["another duplicate field", JSON.stringify(pbkdf2Example).replace("{", '{"id":"",'), "id is given twice"],
    ] as const) {
      it(`for a keystore with ${what}, without trying the password`, async () => {
        const path = file("odd.json", typeof keystore === "string" ? keystore : JSON.stringify(keystore));
        const keys = { MDT_KEYSTORE: path, MDT_KEYSTORE_PASSWORD: password };
        expect(await complaint(keys, KeystoreError)).to.equal(`${path} is not a keystore: The field ${problem}.`);
      });
    }

    it("for a keystore that isn't one, or doesn't exist", async () => {
      const path = file("none.json", `{"version": 3, "key": "${privateKey}"}`);
      expect(await complaint({ MDT_KEYSTORE: path, MDT_KEYSTORE_PASSWORD: password }, KeystoreError)).to.equal(
        `${path} is not a keystore: it must be an encrypted JSON key of version 3 (aes-128-ctr).`,
      );
      const missing = join(directory, "nowhere.json");
      expect(await complaint({ MDT_KEYSTORE: missing, MDT_KEYSTORE_PASSWORD: password }, KeystoreError)).to.equal(
        `Can't read the keystore ${missing}: ENOENT.`,
      );
    });
  });
});
