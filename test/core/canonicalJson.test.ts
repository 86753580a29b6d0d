import { expect } from "chai";
import fc from "fast-check";
import { keccak256, stringToBytes } from "viem";
import {
  canonicalHash,
  canonicalJson,
  canonicalPieces,
  type Json,
  type StreamedJson,
} from "../../scripts/core/canonicalJson";
import { keccak256OfText } from "../../scripts/core/epochInput/writeEpoch";

const anyJson = fc.jsonValue({ stringUnit: "grapheme" }) as fc.Arbitrary<Json>;

describe("Canonical JSON", () => {
  it("sorts fields by UTF-16 code units and has no white space (RFC 8785)", () => {
    const value = { "\u20ac": 1, "\r": 2, "\ufb33": [3, { b: 1e21, a: -0 }], "\ud83d\ude00": null, "1": "\u000f" };
    const text = '{"\\r":2,"1":"\\u000f","\u20ac":1,"\ud83d\ude00":null,"\ufb33":[3,{"a":0,"b":1e+21}]}';
    expect(canonicalJson(value)).to.equal(text);
  });

  it("in pieces is the same text, for any value", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect([...canonicalPieces(value)].join("")).to.equal(canonicalJson(value));
      }),
    );
  });

  it("in pieces accepts lists that are generated on demand", () => {
    function* squares(): Generator<StreamedJson> {
      for (let i = 1; i <= 3; i++) yield { square: i * i, of: [i] };
    }
    const text = '{"none":[],"some":[{"of":[1],"square":1},{"of":[2],"square":4},{"of":[3],"square":9}]}';
    expect([...canonicalPieces({ some: squares(), none: [] })].join("")).to.equal(text);
  });

  it("is hashed as UTF-8, whole or in pieces", async () => {
    await fc.assert(
      fc.asyncProperty(anyJson, async (value) => {
        const hash = keccak256(stringToBytes(canonicalJson(value)));
        expect(canonicalHash(value)).to.equal(hash);
        expect(await keccak256OfText(canonicalPieces(value))).to.equal(hash);
      }),
    );
  });

  it("is hashed in pieces of any number and any length", async () => {
    const pieces = ["", "€".repeat(70_000), "a", ...Array.from({ length: 100_000 }, (_, i) => `${i},`)];
    expect(await keccak256OfText(pieces)).to.equal(keccak256(stringToBytes(pieces.join(""))));
    expect(await keccak256OfText([])).to.equal(keccak256("0x"));
  });
});
