import { expect } from "chai";
import { divide, ONE } from "../../../scripts/core/consensus/fixed32";
import { consensusWeights } from "../../../scripts/core/consensus/agreement";
import { sparse } from "../../shared/yumaNetworks";
import { U16_MAX } from "../../../scripts/core/fixedPoint";

const HALF = 32_767;

/** The consensus on one miner, from what each validator with its stake gives it. */
function consensusOn(votes: readonly (readonly [stake: number, weight: number])[], kappaU16: number): number {
  const rows = votes.map(([, weight]) => sparse([weight]));
  const stakes = Float64Array.from(votes, ([stake]) => stake);
  return consensusWeights(rows, stakes, divide(kappaU16, U16_MAX), 1)[0]!;
}

describe("The consensus on a miner", () => {
  const cases: readonly (readonly [string, Parameters<typeof consensusOn>[0], number, number])[] = [
    ["is 0 where nobody votes", [], HALF, 0],
    ["is the weight of a single voter", [[1, 70]], HALF, 70],
    [
      "is the higher weight where each has exactly half of the stake",
      [
        [1, 30],
        [1, 70],
      ],
      HALF,
      70,
    ],
    [
      "is the higher weight where half of the stake gives nothing",
      [
        [1, 0],
        [1, 70],
      ],
      HALF,
      70,
    ],
    [
      "is the lower weight where the higher has less than half",
      [
        [51, 30],
        [49, 70],
      ],
      HALF,
      30,
    ],
    [
      "is 0 where those who give nothing have the majority",
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
      "is the highest weight where nothing is needed",
      [
        [1, 30],
        [99, 10],
      ],
      0,
      30,
    ],
    [
      "is the lowest weight where everyone is needed",
      [
        [1, 30],
        [99, 40],
      ],
      U16_MAX,
      30,
    ],
    [
      "is 0 where everyone is needed and one gives nothing",
      [
        [1, 0],
        [99, 40],
      ],
      U16_MAX,
      0,
    ],
    [
      "is the lowest weight where everyone is needed and rounding loses a bit",
      [
        [1, 3],
        [1, 4],
        [1, 5],
      ],
      U16_MAX,
      3,
    ],
    [
      "takes no notice of a validator without stake",
      [
        [0, 90],
        [1, 10],
      ],
      HALF,
      10,
    ],
    [
      "may be the whole row of everyone",
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
