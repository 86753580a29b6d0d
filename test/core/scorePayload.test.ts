import { expect } from "chai";
import fc from "fast-check";
import { concatHex, encodePacked, keccak256, numberToHex, pad } from "viem";
import { commitmentOf, decodeScores, encodeScores, type Score } from "../../scripts/core/scores";
import { accountOf } from "../shared/rewardLists";

const maxMinerId = 2 ** 32 - 1;

const scoreLists: fc.Arbitrary<Score[]> = fc.uniqueArray(
  fc.record({
    minerId: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: maxMinerId })),
    scoreU16: fc.integer({ min: 0, max: 65_535 }),
  }),
  { selector: ({ minerId }) => minerId },
);

describe("A payload of scores", () => {
  it("is packed as Solidity packs (uint32, uint16), one row after the other", () => {
    const payload = encodeScores([
      { minerId: 1, scoreU16: 65_535 },
      { minerId: 300, scoreU16: 7 },
    ]);
    expect(payload).to.equal(encodePacked(["uint32", "uint16", "uint32", "uint16"], [1, 65_535, 300, 7]));
  });

  it("is sorted by miner, for any order of the scores", () => {
    fc.assert(
      fc.property(scoreLists, (scores) => {
        expect(encodeScores(scores.toReversed())).to.equal(encodeScores(scores));
      }),
    );
  });

  it("is read back as it was written, sorted by miner", () => {
    fc.assert(
      fc.property(scoreLists, (scores) => {
        const sorted = scores.toSorted((a, b) => a.minerId - b.minerId);
        expect(decodeScores(encodeScores(scores), maxMinerId)).to.deep.equal(sorted);
      }),
    );
  });

  it("may be empty, and then lists no miner", () => {
    expect(encodeScores([])).to.equal("0x");
    expect(decodeScores("0x", 12)).to.deep.equal([]);
  });

  it("holds no score above 65,535", () => {
    expect(() => encodeScores([{ minerId: 1, scoreU16: 65_536 }])).to.throw(
      /not in safe 16-bit unsigned integer range/,
    );
  });

  describe("is malformed", () => {
    const row = (minerId: number) => concatHex([numberToHex(minerId, { size: 4 }), "0x0001"]);
    const cases = [
      ["if a miner is named twice", [row(1), row(2), row(2)]],
      ["if ids decrease", [row(2), row(1)]],
      ["if it names miner 0", [row(0), row(1)]],
      ["if an id is one above the last miner's", [row(1), row(4)]],
    ] as const;
    for (const [title, rows] of cases) {
      it(title, () => {
        expect(decodeScores(concatHex(rows), 3)).to.equal(undefined);
      });
    }

    it("but not if it names the last miner", () => {
      expect(decodeScores(row(3), 3)).to.deep.equal([{ minerId: 3, scoreU16: 1 }]);
    });
  });
});

describe("A commitment to scores", () => {
  const context = {
    chainId: 31_337,
    scoreBoard: accountOf(1),
    validator: accountOf(2),
    epoch: 5n,
    salt: pad("0x07"),
  };

  it("is the hash of chain, contract, validator, epoch, the payload's hash and the salt, each in 32 bytes", () => {
    const words = [
      numberToHex(31_337),
      accountOf(1),
      accountOf(2),
      numberToHex(5),
      keccak256("0x000000010007"),
      "0x07",
    ];
    const expected = keccak256(concatHex(words.map((word) => pad(word as `0x${string}`))));
    expect(commitmentOf("0x000000010007", context)).to.equal(expected);
  });

  it("differs for another chain, contract, validator, epoch, salt or payload", () => {
    const others = [
      commitmentOf("0x", context),
      commitmentOf("0x", { ...context, chainId: 1 }),
      commitmentOf("0x", { ...context, scoreBoard: accountOf(3) }),
      commitmentOf("0x", { ...context, validator: accountOf(3) }),
      commitmentOf("0x", { ...context, epoch: 6n }),
      commitmentOf("0x", { ...context, salt: pad("0x08") }),
      commitmentOf("0x000000010007", context),
    ];
    expect(new Set(others).size).to.equal(others.length);
  });
});
