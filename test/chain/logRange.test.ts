import { expect } from "chai";
import fc from "fast-check";
import {
  blocksAfterRefusal,
  firstWidth,
  kilobytesOf,
  rangeOf,
  type RangeWidth,
  wideRangeOf,
  widthAfterAnswer,
  widthAfterRefusal,
  wordsOfNode,
} from "../../scripts/chain/logRange";

/** The width after `answers` answers of `kilobytes` kilobytes each. */
function afterAnswers(width: RangeWidth, answers: number, kilobytes: number): RangeWidth {
  return Array.from({ length: answers }).reduce<RangeWidth>((now) => widthAfterAnswer(now, kilobytes), width);
}

describe("The range of blocks in a request for logs", () => {
  it("is 1,000 at first, 10,000 after 16 answers, and never more", () => {
    expect(firstWidth.blocks).to.equal(1_000n);
    expect([3, 4].map((answers) => afterAnswers(firstWidth, answers, 0).blocks)).to.deep.equal([1_000n, 2_000n]);
    expect(afterAnswers(firstWidth, 16, 0).blocks).to.equal(10_000n);
    expect(afterAnswers(firstWidth, 1_000, 0).blocks).to.equal(10_000n);
    expect(afterAnswers({ ...firstWidth, blocks: 6_000n }, 4, 0).blocks).to.equal(10_000n);
  });

  it("doubles after four answers; each refusal doubles that number of answers, up to 64", () => {
    const refused = widthAfterRefusal(firstWidth, 2_000n);
    expect([refused.patience, afterAnswers(refused, 7, 0).blocks, afterAnswers(refused, 8, 0).blocks]).to.deep.equal([
      8,
      2_000n,
      4_000n,
    ]);
    const often = Array.from({ length: 9 }).reduce<RangeWidth>((now) => widthAfterRefusal(now, 2_000n), firstWidth);
    expect(often.patience).to.equal(64);
  });

  it("halves after an answer of more than 10 MB, and doesn't grow after one of more than 5 MB", () => {
    expect(widthAfterAnswer(firstWidth, 10_000).blocks).to.equal(1_000n);
    expect(widthAfterAnswer(firstWidth, 10_001).blocks).to.equal(500n);
    const narrow = { ...firstWidth, blocks: 100n };
    expect(afterAnswers(narrow, 4, 5_000).blocks).to.equal(200n);
    expect(afterAnswers(narrow, 100, 5_001).blocks).to.equal(100n);
    expect(widthAfterAnswer({ ...narrow, blocks: 1n }, 10_001).blocks).to.equal(1n);
  });

  it("counts a short log as a kilobyte, and one with 4 KiB in it as nine", () => {
    const log = (bytes: number) => ({ data: `0x${"a5".repeat(bytes)}` });
    expect(kilobytesOf([log(0), log(320)])).to.equal(2);
    expect(kilobytesOf([log(4_096 + 224)])).to.equal(9);
    expect(kilobytesOf([log(499)])).to.equal(2);
  });

  it("stays between 1 and 10,000 blocks, whatever a node says", () => {
    const answer = fc.oneof(fc.nat(30_000), fc.constant("refused" as const));
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 200 }), (answers) => {
        let width = firstWidth;
        for (const said of answers) {
          width =
            said === "refused" ? widthAfterRefusal(width, width.blocks / 2n || 1n) : widthAfterAnswer(width, said);
          expect(width.blocks >= 1n && width.blocks <= 10_000n).to.equal(true);
        }
      }),
    );
  });
});

const logs = (fromBlock: unknown, toBlock: unknown) => ({ method: "eth_getLogs", params: [{ fromBlock, toBlock }] });

/** A range of `blocks` blocks. */
const rangeOfBlocks = (blocks: bigint, fromBlock = 5_000_000n) => ({ fromBlock, toBlock: fromBlock + blocks - 1n });

