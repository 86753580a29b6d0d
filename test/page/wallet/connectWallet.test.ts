import { EventEmitter } from "node:events";
import { expect } from "chai";
import { type EIP1193Provider } from "viem";
import { connectWallet } from "../../../scripts/page/wallet/connectWallet";
import { type SessionEvent } from "../../../scripts/page/wallet/session";

const alice = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const bob = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";

/** A wallet that answers each method from a table; an error in it is thrown. */
function walletWith(answers: Readonly<Record<string, unknown>>) {
  const provider = Object.assign(new EventEmitter(), {
    request({ method }: { readonly method: string }): Promise<unknown> {
      const answer = answers[method];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  });
  const wallet = {
    info: { uuid: "1", name: "Test Wallet", icon: "", rdns: "test.wallet" },
    provider: provider as unknown as EIP1193Provider,
  };
  return { provider, wallet };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const rejected = Object.assign(new Error("User rejected"), { code: 4001 });

describe("connectWallet", () => {
  let events: SessionEvent[];
  const report = (event: SessionEvent) => {
    events.push(event);
  };
  beforeEach(() => {
    events = [];
  });

  it("asks for accounts, then reports the first of them and the chain", async () => {
    const { wallet } = walletWith({ eth_requestAccounts: [alice.toLowerCase(), bob], eth_chainId: "0x7a69" });
    connectWallet(wallet, "ask", report);
    await settled();
    expect(events).to.deep.equal([
      { kind: "askedToConnect", wallet },
      { kind: "connected", wallet, account: alice, chainId: 31337 },
    ]);
  });

  it("reports other accounts and chains until it is stopped", async () => {
    const { wallet, provider } = walletWith({ eth_requestAccounts: [alice], eth_chainId: "0x1" });
    const stop = connectWallet(wallet, "ask", report);
    await settled();
    provider.emit("accountsChanged", [bob.toLowerCase()]);
    provider.emit("chainChanged", "0x7a69");
    stop();
    provider.emit("chainChanged", "0x1");
    expect(events.slice(2)).to.deep.equal([
      { kind: "accountsChanged", accounts: [bob] },
      { kind: "chainChanged", chainId: 31337 },
    ]);
  });

  it("says that the person declined", async () => {
    const { wallet } = walletWith({ eth_requestAccounts: rejected });
    connectWallet(wallet, "ask", report);
    await settled();
    expect(events[1]).to.deep.equal({
      kind: "failed",
      sentence: "You declined in your wallet; nothing was sent. You can try again at any time.",
    });
  });

  it("says that a wallet gave no account, or did not answer", async () => {
    connectWallet(walletWith({ eth_requestAccounts: [], eth_chainId: "0x1" }).wallet, "ask", report);
    await settled();
    connectWallet(walletWith({ eth_requestAccounts: new Error("boom") }).wallet, "ask", report);
    await settled();
    expect(events.filter(({ kind }) => kind === "failed")).to.deep.equal([
      { kind: "failed", sentence: "Test Wallet shared no account: unlock it and connect again." },
      { kind: "failed", sentence: "Test Wallet did not connect: try again." },
    ]);
  });

  it("connects silently if the page may use the account already, and says nothing otherwise", async () => {
    const granted = walletWith({ eth_accounts: [alice], eth_chainId: "0x7a69" }).wallet;
    connectWallet(granted, "silent", report);
    connectWallet(walletWith({ eth_accounts: [], eth_chainId: "0x1" }).wallet, "silent", report);
    connectWallet(walletWith({ eth_accounts: new Error("boom") }).wallet, "silent", report);
    await settled();
    expect(events).to.deep.equal([{ kind: "connected", wallet: granted, account: alice, chainId: 31337 }]);
  });
});
