import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Hex, hexToBigInt, hexToNumber, serializeTransaction, type TransactionSerializableEIP1559 } from "viem";
import { privateKeyToAccount } from "viem/accounts";

/** One question to a signer. */
export interface SignerCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A signer's dishonest answer; undefined if it is honest. */
export type SignerLie = (
  call: SignerCall,
  honest: () => Promise<unknown>,
) =>
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly status: number; readonly body: string }
  | "hang"
  | undefined
  | Promise<{ readonly result: unknown } | undefined>;

/** A stand-in for web3signer in its mode eth1, as its documentation and its source describe it, with real keys. */
export interface Web3Signer {
  readonly url: string;
  readonly calls: readonly SignerCall[];
  readonly authorizations: readonly (string | undefined)[];
  lie(lie: SignerLie): void;
  close(): void;
}

/** The fields of eth_signTransaction that web3signer reads; others it ignores, as it does any chain id but its own. */
type Fields = Readonly<Record<"from" | "to" | "data" | "gas" | "value" | "nonce", Hex>> &
  Readonly<Partial<Record<"gasPrice" | "maxFeePerGas" | "maxPriorityFeePerGas", Hex>>>;

export async function startWeb3Signer(privateKeys: readonly Hex[], chainId: number): Promise<Web3Signer> {
  const accounts = privateKeys.map((key) => privateKeyToAccount(key));
  const calls: SignerCall[] = [];
  const authorizations: (string | undefined)[] = [];
  let lie: SignerLie = () => undefined;

  async function answer({ method, params }: SignerCall): Promise<unknown> {
    if (method === "eth_accounts") return accounts.map(({ address }) => address.toLowerCase());
    const from = method === "eth_signTransaction" ? (params[0] as Fields).from : (params[0] as Hex);
    const account = accounts.find(({ address }) => address.toLowerCase() === from.toLowerCase())!;
    switch (method) {
      case "eth_sign":
        return account.signMessage({ message: { raw: params[1] as Hex } });
      case "eth_signTypedData":
        // Its parameters are strings.
        return account.signTypedData(JSON.parse(params[1] as string) as Parameters<typeof account.signTypedData>[0]);
      case "eth_signTransaction":
        return account.signTransaction(transactionOf(params[0] as Fields, chainId));
      default:
        throw new Error(method);
    }
  }

  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    void text(request).then(async (body) => {
      const { id, ...call } = JSON.parse(body) as SignerCall & { readonly id: number };
      calls.push(call);
      const said = (await lie(call, () => answer(call))) ?? { result: await answer(call) };
      if (said === "hang") return;
      if ("status" in said) response.writeHead(said.status).end(said.body);
      else response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, ...said }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    authorizations,
    lie: (next) => (lie = next),
    close: () => {
      server.close().closeAllConnections();
    },
  };
}

function transactionOf(fields: Fields, chainId: number) {
  const { to, data, gasPrice, maxFeePerGas, maxPriorityFeePerGas } = fields;
  const [gas, value] = [hexToBigInt(fields.gas), hexToBigInt(fields.value)];
  const common = { chainId, to, data, gas, value, nonce: hexToNumber(fields.nonce) };
  if (maxFeePerGas === undefined || maxPriorityFeePerGas === undefined) {
    return { ...common, type: "legacy" as const, gasPrice: hexToBigInt(gasPrice ?? "0x0") };
  }
  const [most, tip] = [hexToBigInt(maxFeePerGas), hexToBigInt(maxPriorityFeePerGas)];
  return { ...common, type: "eip1559" as const, maxFeePerGas: most, maxPriorityFeePerGas: tip };
}

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The other signature of the same bytes by the same key, which every curve has and chains refuse. */
export function withHighS(
  transaction: TransactionSerializableEIP1559,
  { r, s, yParity }: { readonly r: Hex; readonly s: Hex; readonly yParity: number },
): Hex {
  const high = `0x${(order - BigInt(s)).toString(16).padStart(64, "0")}` as const;
  return serializeTransaction(transaction, { r, s: high, yParity: 1 - yParity });
}
