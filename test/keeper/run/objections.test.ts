import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inTemporaryFolder } from "../../../scripts/lab/temporaryFolder";
import { acceptedEpochIn, acceptEpoch } from "../../../scripts/keeper/run/objections";

describe("The epoch that a human accepted", () => {
  it("is the one accepted last", () =>
    inTemporaryFolder(async (folder) => {
      expect(acceptedEpochIn(folder)).to.equal(undefined);
      for (const epoch of [7, 12]) {
        expect(await acceptEpoch(folder, epoch)).to.equal(join(folder, "accepted-epoch"));
        expect(acceptedEpochIn(folder)).to.equal(epoch);
      }
    }));

  it("is undefined if its file is damaged", () =>
    inTemporaryFolder(async (folder) => {
      const file = await acceptEpoch(folder, 12);
      for (const text of ["", "\n", "12", "12\n\n", "-1\n", "1e3\n", "0x1f\n", "1 2\n", "epoch 12\n"]) {
        writeFileSync(file, text);
        expect(acceptedEpochIn(folder), JSON.stringify(text)).to.equal(undefined);
      }
    }));
});
