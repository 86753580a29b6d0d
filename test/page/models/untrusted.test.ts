import { expect } from "chai";
import { bytesToHex, stringToHex } from "viem";
import { digitImages } from "../../../scripts/nodes/digits/samples";
import { contentOf, questionTo, shortened } from "../../../scripts/page/models/untrusted";
import { type BlobStore } from "../../../scripts/nodes/blobs/store";
import { blobRoutes } from "../../../scripts/nodes/blobs/routes";

describe("A task's input or result on the page", () => {
  it("is a picture if it has 49 bytes that are not text", () => {
    const { image } = digitImages[0]!;
    expect(contentOf(bytesToHex(image))).to.deep.equal({ kind: "image", greys: [...image] });
    expect(contentOf(bytesToHex(image.subarray(1))).kind).to.equal("hex");
    expect(contentOf(stringToHex("x".repeat(49))).kind).to.equal("text");
  });

  it("is a digit if it is one byte from 0 to 9", () => {
    expect(contentOf("0x07")).to.deep.equal({ kind: "digit", text: "7" });
    expect(contentOf("0x0a")).to.deep.equal({ kind: "hex", text: "0x0a" });
  });

  it("is text if all of it is visible, and hexadecimal digits otherwise", () => {
    expect(contentOf(stringToHex("<b>né</b>"))).to.deep.equal({ kind: "text", text: "<b>né</b>" });
    for (const hidden of ["a\u202eb", "a\u0000", "a\u200bb", " \n"]) {
      expect(contentOf(stringToHex(hidden)).kind, JSON.stringify(hidden)).to.equal("hex");
    }
    expect(contentOf("0xff41")).to.deep.equal({ kind: "hex", text: "0xff41" });
  });

  it("is called off-chain if the chain doesn't have it, but empty if it has no bytes", () => {
    expect(contentOf(null)).to.deep.equal({ kind: "offChain" });
    expect(contentOf("0x")).to.deep.equal({ kind: "empty" });
  });

  it("is truncated if it is long, but never within a character", () => {
    expect(shortened("four", 4)).to.equal("four");
    expect(shortened("fünf!", 4)).to.equal("fün…");
    expect(shortened("🙂🙂🙂", 2)).to.equal("🙂…");
  });
});

const emptyStore: BlobStore = {
  get: () => Promise.resolve(undefined),
  put: () => Promise.reject(new Error("nothing is put")),
  prune: () => Promise.resolve(0),
};

const fail = (error: unknown) => expect.fail(String(error));

describe("The check that a published node answers", () => {
  it("is made only at http and https addresses, without their query and without credentials", () => {
    const blob = `/v1/blobs/0x${"0".repeat(64)}`;
    expect(questionTo("https://miner.example:8090")).to.equal(`https://miner.example:8090${blob}`);
    expect(questionTo("http://10.0.0.1/node/?x=1#y")).to.equal(`http://10.0.0.1/node${blob}`);
    for (const other of ["javascript:alert(1)", "ftp://miner.example", "https://a:b@miner.example", "miner", ""]) {
      expect(questionTo(other), other).to.equal(undefined);
    }
  });

  it("gets status 404 and a node's own error from a node that lacks the blob", async () => {
    const answer = await blobRoutes(emptyStore, () => false, fail).request(questionTo("http://miner.example")!);
    expect([answer.status, await answer.json()]).to.deep.equal([404, { error: "This node does not have the blob." }]);
  });
});
