import { expect } from "chai";
import { artifacts } from "hardhat";
import { gzipSync } from "node:zlib";
import { type BuiltPage, buildPage, pageRoutes } from "../../../scripts/page/serve/buildPage";

/** Maximum size of the script, for a phone on a slow network. */
const mostCompressedBytes = 200_000;

describe("The served page", () => {
  let page: BuiltPage;

  before(async () => {
    page = await buildPage({ rpcUrl: "http://127.0.0.1:8545/key?a=1&b=2", explorerUrl: null });
  });

  it("has a small script: no bytecode, no ethers, no schema library, less than 200 kB compressed", async () => {
    expect(page.script).not.to.match(/ContractFactory|ZodError/);
    expect(page.script).not.to.include((await artifacts.readArtifact("Treasury")).bytecode.slice(0, 200));
    expect(gzipSync(page.script).length).to.be.below(mostCompressedBytes);
  });

  it("allows only its own server and the endpoint, and no inline script or style", () => {
    expect(page.contentSecurityPolicy).to.include("connect-src 'self' http://127.0.0.1:8545;");
    expect(page.contentSecurityPolicy).to.include("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(page.contentSecurityPolicy).not.to.include("unsafe");
    expect(page.html).not.to.match(/<script(?![^>]*src=)|<style|style=|https?:\/\/(?!127\.0\.0\.1)/);
  });

  it("has its settings in escaped attributes", () => {
    expect(page.html).to.include('data-rpc-url="http://127.0.0.1:8545/key?a=1&amp;b=2"');
    expect(page.html).not.to.include("data-explorer-url");
  });

  it("is sent compressed, with its security policy, and not again if it hasn't changed", async () => {
    const routes = pageRoutes(page);
    const answer = await routes.request("/page.js", { headers: { "Accept-Encoding": "gzip" } });
    expect(answer.headers.get("Content-Encoding")).to.equal("gzip");
    expect(answer.headers.get("Content-Security-Policy")).to.equal(page.contentSecurityPolicy);
    const again = await routes.request("/page.js", { headers: { "If-None-Match": answer.headers.get("ETag")! } });
    expect(again.status).to.equal(304);
  });
});
