import { expect } from "chai";
import { type Address } from "viem";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { parseScores, readSealedScores, saveSealedScores, ScoresError } from "../../scripts/actions/scoreFiles";
import { commitmentOf, encodeScores } from "../../scripts/core/scores";
import { lowerCase } from "../../scripts/core/address";

const [first, second] = [
  "0x00000000000000000000000000000000000000AA",
  "0x00000000000000000000000000000000000000bb",
] as const;
const miners = [first, second].map((account: Address, i) => ({ minerId: i + 1, account, activeFromEpoch: 0n }));

describe("A file of scores", () => {
  it("gives scores to miners, by id or by address in any case", () => {
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
    ["a score that isn't whole", { "1": 0.5 }, `The field 1 ${range}`],
    ["a score in quotes", { "1": "7" }, `The field 1 ${range}`],
    ["a score that is null", { "1": null }, `The field 1 ${range}`],
    ["an unknown id", { "3": 1 }, 'The field 3 does not name a miner: see "npx mdt miner list".'],
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

describe("Scores saved between commit and reveal", () => {
  const [scoreBoard, validator] = [lowerCase(first), second];
  const board = { chainId: 31_337, scoreBoard };
  const payload = encodeScores([{ minerId: 1, scoreU16: 7 }]);
  const salt = `0x${"5".repeat(64)}` as const;
  const commitment = commitmentOf(payload, { ...board, validator: lowerCase(validator), epoch: 3n, salt });
  const sealed = { epoch: 3, validator, payload, salt, commitment };
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "moderntensor-scores-"));
    path = await saveSealedScores(folder, sealed);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("are read as they were saved, and not found for another commitment", () => {
    expect(readSealedScores(folder, sealed, board)).to.deep.equal(sealed);
    expect(readSealedScores(folder, { ...sealed, epoch: 4 }, board)).to.equal(undefined);
    writeFileSync(path, JSON.stringify({ ...sealed, epoch: 9, commitment: salt }));
    expect(readSealedScores(folder, sealed, board), "its name and its salt say what it is").to.deep.equal(sealed);
  });

  const damages: readonly (readonly [what: string, text: string | undefined, problem: string])[] = [
    ["is empty", "", "is not JSON: Unexpected end of JSON input"],
    ["is a directory", undefined, "is not a file"],
    ["is other JSON", "[]", "does not hold the scores that were committed"],
    [
      "has a duplicate field",
      JSON.stringify(sealed).replace("{", '{"salt":"0x","salt":"0x",'),
      "contains the field salt twice",
    ],
    [
      "has another salt",
      JSON.stringify({ ...sealed, salt: `0x${"6".repeat(64)}` }),
      "does not hold the scores that were committed",
    ],
    [
      "has other scores",
      JSON.stringify({ ...sealed, payload: encodeScores([{ minerId: 1, scoreU16: 8 }]) }),
      "does not hold the scores that were committed",
    ],
    ["is huge", " ".repeat((1 << 24) + 1), "is too large: the limit is 16777216 bytes"],
  ];
  for (const [what, text, problem] of damages) {
    it(`are set aside if their file ${what}, and the error says what restores them`, () => {
      rmSync(path);
      if (text === undefined) mkdirSync(path);
      else writeFileSync(path, text);
      expect(() => readSealedScores(folder, sealed, board)).to.throw(
        ScoresError,
        `${path} ${problem}; it is set aside as ${basename(path)}.set-aside: name the file of these scores with --input, and sign with the key that committed.`,
      );
      expect(readSealedScores(folder, sealed, board)).to.equal(undefined);
      expect(readdirSync(join(folder, "scores"))).to.deep.equal([`${basename(path)}.set-aside`]);
    });
  }
});
