import { expect } from "chai";
import { keccak256, parseTransaction, type PublicClient, type TransactionSerializableEIP1559 } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openRemoteSigner, RemoteSignerError } from "../../scripts/chain/remoteSigner";
import { addressOf, SignerError, signerOf } from "../../scripts/chain/signer";
import { rejection } from "../shared/rejection";
import { type SignerLie, startWeb3Signer, type Web3Signer, withHighS } from "../shared/web3signer";

const privateKey = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const own = privateKeyToAccount(privateKey);
const other = privateKeyToAccount(generatePrivateKey());

const transaction = {
  type: "eip1559",
  chainId: 31337,
  to: other.address,
  data: "0x1234",
  gas: 100_000n,
  nonce: 7,
  maxFeePerGas: 30_000_000_000n,
  maxPriorityFeePerGas: 1_000_000_000n,
} as const satisfies TransactionSerializableEIP1559;

const typedData = {
  domain: { name: "ModernTensor", version: "1", chainId: 31337, verifyingContract: other.address },
  types: {
    Settlement: [
      { name: "epoch", type: "uint32" },
      { name: "emissionWei", type: "uint256" },
    ],
  },
  primaryType: "Settlement",
  message: { epoch: 3, emissionWei: 10n ** 21n },
} as const;

describe("A remote signer", () => {
  let signer: Web3Signer;
  /** A reader that isn't used if a key is given. */
  const nobody = undefined as unknown as PublicClient;

  beforeEach(async () => {
    signer = await startWeb3Signer([privateKey], 31337);
  });

  afterEach(() => {
    signer.close();
  });

  it("signs exactly as its key does: transactions of both kinds, messages and typed data", async () => {
    const account = await openRemoteSigner(signer.url, undefined);
    expect(account.address).to.equal(own.address);
    const { chainId, to, data, gas, nonce } = transaction;
    const creation = { ...transaction, to: undefined, value: 5n };
    for (const one of [
      transaction,
      creation,
      { type: "legacy", chainId, to, data, gas, nonce, gasPrice: 5n } as const,
      { type: "legacy", chainId, to, data, gasPrice: 5n } as const,
    ]) {
      expect(await account.signTransaction(one)).to.equal(await own.signTransaction(one));
    }
    for (const message of ["salt of my scores, süß", { raw: "0x2eadbe1f" }, { raw: new Uint8Array([1, 2]) }] as const) {
      expect(await account.signMessage({ message })).to.equal(await own.signMessage({ message }));
    }
    expect(await account.signTypedData(typedData)).to.equal(await own.signTypedData(typedData));
  });

  it("receives requests as web3signer documents them", async () => {
    const account = await openRemoteSigner(signer.url, undefined);
    await account.signTransaction(transaction);
    await account.signMessage({ message: "hi" });
    expect(signer.calls[0]).to.deep.include({ method: "eth_accounts", params: [] });
    const fields = {
      ...{ from: own.address, to: other.address, data: "0x1234", value: "0x0", nonce: "0x7", gas: "0x186a0" },
      ...{ maxFeePerGas: "0x6fc23ac00", maxPriorityFeePerGas: "0x3b9aca00", chainId: "0x7a69" },
    };
    expect(signer.calls[1]).to.deep.include({ method: "eth_signTransaction", params: [fields] });
    expect(signer.calls[2]).to.deep.include({ method: "eth_sign", params: [own.address, "0x6869"] });
  });

  it("signs for every command if MDT_REMOTE_SIGNER names it, and no other key is set", async () => {
    const keys = { MDT_PRIVATE_KEY: "", MDT_KEYSTORE: "", MDT_REMOTE_SIGNER: signer.url };
    expect(addressOf(await signerOf(nobody, undefined, keys))).to.equal(own.address);
    for (const name of ["MDT_PRIVATE_KEY", "MDT_KEYSTORE"] as const) {
      const { message } = await rejection(signerOf(nobody, undefined, { ...keys, [name]: "x" }), SignerError);
      expect(message).to.equal(`${name} and MDT_REMOTE_SIGNER are both set: keep only the one to sign with.`);
    }
  });

  it("that holds several keys signs with the one that MDT_REMOTE_SIGNER_ACCOUNT names", async () => {
    signer.close();
    const second = generatePrivateKey();
    signer = await startWeb3Signer([privateKey, second], 31337);
    const { address } = privateKeyToAccount(second);
    const open = (account: string) =>
      signerOf(nobody, undefined, { MDT_REMOTE_SIGNER: signer.url, MDT_REMOTE_SIGNER_ACCOUNT: account });
    expect(addressOf(await open(address.toLowerCase()))).to.equal(address);
    const complaint = async (account: string) => (await rejection(open(account), RemoteSignerError)).shortMessage;
    expect(await complaint("")).to.equal(
      `The remote signer at ${signer.url} has 2 keys: set MDT_REMOTE_SIGNER_ACCOUNT to one of ${own.address}, ${address}.`,
    );
    expect(await complaint(other.address)).to.equal(
      `The remote signer at ${signer.url} does not have the key of ${other.address}, which MDT_REMOTE_SIGNER_ACCOUNT names.`,
    );
    // A key that was put there by mistake is not repeated.
    expect(await complaint(second)).to.equal("MDT_REMOTE_SIGNER_ACCOUNT must be 0x and 40 hexadecimal digits.");
  });

  it("is shown by its origin only, and receives the user name and password of its URL", async () => {
    const { host } = new URL(signer.url);
    const url = `http://user:secret@${host}/vault-token?key=hidden`;
    expect((await openRemoteSigner(url, undefined)).address).to.equal(own.address);
    expect(signer.authorizations).to.deep.equal([`Basic ${Buffer.from("user:secret").toString("base64")}`]);
    const echo = "not allowed: /vault-token?key=hidden user:secret";
    signer.lie(() => ({ error: { code: -32000, message: echo } }));
    const refused = await rejection(openRemoteSigner(url, undefined), RemoteSignerError);
    signer.lie(() => ({ status: 500, body: echo }));
    const failed = await rejection(openRemoteSigner(url, undefined), RemoteSignerError);
    expect([refused.shortMessage, failed.shortMessage]).to.deep.equal([
      `The remote signer at ${signer.url} refuses eth_accounts (code -32000).`,
      `The remote signer at ${signer.url} answers 500.`,
    ]);
    for (const { stack } of [refused, failed]) expect(stack).not.to.match(/secret|vault-token|hidden/);
    for (const wrong of ["signer", "file:///key"]) {
      expect((await rejection(openRemoteSigner(wrong, undefined), RemoteSignerError)).shortMessage).to.equal(
        "MDT_REMOTE_SIGNER must be the http or https URL of a remote signer.",
      );
    }
  });

  describe("that is gone, broken or lying", () => {
    /** The error of signing, without the signer's name. */
    async function complaint(
      lie: SignerLie,
      sign: "signTransaction" | "signMessage" | "signTypedData" = "signTransaction",
    ) {
      signer.lie(() => undefined);
      const account = await openRemoteSigner(signer.url, undefined, 1_000);
      signer.lie(lie);
      const signing = {
        signTransaction: () => account.signTransaction(transaction),
        signMessage: () => account.signMessage({ message: "hi" }),
        signTypedData: () => account.signTypedData(typedData),
      };
      const { shortMessage } = await rejection<RemoteSignerError>(signing[sign](), RemoteSignerError);
      const origin = `The remote signer at ${signer.url} `;
      expect(shortMessage.startsWith(origin)).to.equal(true);
      return shortMessage.slice(origin.length);
    }
    const signedAs = (change: object) => async () => ({
      result: await own.signTransaction({ ...transaction, ...change }),
    });
    const another = "signed a different transaction than requested, for example with another chain id.";

    for (const [what, change] of [
      ["another chain", { chainId: 1 }],
      ["another recipient", { to: own.address }],
      ["another nonce", { nonce: 8 }],
      ["a higher value", { value: 1n }],
      ["more expensive gas", { maxFeePerGas: 10n ** 15n }],
      ["other data", { data: "0x" }],
      [
        "an older type of transaction",
        { type: "legacy", gasPrice: 1n, maxFeePerGas: undefined, maxPriorityFeePerGas: undefined },
      ],
    ] as const) {
      it(`is refused if it signed for ${what}`, async () => {
        expect(await complaint(signedAs(change))).to.equal(another);
      });
    }

    it("is refused if it is set to another chain, or doesn't support access lists", async () => {
      const account = await openRemoteSigner(signer.url, undefined);
      const listed = { ...transaction, accessList: [{ address: own.address, storageKeys: [] }] };
      for (const one of [{ ...transaction, chainId: 1 }, listed]) {
        const { shortMessage } = await rejection(account.signTransaction(one), RemoteSignerError);
        expect(shortMessage).to.equal(`The remote signer at ${signer.url} ${another}`);
      }
    });

    it("is refused if another key signed", async () => {
      const byOther = `returned a signature that is not by ${own.address}.`;
      expect(await complaint(async () => ({ result: await other.signTransaction(transaction) }))).to.equal(byOther);
      const message = async () => ({ result: await other.signMessage({ message: "hi" }) });
      expect(await complaint(message, "signMessage")).to.equal(byOther);
      expect(await complaint(message, "signTypedData")).to.equal(byOther);
    });

    it("is refused if its signature has a high s", async () => {
      const { r, s, yParity } = parseTransaction(await own.signTransaction(transaction));
      const high = withHighS(transaction, { r: r!, s: s!, yParity: yParity! });
      expect(await complaint(() => ({ result: high }))).to.equal(
        "returned a signature with a high s, which chains refuse.",
      );
    });

    it("is refused if it signs the same message differently each time: a lost salt couldn't be recomputed", async () => {
      const honest = await own.signMessage({ message: "hi" });
      // A second valid signature of the same message, as a hardware module may make it.
      const second = await import("ox").then(({ Secp256k1, PersonalMessage }) => {
        const { r, s, yParity } = Secp256k1.sign({
          payload: PersonalMessage.getSignPayload("0x6869"),
          privateKey,
          extraEntropy: keccak256("0x01"),
        });
        const hex = (value: bigint): string => value.toString(16).padStart(64, "0");
        return `0x${hex(r)}${hex(s)}${(27 + yParity).toString(16)}`;
      });
      expect(second).not.to.equal(honest);
      let asked = 0;
      expect(await complaint(() => ({ result: asked++ === 0 ? honest : second }), "signMessage")).to.equal(
        "signs the same message differently each time, so a lost salt could not be recomputed.",
      );
    });

    for (const result of [null, 5, "0x", "0x02c0", "nonsense", { raw: "0x02" }]) {
      it(`is refused if it returns ${JSON.stringify(result)}`, async () => {
        expect(await complaint(() => ({ result }))).to.equal("returned no signed transaction.");
        expect(await complaint(() => ({ result }), "signMessage")).to.equal("returned no signature to eth_sign.");
      });
    }

    it("is reported in one sentence if it hangs, fails, refuses or is gone", async () => {
      expect(await complaint(() => "hang")).to.equal("did not answer in time.");
      expect(await complaint(() => ({ status: 500, body: "oops" }))).to.equal("answers 500.");
      expect(await complaint(() => ({ status: 200, body: "oops" }))).to.equal(
        "answered with 4 characters that are not JSON.",
      );
      expect(await complaint(() => ({ error: { code: -32000, message: "invalid nonce" } }))).to.equal(
        "refuses eth_signTransaction (code -32000).",
      );
      signer.lie(() => undefined);
      const account = await openRemoteSigner(signer.url, undefined);
      signer.close();
      const { shortMessage } = await rejection(account.signTransaction(transaction), RemoteSignerError);
      expect(shortMessage).to.match(/^The remote signer at http:\/\/127\.0\.0\.1:\d+ can't be reached \(ECONN\w+\)\.$/);
    });

    for (const [accounts, says] of [
      [[], "has no key."],
      ["0x", "did not return a list of accounts."],
      [["0x12"], "did not return a list of accounts."],
      [[5], "did not return a list of accounts."],
    ] as readonly (readonly [unknown, string])[]) {
      it(`isn't opened if its accounts are ${JSON.stringify(accounts)}`, async () => {
        signer.lie(() => ({ result: accounts }));
        const { shortMessage } = await rejection(openRemoteSigner(signer.url, undefined), RemoteSignerError);
        expect(shortMessage).to.equal(`The remote signer at ${signer.url} ${says}`);
      });
    }
  });
});
