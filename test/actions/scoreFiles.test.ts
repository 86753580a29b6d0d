import { expect } from "chai";
import { type Address } from "viem";
import { parseScores } from "../../scripts/actions/scoreFiles";

const [first, second] = [
  "0x00000000000000000000000000000000000000Aa",
  "0x00000000000000000000000000000000000000Bb",
] as const;
const miners = [first, second].map((account: Address, i) => ({ minerId: i + 1, account, activeFromEpoch: 0n }));

describe("A file of scores", () => {
  it("gives miners, by id or by address in any case, their scores", () => {
    expect(parseScores({ "2": 0, [first.toLowerCase()]: 65_535 }, miners)).to.deep.equal([
      { minerId: 2, scoreU16: 0 },
      { minerId: 1, scoreU16: 65_535 },
    ]);
    expect(parseScores({}, miners)).to.deep.equal([]);
  });

  const range = "must be a whole number from 0 to 65535.";
  const refused: readonly (readonly [what: string, value: unknown, message: string])[] = [
    ["a score above the maximum", { "1": 65_536 }, `The field 1 ${range}`],
    ["a negative score", { "1": -1 }, `The field 1 ${range}`],
    ["a score that is not whole", { "1": 0.5 }, `The field 1 ${range}`],
    ["a score in quotes", { "1": "7" }, `The field 1 ${range}`],
    ["a score that is null", { "1": null }, `The field 1 ${range}`],
    ["an id of nobody", { "3": 1 }, 'The field 3 names no miner: see "npx hardhat miner list".'],
    ["a miner named twice", { "1": 1, [first]: 1 }, `The field ${first} names miner 1 a second time.`],
    ["a list", [1, 2], 'The input must be an object of scores by miner, like { "1": 65535 }.'],
    ["a number", 7, 'The input must be an object of scores by miner, like { "1": 65535 }.'],
  ];
  for (const [what, value, message] of refused) {
    it(`is refused with ${what}`, () => {
      expect(() => parseScores(value, miners)).to.throw(message);
    });
  }
});
