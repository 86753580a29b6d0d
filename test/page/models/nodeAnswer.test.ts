import { expect } from "chai";
import { Hono } from "hono";
import { askNode, questionTo } from "../../../scripts/page/models/nodeAnswer";
import { type BlobStore } from "../../../scripts/nodes/blobs/store";
import { blobRoutes } from "../../../scripts/nodes/blobs/routes";
import { listenOn } from "../../../scripts/serve/server";

const emptyStore: BlobStore = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.reject(new Error("nothing is put")),
  prune: () => Promise.resolve(0),
};

describe("Whether a published node answers", () => {
  it("is asked of http and https addresses alone, as their people wrote them", () => {
    const blob = `/v1/blobs/0x${"0".repeat(64)}`;
    expect(questionTo("https://miner.example:8090")).to.equal(`https://miner.example:8090${blob}`);
    expect(questionTo("http://10.0.0.1/node/?x=1#y")).to.equal(`http://10.0.0.1/node${blob}`);
    for (const other of ["javascript:alert(1)", "ftp://miner.example", "https://a:b@miner.example", "miner", ""]) {
      expect(questionTo(other), other).to.equal(undefined);
    }
  });

  it("is yes where it says that nobody's blob is not there, to pages of any origin", async () => {
    const server = await listenOn(
      { host: "127.0.0.1", port: 0 },
      blobRoutes(emptyStore, () => false),
    );
    const question = questionTo(server.url)!;
    expect(await askNode(question)).to.deep.equal({ tone: "good", sentence: "It answers." });
    expect((await fetch(question)).headers.get("Access-Control-Allow-Origin")).to.equal("*");
    await server.close();
    expect(await askNode(question)).to.deep.equal({ tone: "bad", sentence: "It does not answer from this browser." });
  });

  it("is doubted where something else answers, and a redirection is not followed", async () => {
    const app = new Hono().get("/moved/*", (c) => c.redirect("/there")).get("*", (c) => c.text("hello"));
    const server = await listenOn({ host: "127.0.0.1", port: 0 }, app);
    expect(await askNode(questionTo(server.url)!)).to.deep.equal({
      tone: "warn",
      sentence: "Something answers with status 200, which no node of this network does.",
    });
    expect((await askNode(questionTo(`${server.url}/moved`)!)).tone).to.equal("bad");
    await server.close();
  });
});
