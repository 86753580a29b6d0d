import { expect } from "chai";
import { PageUrlError, pageSettingsOf } from "../../../scripts/page/serve/buildPage";

const local = "http://127.0.0.1:8545";
const secret = "https://mainnet.example/v3/secret-key";

describe("The page's settings", () => {
  it("is the node on this machine, if the server reads from it", () => {
    expect(pageSettingsOf({}, local)).to.deep.equal({ rpcUrl: local, explorerUrl: null });
    expect(pageSettingsOf({}, "http://localhost:1/")).to.deep.equal({
      rpcUrl: "http://localhost:1",
      explorerUrl: null,
    });
  });

  it("is never an endpoint elsewhere, or several, unless it was given for the page", () => {
    expect(pageSettingsOf({}, secret).rpcUrl).to.equal(null);
    expect(pageSettingsOf({}, `${local},${secret}`).rpcUrl).to.equal(null);
    expect(pageSettingsOf({ rpcUrl: "https://public.example/" }, secret).rpcUrl).to.equal("https://public.example");
  });

  it("is an explorer without a slash at its end", () => {
    expect(pageSettingsOf({ explorerUrl: "https://scan.example//" }, local).explorerUrl).to.equal(
      "https://scan.example",
    );
  });

  it("refuses what is not an address", () => {
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
