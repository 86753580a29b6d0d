import { expect } from "chai";
import fc from "fast-check";
import {
  firstWidth,
  kilobytesOf,
  type RangeWidth,
  widthAfterAnswer,
  widthAfterRefusal,
} from "../../scripts/chain/logRange";

/** The width after so many answers of so many kilobytes each. */
function afterAnswers(width: RangeWidth, answers: number, kilobytes: number): RangeWidth {
  return Array.from({ length: answers }).reduce<RangeWidth>((now) => widthAfterAnswer(now, kilobytes), width);
}

describe("The range of blocks that is asked for logs", () => {
  it("is 1,000 at first, ten times as much after 16 answers, and never more", () => {
    expect(firstWidth.blocks).to.equal(1_000n);
    expect(afterAnswers(firstWidth, 16, 0).blocks).to.equal(10_000n);
    expect(afterAnswers(firstWidth, 1_000, 0).blocks).to.equal(10_000n);
    expect(afterAnswers({ ...firstWidth, blocks: 6_000n }, 4, 0).blocks).to.equal(10_000n);
  });

  it("doubles after four answers without a refusal, and after twice as many with each refusal, 64 at most", () => {
    const refused = widthAfterRefusal(firstWidth, 2_000n);
    expect([refused.patience, afterAnswers(refused, 7, 0).blocks, afterAnswers(refused, 8, 0).blocks]).to.deep.equal([
      8,
      2_000n,
      4_000n,
    ]);
    const often = Array.from({ length: 9 }).reduce<RangeWidth>((now) => widthAfterRefusal(now, 2_000n), firstWidth);
    expect(often.patience).to.equal(64);
  });

  it("halves if it held ten megabytes, and does not grow if it held half of that", () => {
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

  it("lies from 1 to 10,000 blocks whatever a node says", () => {
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
