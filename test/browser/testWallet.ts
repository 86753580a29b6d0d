import { type BrowserContext, type Page } from "playwright-core";
import { type Address, createWalletClient, hexToNumber, http, type LocalAccount, numberToHex } from "viem";
import { announceTestWallet } from "./announceTestWallet";

/** A question that the page asked the wallet. */
export interface WalletRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An error as EIP-1193 defines it. */
class ProviderRpcError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A wallet in the browser with real keys in this process: it announces itself by EIP-6963, signs what it is asked to sign,
 * and sends raw transactions to the node. The person behind it can decline, change accounts and chains.
 */
export class TestWallet {
  /** Everything it was asked, in order. */
  readonly requests: WalletRequest[] = [];
  /** Methods that the person declines, once per entry. */
  readonly declined: string[] = [];
  /** Methods that this wallet does not have. */
  readonly unsupported = new Set<string>();
  /** What happens right before a transaction is sent: the moment between a person's decision and the block. */
  beforeSending: () => Promise<void> = () => Promise.resolve();
  /** What happens while a permission is being signed. */
  beforeSigning: () => Promise<void> = () => Promise.resolve();
  readonly #knownChains = new Set<number>();
  #isConnected = false;
  #page: Page | undefined;

  constructor(
    readonly name: string,
    private accounts: readonly LocalAccount[],
    private readonly nodeUrl: string,
    private chainId: number,
  ) {
    this.#knownChains.add(chainId);
  }

  get account(): LocalAccount {
    return this.accounts[0]!;
  }

  /** Puts the wallet into every page of a context. @param way `legacy`: only as `window.ethereum`. */
  async install(context: BrowserContext, way: "announced" | "legacy" = "announced"): Promise<void> {
    const binding = `wallet_${this.name.replaceAll(/\W/g, "_")}`;
    await context.exposeBinding(binding, async ({ page }, request: WalletRequest) => {
      this.#page = page;
      return this.#answer(request);
    });
    await context.addInitScript(announceTestWallet, { binding, name: this.name, way });
  }

  /** The person chooses other accounts, or (none) takes them away. */
  async changeAccounts(accounts: readonly LocalAccount[]): Promise<void> {
    this.accounts = accounts;
    await this.#emit(
      "accountsChanged",
      accounts.map(({ address }) => address),
    );
  }

  /** The person goes to another chain. */
  async changeChain(chainId: number): Promise<void> {
    this.chainId = chainId;
    await this.#emit("chainChanged", numberToHex(chainId));
  }

  /** Forgets a chain: it has to be added before the wallet can switch to it. */
  forgetChain(chainId: number): void {
    this.#knownChains.delete(chainId);
  }

  /** How often a method was asked for. */
  count(method: string): number {
    return this.requests.filter((request) => request.method === method).length;
  }

  async #answer(request: WalletRequest): Promise<object> {
    this.requests.push(request);
    try {
      return { result: await this.#serve(request) };
    } catch (error) {
      const { code, message, data } = error as { code?: number; message: string; data?: unknown };
      return { error: { code: code ?? -32603, message, data } };
    }
  }

  async #serve({ method, params }: WalletRequest): Promise<unknown> {
    const declined = this.declined.indexOf(method);
    if (declined !== -1) {
      this.declined.splice(declined, 1);
      throw new ProviderRpcError(4001, "User rejected the request.");
    }
    if (this.unsupported.has(method)) throw new ProviderRpcError(4200, `${method} is not supported.`);
    switch (method) {
      case "eth_requestAccounts":
        this.#isConnected = true;
        return this.accounts.map(({ address }) => address);
      case "eth_accounts":
        return this.#isConnected ? this.accounts.map(({ address }) => address) : [];
      case "eth_chainId":
        return numberToHex(this.chainId);
      case "wallet_addEthereumChain":
        return this.#addChain(params[0] as { readonly chainId: `0x${string}` });
      case "wallet_switchEthereumChain":
        return this.#switchChain(params[0] as { readonly chainId: `0x${string}` });
      case "wallet_watchAsset":
        return true;
      case "eth_signTypedData_v4":
        return this.#sign(params[0] as Address, params[1] as string);
      case "eth_sendTransaction":
        return this.#send(params[0] as { readonly from: Address; readonly to: Address; readonly data: `0x${string}` });
      default:
        return this.#node().request({ method, params } as never);
    }
  }

  async #addChain({ chainId }: { readonly chainId: `0x${string}` }): Promise<null> {
    this.#knownChains.add(hexToNumber(chainId));
    await this.changeChain(hexToNumber(chainId));
    return null;
  }

  async #switchChain({ chainId }: { readonly chainId: `0x${string}` }): Promise<null> {
    if (!this.#knownChains.has(hexToNumber(chainId))) throw new ProviderRpcError(4902, "Unrecognized chain ID.");
    await this.changeChain(hexToNumber(chainId));
    return null;
  }

  async #sign(signer: Address, typedData: string): Promise<`0x${string}`> {
    const signature = await this.#holderOf(signer).signTypedData(JSON.parse(typedData) as never);
    await this.beforeSigning();
    return signature;
  }

  async #send(request: { readonly from: Address; readonly to: Address; readonly data: `0x${string}` }) {
    await this.beforeSending();
    const { to, data } = request;
    return this.#node().sendTransaction({ account: this.#holderOf(request.from), to, data, chain: null });
  }

  #holderOf(address: Address): LocalAccount {
    const holder = this.accounts.find((account) => account.address.toLowerCase() === address.toLowerCase());
    if (holder === undefined) throw new ProviderRpcError(4100, `The page may not use ${address}.`);
    return holder;
  }

  #node() {
    return createWalletClient({ transport: http(this.nodeUrl, { retryCount: 0 }) });
  }

  async #emit(event: string, value: unknown): Promise<void> {
    const detail = { wallet: this.name, event, value };
    await this.#page?.evaluate(`dispatchEvent(new CustomEvent("test-wallet", { detail: ${JSON.stringify(detail)} }))`);
  }
}
