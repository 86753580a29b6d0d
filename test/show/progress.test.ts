import { expect } from "chai";
import { pendingLines, progressLines } from "../../scripts/show/progress";

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
  it("prints nothing about work that takes less than a second", () => {
    const { clock, lines, onProgress } = openProgress();
    onProgress("leaves hashed", 0, 99_999);
    clock.now += 999;
    onProgress("leaves hashed", 99_998, 99_999);
    expect(lines).to.deep.equal([]);
  });

  it("prints at most one line a second, with the time left at the pace so far", () => {
    const { clock, lines, onProgress } = openProgress();
    for (let done = 1; done <= 40; done++) {
      clock.now += 100;
      onProgress("epochs that agree", done, 40);
    }
    const expected = [
      "epochs that agree: 10 of 40, 3 s left\n",
      "epochs that agree: 20 of 40, 2 s left\n",
      "epochs that agree: 30 of 40, 1 s left\n",
      "epochs that agree: 40 of 40\n",
    ];
    expect(lines).to.deep.equal(expected);
  });

  it("measures the pace of each activity separately, from where it began", () => {
    const { clock, lines, onProgress } = openProgress();
    onProgress("blocks read", 0, 10);
    clock.now += 60_000;
    onProgress("epochs that agree", 1_000, 1_120);
    onProgress("accounts in the inputs of epoch 1001", 0, 145);
    clock.now += 1_000;
    onProgress("epochs that agree", 1_001, 1_120);
    expect(lines).to.deep.equal([
      "epochs that agree: 1,000 of 1,120\n",
      "epochs that agree: 1,001 of 1,120, 1 min 59 s left\n",
    ]);
  });

  it("doesn't announce work of fewer than 100,000 steps", () => {
    const { clock, lines, onProgress } = openProgress();
    clock.now += 1_000;
    onProgress("leaves hashed", 0, 99_999);
    expect(lines).to.deep.equal([]);
  });

  it("prints nothing about work that begins and ends at once, even repeatedly", () => {
    const { clock, lines, onProgress } = openProgress();
    for (const block of [57, 58]) {
      clock.now += 60_000;
      onProgress("blocks read for events", block, block);
    }
    expect(lines).to.deep.equal([]);
  });

  it("measures work from its new start if it begins again after its end", () => {
    const { clock, lines, onProgress } = openProgress();
    for (const round of [1, 2]) {
      onProgress("blocks read for events", 10 * round, 20 * round);
      clock.now += 1_000;
      onProgress("blocks read for events", 20 * round, 20 * round);
      clock.now += 500;
    }
    expect(lines).to.deep.equal(["blocks read for events: 20 of 20\n", "blocks read for events: 40 of 40\n"]);
  });

  it("announces work of 100,000 steps at once", () => {
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

describe("A transaction that waits for its block", () => {
  it("prints a line after a second, each time the wait has doubled, and when the node has dropped it", () => {
    const lines: string[] = [];
    const tell = pendingLines((line) => lines.push(line));
    for (const seconds of [1, 2, 3, 4, 5]) tell({ hash: "0xab", seconds, isKnown: true });
    tell({ hash: "0xab", seconds: 6, isKnown: false });
    tell({ hash: "0xab", seconds: 7, isKnown: false });
    const line = (seconds: number) => `Transaction 0xab has waited ${seconds} s for its block`;
    expect(lines.slice(0, 3)).to.deep.equal([1, 2, 4].map((seconds) => `${line(seconds)}.\n`));
    expect(lines.slice(3)).to.deep.equal([
      `${line(6)}, and the node no longer knows it: it was dropped or replaced. Look for it before you send it again.\n`,
    ]);
  });
});
