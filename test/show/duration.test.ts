import { expect } from "chai";
import { durationText } from "../../scripts/show/moments";

describe("A duration for people", () => {
  it("is said by its two largest units", () => {
    const cases: readonly (readonly [number, string])[] = [
      [-5, "0 s"],
      [0, "0 s"],
      [59.9, "59 s"],
      [60, "1 min 0 s"],
      [3_599, "59 min 59 s"],
      [3_600, "1 h 0 min"],
      [86_400, "1 d 0 h"],
      [90_000, "1 d 1 h"],
    ];
    for (const [seconds, text] of cases) expect(durationText(seconds), text).to.equal(text);
  });
});
