import { expect } from "chai";
import { dayOf, durationText, isoTime } from "../../scripts/show/moments";

describe("A duration for people", () => {
  it("has its two largest units", () => {
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

describe("Days and times for programs", () => {
  it("are ISO 8601 in UTC, to the second", () => {
    expect(isoTime(1_795_376_160)).to.equal("2026-11-22T19:36:00Z");
    expect(dayOf("2026-11-22")).to.equal(1_795_305_600);
    expect(isoTime(dayOf("2028-02-29")!)).to.equal("2028-02-29T00:00:00Z");
  });

  it("don't include days that aren't in the calendar", () => {
    for (const text of ["2026-02-30", "2026-13-01", "2026-1-1", "today", ""])
      expect(dayOf(text), text).to.equal(undefined);
  });
});
