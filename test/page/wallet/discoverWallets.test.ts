import { expect } from "chai";
import { type EIP1193Provider } from "viem";
import { type AnnouncedWallet, discoverWallets, readAnnouncement } from "../../../scripts/page/wallet/discoverWallets";

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

  it("finds every wallet that announces itself, and those that come later", () => {
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

  it("hears nothing any more once stopped", () => {
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
  it("takes what EIP-6963 says", () => {
    expect(readAnnouncement({ info: infoOf("one"), provider })).to.deep.equal({ info: infoOf("one"), provider });
  });

  it("drops an icon that would be fetched from elsewhere", () => {
    const info = { ...infoOf("one"), icon: "https://elsewhere.example/icon.png" };
    expect(readAnnouncement({ info, provider })!.info.icon).to.equal("");
  });

  const others: readonly [what: string, detail: unknown][] = [
    ["nothing", undefined],
    ["no provider", { info: infoOf("one") }],
    ["a provider that can't be asked", { info: infoOf("one"), provider: {} }],
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
