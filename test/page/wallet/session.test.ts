import { expect } from "chai";
import { type EIP1193Provider } from "viem";
import { legacyWallet } from "../../../scripts/page/wallet/connect";
import { accountOf, nextSession, nobody, type Session, type SessionEvent } from "../../../scripts/page/wallet/session";

const alice = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const bob = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const wallet = legacyWallet({} as EIP1193Provider);
const connected: Session = { kind: "connected", wallet, account: alice, chainId: 31337 };
const after = (...events: SessionEvent[]) => events.reduce(nextSession, nobody);

describe("A wallet session", () => {
  it("belongs to nobody at first", () => {
    expect(nobody).to.deep.equal({ kind: "nobody", notice: null });
    expect(accountOf(nobody)).to.equal(undefined);
  });

  it("waits for the wallet, then belongs to its account", () => {
    expect(after({ kind: "askedToConnect", wallet })).to.deep.equal({ kind: "connecting", wallet });
    expect(after({ kind: "askedToConnect", wallet }, connected)).to.deep.equal(connected);
    expect(accountOf(connected)).to.equal(alice);
  });

  it("says why it could not begin", () => {
    const session = after({ kind: "askedToConnect", wallet }, { kind: "failed", sentence: "No." });
    expect(session).to.deep.equal({ kind: "nobody", notice: "No." });
  });

  it("follows the wallet to another account and another chain", () => {
    const changed = after(
      connected,
      { kind: "accountsChanged", accounts: [bob, alice] },
      { kind: "chainChanged", chainId: 1 },
    );
    expect(changed).to.deep.equal({ kind: "connected", wallet, account: bob, chainId: 1 });
  });

  it("ends, and says so, when the wallet removes its accounts", () => {
    expect(after(connected, { kind: "accountsChanged", accounts: [] })).to.deep.equal({
      kind: "nobody",
      notice: "Browser wallet no longer shares an account. Connect again.",
    });
  });

  it("ends when the person disconnects", () => {
    expect(after(connected, { kind: "disconnected" })).to.deep.equal(nobody);
  });

  it("shows any address without a wallet, and then ignores events of the wallet before", () => {
    const watching = after(connected, { kind: "watched", account: bob });
    expect(watching).to.deep.equal({ kind: "watching", account: bob });
    expect(accountOf(watching)).to.equal(bob);
    expect(nextSession(watching, { kind: "accountsChanged", accounts: [alice] })).to.deep.equal(watching);
    expect(nextSession(watching, { kind: "chainChanged", chainId: 1 })).to.deep.equal(watching);
  });
});
