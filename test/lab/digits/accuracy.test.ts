import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readDigits } from "../../../scripts/lab/digits/train";
import { digitIn } from "../../../scripts/nodes/digits/model";
import { digitImages } from "../../../scripts/nodes/digits/samples";

describe("The digits model's accuracy", () => {
  const { training, heldBack } = readDigits();

  it("is 1,840 of 2,004 held-back digits, as the docs say", () => {
    const right = heldBack.filter(({ image, digit }) => digitIn(image) === digit).length;
    const docs = readFileSync(join(__dirname, "../../../docs/nodes.md"), "utf8");
    expect([training.length, heldBack.length, right]).to.deep.equal([7_996, 2_004, 1_840]);
    expect(docs).to.contain("1,840 of 2,004");
  });

  it("is measured on digits that include all those in the repository", () => {
    const known = new Set(heldBack.map(({ image, digit }) => `${digit} ${image.join()}`));
    expect(digitImages.filter(({ image, digit }) => !known.has(`${digit} ${image.join()}`))).to.deep.equal([]);
  });
});
