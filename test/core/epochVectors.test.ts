import { expect } from "chai";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { readEpochInput } from "../../scripts/core/epochInput/readEpochInput";
import { writeEpochResult } from "../../scripts/core/epochInput/writeEpoch";
import { cases } from "../shared/vectors/epoch.json";

describe("An epoch's computation matches the published vectors:", () => {
  for (const { name, input, expected } of cases) {
    it(name, () => {
      expect(writeEpochResult(computeEpoch(readEpochInput(input)))).to.deep.equal(expected);
    });
  }
});
