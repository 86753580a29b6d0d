import { expect } from "chai";
import { gzipSync } from "node:zlib";
import { abiModule, UnknownFactoryError } from "../../../scripts/page/serve/abiOnly";
import { type BuiltPage, buildPage } from "../../../scripts/page/serve/buildPage";
import { pageRoutes } from "../../../scripts/page/serve/pageRoutes";
import { Treasury__factory } from "../../../typechain-types";

/** What a phone on a slow network has to load, at most. */
const mostCompressedBytes = 200_000;

describe("The page as it is served", () => {
  let page: BuiltPage;

  before(async () => {
    page = await buildPage({ rpcUrl: "http://127.0.0.1:8545/key?a=1&b=2", explorerUrl: null });
  });

  it("is small: no bytecode, no ethers, no schema library, less than 200 kB compressed", () => {
    expect(page.script).not.to.match(/ContractFactory|ZodError/);
    expect(page.script).not.to.include(Treasury__factory.bytecode.slice(0, 200));
    expect(gzipSync(page.script).length).to.be.below(mostCompressedBytes);
  });

  it("allows nothing but its own server and the endpoint, and no inline script or style", () => {
    expect(page.contentSecurityPolicy).to.include("connect-src 'self' http://127.0.0.1:8545;");
    expect(page.contentSecurityPolicy).to.include("default-src 'none'; script-src 'self'; style-src 'self';");
    expect(page.contentSecurityPolicy).not.to.include("unsafe");
    expect(page.html).not.to.match(/<script(?![^>]*src=)|<style|style=|https?:\/\/(?!127\.0\.0\.1)/);
  });

  it("is told of its surroundings in attributes, escaped", () => {
    expect(page.html).to.include('data-rpc-url="http://127.0.0.1:8545/key?a=1&amp;b=2"');
    expect(page.html).not.to.include("data-explorer-url");
  });

  it("comes compressed, with its policy, and not again while it is the same", async () => {
    const routes = pageRoutes(page);
    const answer = await routes.request("/page.js", { headers: { "Accept-Encoding": "gzip" } });
    expect(answer.headers.get("Content-Encoding")).to.equal("gzip");
    expect(answer.headers.get("Content-Security-Policy")).to.equal(page.contentSecurityPolicy);
    const again = await routes.request("/page.js", { headers: { "If-None-Match": answer.headers.get("ETag")! } });
    expect(again.status).to.equal(304);
  });
});

describe("A generated factory in the browser", () => {
  it("is its ABI and nothing else", () => {
    const source =
      'import { x } from "ethers";\n\nconst _abi = [\n  { internalType: "uint8", type: "uint8" },\n] as const;\nclass A {}\n';
    expect(abiModule(source, "A__factory").replaceAll(/\s+/g, " ")).to.equal(
      'export const A__factory = { abi: [ { type: "uint8" }, ] };',
    );
  });

  it("is refused where it holds no ABI as the generator writes it", () => {
    expect(() => abiModule("export {};", "A__factory")).to.throw(
      UnknownFactoryError,
      'A__factory declares no "const _abi = […] as const": typechain has changed.',
    );
  });
});
