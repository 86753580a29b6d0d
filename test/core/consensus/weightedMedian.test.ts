import { expect } from "chai";
import { divide, ONE } from "../../../scripts/core/consensus/fixed32";
import { consensusWeights } from "../../../scripts/core/consensus/agreement";
import { sparse } from "../../shared/yumaNetworks";
import { U16_MAX } from "../../../scripts/core/fixedPoint";

const HALF = 32_767;

/** The consensus on one miner, from each validator's stake and weight. */
function consensusOn(votes: readonly (readonly [stake: number, weight: number])[], kappaU16: number): number {
  const rows = votes.map(([, weight]) => sparse([weight]));
  const stakes = Float64Array.from(votes, ([stake]) => stake);
  return consensusWeights(rows, stakes, divide(kappaU16, U16_MAX), 1)[0]!;
}

describe("The consensus on a miner", () => {
  const cases: readonly (readonly [string, Parameters<typeof consensusOn>[0], number, number])[] = [
    ["is 0 if nobody votes", [], HALF, 0],
    ["is the weight of a single voter", [[1, 70]], HALF, 70],
    [
      "is the higher of two weights if each has exactly half of the stake",
      [
        [1, 30],
        [1, 70],
      ],
      HALF,
      70,
    ],
    [
      "is the weight of half of the stake if the other half gives 0",
      [
        [1, 0],
        [1, 70],
      ],
      HALF,
      70,
    ],
    [
      "is the lower of two weights if the higher has less than half of the stake",
      [
        [51, 30],
        [49, 70],
      ],
      HALF,
      30,
    ],
    [
      "is 0 if a majority of the stake gives 0",
      [
        [51, 0],
        [49, 70],
      ],
      HALF,
      0,
    ],
    [
      "adds the stakes of equal weights",
      [
        [30, 40],
        [40, 10],
        [30, 40],
      ],
      HALF,
      40,
    ],
    [
      "lets a higher weight support a lower one",
      [
        [30, 90],
        [30, 50],
        [40, 10],
      ],
      HALF,
      50,
    ],
    [
      "is the highest weight if κ is 0",
      [
        [1, 30],
        [99, 10],
      ],
      0,
      30,
    ],
    [
      "is the lowest weight if κ is 1",
      [
        [1, 30],
        [99, 40],
      ],
      U16_MAX,
      30,
    ],
    [
      "is 0 if κ is 1 and one validator gives 0",
      [
        [1, 0],
        [99, 40],
      ],
      U16_MAX,
      0,
    ],
    [
      "is the lowest weight if κ is 1 and rounding loses a bit",
      [
        [1, 3],
        [1, 4],
        [1, 5],
      ],
      U16_MAX,
      3,
    ],
    [
      "ignores a validator without stake",
      [
        [0, 90],
        [1, 10],
      ],
      HALF,
      10,
    ],
    [
      "is 1 if everyone gives the miner a whole row",
      [
        [1, ONE],
        [1, ONE],
      ],
      HALF,
      ONE,
    ],
  ];
  for (const [title, votes, kappaU16, expected] of cases) {
    it(title, () => {
      expect(consensusOn(votes, kappaU16)).to.equal(expected);
    });
  }
});
