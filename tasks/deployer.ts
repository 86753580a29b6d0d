/** Who deploys: the key that signs every other command, where the environment holds one, else an account of the node. */
import { extendProvider } from "hardhat/config";
import { ProviderWrapper } from "hardhat/plugins";
import { type EIP1193Provider, type RequestArguments } from "hardhat/types";
import { type Hex, hexToBigInt, hexToNumber, type LocalAccount, type TransactionSerializable } from "viem";
import { httpEndpointOf } from "../scripts/commands/network";

extendProvider(async (provider, { networks }, network) => {
  if (network === "hardhat" || networks[network] === undefined) return provider;
  const { readerOf } = await import("../scripts/chain/connection");
  const { signerOf } = await import("../scripts/chain/signer");
  const signer = await signerOf(readerOf(httpEndpointOf(process.env.MDT_RPC_URL)), undefined, process.env);
  // Hardhat's own wrappers stand for an EventEmitter in the same way.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment
  return typeof signer === "string" ? provider : new SigningProvider(provider, signer as LocalAccount);
});

/** A node that holds one account, whose key is here, in a keystore or with a remote signer. */
class SigningProvider extends ProviderWrapper {
  constructor(
    provider: EIP1193Provider,
    private readonly account: LocalAccount,
  ) {
    super(provider);
  }

  override async request(question: RequestArguments): Promise<unknown> {
    const { method, params } = question;
    if (method === "eth_accounts") return [this.account.address];
    if (method !== "eth_sendTransaction") return this._wrappedProvider.request(question);
    const chainId = hexToNumber((await this._wrappedProvider.request({ method: "eth_chainId" })) as Hex);
    const [fields] = params as [Fields];
    const raw = await this.account.signTransaction(transactionOf(fields, chainId));
    return this._wrappedProvider.request({ method: "eth_sendRawTransaction", params: [raw] });
  }
}

/** A transaction as Ignition sends it: with its nonce, its gas and its fees. */
type Fields = Readonly<Record<"data" | "gas" | "nonce", Hex>> &
  Readonly<Partial<Record<"to" | "value" | "gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas", Hex>>>;

function transactionOf(fields: Fields, chainId: number): TransactionSerializable {
  const { to, data, gas, nonce, value = "0x0", gasPrice, maxFeePerGas, maxPriorityFeePerGas } = fields;
  const common = { chainId, to, data, gas: hexToBigInt(gas), nonce: hexToNumber(nonce), value: hexToBigInt(value) };
  return gasPrice === undefined
    ? {
        ...common,
        maxFeePerGas: hexToBigInt(maxFeePerGas!),
        maxPriorityFeePerGas: hexToBigInt(maxPriorityFeePerGas!),
        type: "eip1559",
      }
    : { ...common, gasPrice: hexToBigInt(gasPrice), type: "legacy" };
}
