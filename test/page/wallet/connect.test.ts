import { expect } from "chai";
import { type EIP1193Provider } from "viem";
import { connectWallet, discoverWallets, readAnnouncement } from "../../../scripts/page/wallet/connect";
import { EventEmitter } from "node:events";
import { type AnnouncedWallet, type SessionEvent } from "../../../scripts/page/wallet/session";

const provider = { request: () => Promise.resolve(null) } as unknown as EIP1193Provider;
const icon = "data:image/svg+xml,<svg/>";
const infoOf = (name: string) => ({ uuid: `uuid of ${name}`, name, icon, rdns: `test.${name}` });

/** A window with wallets in it, each of which answers when the page asks. */
function hostWith(names: readonly string[], ethereum?: EIP1193Provider) {
  const host = Object.assign(new EventTarget(), ethereum === undefined ? {} : { ethereum });
  const announce = (name: string) => {
    host.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: { info: infoOf(name), provider } }));
  };
  host.addEventListener("eip6963:requestProvider", () => {
    names.forEach(announce);
  });
  return { host, announce };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("discoverWallets", () => {
  let found: (readonly AnnouncedWallet[])[];
  const namesFound = () => found.map((wallets) => wallets.map(({ info }) => info.name));
  beforeEach(() => {
    found = [];
  });
  const remember = (wallets: readonly AnnouncedWallet[]) => {
    found.push(wallets);
  };

  it("finds every wallet that announces itself, at once or later", () => {
    const { host, announce } = hostWith(["first", "second"]);
    const stop = discoverWallets(host, remember);
    announce("third");
    stop();
    expect(namesFound()).to.deep.equal([["first"], ["first", "second"], ["first", "second", "third"]]);
  });

  it("lists a wallet once, however often it announces itself", () => {
    const { host, announce } = hostWith(["first"]);
    const stop = discoverWallets(host, remember);
    announce("first");
    stop();
    expect(namesFound()).to.deep.equal([["first"]]);
  });

  it("ignores announcements once it is stopped", () => {
    const { host, announce } = hostWith([]);
    discoverWallets(host, remember)();
    announce("late");
    expect(found).to.deep.equal([]);
  });

  it("takes window.ethereum if no wallet announces itself", async () => {
    const { host } = hostWith([], provider);
    const stop = discoverWallets(host, remember);
    await pause(400);
    stop();
    expect(namesFound()).to.deep.equal([["Browser wallet"]]);
    expect(found[0]![0]!.provider).to.equal(provider);
  });

  it("ignores window.ethereum if a wallet announces itself", async () => {
    const { host } = hostWith(["first"], provider);
    const stop = discoverWallets(host, remember);
    await pause(400);
    stop();
    expect(namesFound()).to.deep.equal([["first"]]);
  });
});

describe("readAnnouncement", () => {
  it("takes the info and the provider of EIP-6963", () => {
    expect(readAnnouncement({ info: infoOf("one"), provider })).to.deep.equal({ info: infoOf("one"), provider });
  });

  it("drops an icon that would be fetched from elsewhere", () => {
    const info = { ...infoOf("one"), icon: "https://elsewhere.example/icon.png" };
    expect(readAnnouncement({ info, provider })!.info.icon).to.equal("");
  });

  const others: readonly [what: string, detail: unknown][] = [
    ["nothing", undefined],
    ["no provider", { info: infoOf("one") }],
    ["a provider without requests", { info: infoOf("one"), provider: {} }],
    ["no name", { info: { ...infoOf("one"), name: undefined }, provider }],
    ["no uuid", { info: { ...infoOf("one"), uuid: 7 }, provider }],
    ["no rdns", { info: { ...infoOf("one"), rdns: null }, provider }],
  ];
  for (const [what, detail] of others) {
    it(`ignores an event with ${what}`, () => {
      expect(readAnnouncement(detail)).to.equal(undefined);
    });
  }
});

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

  it("reports that the person declined", async () => {
    const { wallet } = walletWith({ eth_requestAccounts: rejected });
    connectWallet(wallet, "ask", report);
    await settled();
    expect(events[1]).to.deep.equal({
      kind: "failed",
      sentence: "You declined in your wallet; nothing was sent. You can try again at any time.",
    });
  });

  it("reports that a wallet shared no account, or failed", async () => {
    connectWallet(walletWith({ eth_requestAccounts: [], eth_chainId: "0x1" }).wallet, "ask", report);
    await settled();
    connectWallet(walletWith({ eth_requestAccounts: new Error("boom") }).wallet, "ask", report);
    await settled();
    expect(events.filter(({ kind }) => kind === "failed")).to.deep.equal([
      { kind: "failed", sentence: "Test Wallet shared no account: unlock it and connect again." },
      { kind: "failed", sentence: "Test Wallet did not connect: try again." },
    ]);
  });

  it("connects silently if the page may already use an account, and reports nothing otherwise", async () => {
    const granted = walletWith({ eth_accounts: [alice], eth_chainId: "0x7a69" }).wallet;
    connectWallet(granted, "silent", report);
    connectWallet(walletWith({ eth_accounts: [], eth_chainId: "0x1" }).wallet, "silent", report);
    connectWallet(walletWith({ eth_accounts: new Error("boom") }).wallet, "silent", report);
    await settled();
    expect(events).to.deep.equal([{ kind: "connected", wallet: granted, account: alice, chainId: 31337 }]);
  });
});
