import { expect } from "chai";
import { progressLines } from "../../scripts/show/progress";

/** Progress on a clock that is set by hand. */
function openProgress() {
  const clock = { now: 5_000 };
  const lines: string[] = [];
  const onProgress = progressLines(
    (line) => lines.push(line),
    () => clock.now,
  );
  return { clock, lines, onProgress };
}

describe("Progress", () => {
  it("says nothing of what takes less than a second", () => {
    const { clock, lines, onProgress } = openProgress();
    onProgress("leaves hashed", 0, 99_999);
    clock.now += 999;
    onProgress("leaves hashed", 99_998, 99_999);
    expect(lines).to.deep.equal([]);
  });

  it("is one line a second at most", () => {
    const { clock, lines, onProgress } = openProgress();
    for (let done = 1; done <= 30; done++) {
      clock.now += 100;
      onProgress("epochs that agree", done, 40);
    }
    const expected = [
      "epochs that agree: 10 of 40\n",
      "epochs that agree: 20 of 40\n",
      "epochs that agree: 30 of 40\n",
    ];
    expect(lines).to.deep.equal(expected);
  });

  it("announces at once what is long", () => {
    const { lines, onProgress } = openProgress();
    onProgress("leaves hashed", 0, 100_000);
    expect(lines).to.deep.equal(["leaves hashed: 0 of 100,000\n"]);
  });

  it("needs no total", () => {
    const { clock, lines, onProgress } = openProgress();
    clock.now += 1_000;
    onProgress("rewards read", 1_234_567);
    expect(lines).to.deep.equal(["rewards read: 1,234,567\n"]);
  });
});
