import { expect } from "chai";
import { questionTo } from "../../../scripts/page/models/nodeQuestion";
import { type BlobStore } from "../../../scripts/nodes/blobs/store";
import { blobRoutes } from "../../../scripts/nodes/blobs/routes";

const emptyStore: BlobStore = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.reject(new Error("nothing is put")),
  prune: () => Promise.resolve(0),
};

describe("The question whether a published node answers", () => {
  it("is asked of http and https addresses alone, as their people wrote them", () => {
    const blob = `/v1/blobs/0x${"0".repeat(64)}`;
    expect(questionTo("https://miner.example:8090")).to.equal(`https://miner.example:8090${blob}`);
    expect(questionTo("http://10.0.0.1/node/?x=1#y")).to.equal(`http://10.0.0.1/node${blob}`);
    for (const other of ["javascript:alert(1)", "ftp://miner.example", "https://a:b@miner.example", "miner", ""]) {
      expect(questionTo(other), other).to.equal(undefined);
    }
  });

  it("has the answer that the page shows", async () => {
    const answer = await blobRoutes(emptyStore, () => false).request(questionTo("http://miner.example")!);
    expect([answer.status, await answer.json()]).to.deep.equal([404, { error: "This node does not have the blob." }]);
  });
});
