import { command } from "../shared/command";

command({
  scope: "keeper",
  name: "keystore",
  description: "Encrypt the key in MDT_PRIVATE_KEY into a keystore file",
  params: { out: { kind: "required", description: "The file to write; an existing one is never overwritten" } },
  async run({ out }) {
    const { privateKeyToAddress } = await import("viem/accounts");
    const { writeKeystore } = await import("../../scripts/chain/keystore");
    const { keystorePassword, parsePrivateKey } = await import("../../scripts/chain/signer");
    const privateKey = parsePrivateKey(process.env.MDT_PRIVATE_KEY ?? "");
    await writeKeystore(out, privateKey, keystorePassword(process.env));
    const address = privateKeyToAddress(privateKey);
    return {
      json: { address, file: out },
      text: `The key of ${address} is in ${out}. Set MDT_KEYSTORE to it, and unset MDT_PRIVATE_KEY.`,
    };
  },
});
