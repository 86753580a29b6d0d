import { expect } from "chai";
import { UserRejectedRequestError } from "viem";
import {
  addChainRequest,
  switchChainRequest,
  transactionUrl,
  type WalletChain,
  walletRefusalOf,
  walletSentence,
  watchTokenRequest,
} from "../../../scripts/page/wallet/requests";

const chain: WalletChain = {
  chainId: 31337,
  name: "ModernTensor local",
  rpcUrl: "http://127.0.0.1:8545",
  explorerUrl: null,
  currency: { name: "Ether", symbol: "ETH" },
};

describe("A request to a wallet", () => {
  it("adds the chain by EIP-3085, without an explorer if there is none", () => {
    expect(addChainRequest(chain)).to.deep.equal({
      chainId: "0x7a69",
      chainName: "ModernTensor local",
      rpcUrls: ["http://127.0.0.1:8545"],
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    });
    expect(addChainRequest({ ...chain, explorerUrl: "https://scan.example" })).to.have.deep.property(
      "blockExplorerUrls",
      ["https://scan.example"],
    );
  });

  it("switches to the chain by EIP-3326", () => {
    expect(switchChainRequest(chain)).to.deep.equal({ chainId: "0x7a69" });
  });

  it("shows the token by EIP-747", () => {
    const address = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
    expect(watchTokenRequest(address)).to.deep.equal({
      type: "ERC20",
      options: { address, symbol: "MDT", decimals: 18 },
    });
  });

  it("has a link to its transaction if the chain has an explorer", () => {
    expect(transactionUrl(chain, "0x12")).to.equal(null);
    expect(transactionUrl({ ...chain, explorerUrl: "https://scan.example" }, "0x12")).to.equal(
      "https://scan.example/tx/0x12",
    );
  });
});

describe("walletRefusalOf", () => {
  const cases: readonly [what: string, error: unknown, refusal: ReturnType<typeof walletRefusalOf>][] = [
    ["a rejection by code", { code: 4001 }, "rejected"],
    ["a rejection by viem", new UserRejectedRequestError(new Error("no")), "rejected"],
    ["a rejection wrapped by viem", new Error("outer", { cause: { code: 4001 } }), "rejected"],
    [
      "MetaMask's wrapping of an unknown chain",
      { code: -32603, data: { originalError: { code: 4902 } } },
      "unknownChain",
    ],
    ["a request that is still open", { code: -32002 }, "busy"],
    ["a missing method", { code: -32601 }, "unsupported"],
    ["an account that was not granted", { code: 4100 }, "unauthorized"],
    ["a lost chain", { code: 4901 }, "offline"],
    ["anything else", new Error("boom"), undefined],
    ["nothing", undefined, undefined],
  ];
  for (const [what, error, refusal] of cases) {
    it(`recognises ${what}`, () => {
      expect(walletRefusalOf(error)).to.equal(refusal);
    });
  }

  it("terminates on errors that are their own cause", () => {
    const loop: { cause?: unknown } = {};
    loop.cause = loop;
    expect(walletRefusalOf(loop)).to.equal(undefined);
  });

  it("has sentences that say what to do", () => {
    expect(walletSentence("rejected")).to.equal(
      "You declined in your wallet; nothing was sent. You can try again at any time.",
    );
    expect(walletSentence("unknownChain")).to.equal("Your wallet does not know this network: add it first.");
  });
});
