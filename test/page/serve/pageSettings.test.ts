import { expect } from "chai";
import { PageUrlError, pageSettingsOf } from "../../../scripts/page/serve/buildPage";

const local = "http://127.0.0.1:8545";
const secret = "https://mainnet.example/v3/secret-key";

describe("The page's settings", () => {
  it("have the server's endpoint if it is a node on this machine", () => {
    expect(pageSettingsOf({}, local)).to.deep.equal({ rpcUrl: local, explorerUrl: null });
    expect(pageSettingsOf({}, "http://localhost:1/")).to.deep.equal({
      rpcUrl: "http://localhost:1",
      explorerUrl: null,
    });
  });

  it("have no endpoint if the server's is elsewhere or is several, unless one is given for the page", () => {
    expect(pageSettingsOf({}, secret).rpcUrl).to.equal(null);
    expect(pageSettingsOf({}, `${local},${secret}`).rpcUrl).to.equal(null);
    expect(pageSettingsOf({ rpcUrl: "https://public.example/" }, secret).rpcUrl).to.equal("https://public.example");
  });

  it("have an explorer's address without slashes at its end", () => {
    expect(pageSettingsOf({ explorerUrl: "https://scan.example//" }, local).explorerUrl).to.equal(
      "https://scan.example",
    );
  });

  it("are refused if an address doesn't begin with http:// or https://", () => {
    expect(() => pageSettingsOf({ explorerUrl: "scan.example" }, local)).to.throw(
      PageUrlError,
      '--explorer-url must be an address that begins with http:// or https://, not "scan.example".',
    );
    expect(() => pageSettingsOf({ rpcUrl: "ftp://x" }, local)).to.throw(
      PageUrlError,
      '--rpc-url must be an address that begins with http:// or https://, not "ftp://x".',
    );
  });
});