describe("A refused range of logs", () => {
  it("is recognised if it lies between two block numbers, and can be narrowed if it has more than one block", () => {
    expect(rangeOf(logs("0x1", "0x3"))).to.deep.equal({ fromBlock: 1n, toBlock: 3n });
    expect(wideRangeOf(logs("0x1", "0x2"))).to.deep.equal({ fromBlock: 1n, toBlock: 2n });
    expect(rangeOf(logs("0x1", "0x1"))).to.deep.equal({ fromBlock: 1n, toBlock: 1n });
    expect(wideRangeOf(logs("0x1", "0x1"))).to.equal(undefined);
    const filter = { ...logs("0x1", "0x3"), method: "eth_newFilter" };
    for (const call of [logs("0x1", "latest"), logs(undefined, "0x1"), filter, { method: "eth_call", params: [] }]) {
      expect(rangeOf(call)).to.equal(undefined);
    }
    expect(rangeOf({ method: "eth_getLogs", params: [] })).to.equal(undefined);
  });

  for (const [provider, words, blocks] of [
    [
      "Alchemy",
      "You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block range should work: [0x1a30dfd, 0x1a30ff0]",
      500n,
    ],
    [
      "Alchemy's free plan",
      "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range.",
      10n,
    ],
    ["Tenderly", "invalid params: range 9009594 is bigger than range limit 800", 800n],
    ["Infura", "query returned more than 10000 results. Try with this block range [0x4c4b40, 0x4c4b5f].", 32n],
    ["QuickNode", "eth_getLogs is limited to a 100 range", 100n],
    ["1RPC", "eth_getLogs is limited to 0 - 50 blocks range", 50n],
    ["Cloudflare", "Max range: 800", 800n],
    ["drpc", "ranges over 10000 blocks are not supported on freetier", 500n],
    ["a provider", "use ranges of 2k blocks or fewer, or of 100", 100n],
    ["a provider", "retry with the range 5000000-5000099", 100n],
    ["a provider", "try 5000000 to 5000249", 250n],
    ["a provider", "exceeds maximum block range: 0", 500n],
    ["a provider", "", 500n],
    ["a provider", "no words that anyone knows, 17 of them", 500n],
  ] as const) {
    it(`of 1,000 blocks is narrowed to ${blocks} after ${provider} said "${words.slice(0, 60)}"`, () => {
      expect(blocksAfterRefusal(words, rangeOfBlocks(1_000n))).to.equal(blocks);
    });
  }

  it("isn't narrowed to a number that only repeats the request", () => {
    for (const words of [
      "range 1000 is too large",
      "block range 999 exceeds the limit",
      "range 5000000-5000999 refused",
    ]) {
      expect(blocksAfterRefusal(words, rangeOfBlocks(1_000n)), words).to.equal(500n);
    }
    expect(blocksAfterRefusal("blocks 100 to 1099 are too many", rangeOfBlocks(1_000n, 100n))).to.equal(500n);
  });

  it("shrinks by at least a tenth and keeps at least one block, whatever a node says", () => {
    const words = fc
      .string()
      .chain((text) => fc.constantFrom(text, `${text} range 7`, `1999 blocks ${text}`, "0x1,0x0"));
    fc.assert(
      fc.property(words, fc.bigInt(2n, 10_000n), (said, blocks) => {
        const next = blocksAfterRefusal(said, rangeOfBlocks(blocks));
        expect(next >= 1n && next * 10n <= blocks * 9n).to.equal(true);
      }),
    );
  });
});

describe("The text of an error", () => {
  it("is its message and every text in its data once, in whatever form, without bytes", () => {
    expect(wordsOfNode({ message: "no", data: "never" })).to.equal("no: never");
    expect(wordsOfNode({ message: "no", data: { payload: "never", more: ["no", 5, null, "0xab"] } })).to.equal(
      "no: never",
    );
    expect(wordsOfNode({ message: "no", data: null })).to.equal("no");
    expect(wordsOfNode({ message: "", data: undefined })).to.equal("");
  });
});
