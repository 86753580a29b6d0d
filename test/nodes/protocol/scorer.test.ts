import { expect } from "chai";
import {
  type Failed,
  openScorer,
  type ScoreAnswer,
  type ScoredTask,
  type Scorer,
} from "../../../scripts/nodes/protocol/questions";
import { digitIn } from "../../../scripts/nodes/digits/model";
import { digitImages } from "../../../scripts/nodes/digits/samples";
import { never, patience } from "./asking";

const task: ScoredTask = {
  taskId: 3,
  typeId: 1,
  feeWei: 9_007_199_254_740_993n,
  input: Buffer.from("in"),
  result: Buffer.from("out"),
  submittedAt: 1_900_000_000,
  completedAt: 1_900_000_060,
};

function score(scorer: Scorer, ...tasks: readonly ScoredTask[]): Promise<ScoreAnswer | Failed> {
  const miner = { id: 4, account: "0x00000000000000000000000000000000000000aa" } as const;
  return scorer.answer({ epoch: 12, miner, tasks }, never);
}

describe("A scorer that is a program", () => {
  /** Answers each question with the same line. */
  const answering = (line: string): Scorer => openScorer(`while read question; do echo '${line}'; done`, patience);

  async function scoresOf(line: string): Promise<ScoreAnswer | Failed> {
    const scorer = answering(line);
    try {
      return await score(scorer, task, { ...task, input: null, result: null });
    } finally {
      await scorer.close();
    }
  }

  it("is asked about all of a miner's tasks in one line", async () => {
    const asked: string[] = [];
    const scorer = openScorer(`read question; echo "$question" >&2; echo '{ "scores": [1, null] }'; cat`, {
      ...patience,
      onLog: (line) => asked.push(line),
    });
    const answer = await score(scorer, task, { ...task, input: null, result: null });
    await scorer.close();
    expect(answer).to.deep.equal({ kind: "scores", scores: [1, null] });
    const common = '"taskId":3,"typeId":1,"feeWei":"9007199254740993"';
    const times = '"submittedAt":1900000000,"completedAt":1900000060';
    expect(asked).to.deep.equal([
      `{"epoch":12,"miner":{"id":4,"account":"0x00000000000000000000000000000000000000aa"},"tasks":[` +
        `{${common},"input":"aW4=","result":"b3V0",${times}},{${common},"input":null,"result":null,${times}}]}`,
    ]);
  });

  it("gives each task a number from 0 to 1, or null, and may add fields", async () => {
    const scores = [0, 1e-300];
    expect(await scoresOf('{ "scores": [0, 1e-300], "why": 1 }')).to.deep.equal({ kind: "scores", scores });
  });

  const unusable = "gave an unusable answer: ";
  const noScore = (place: number): string =>
    `${unusable}The field scores[${place}] must be a number from 0 to 1, or null.`;
  const refused: Readonly<Record<string, string>> = {
    '{ "scores": [1] }': `${unusable}The answer has 1 scores for 2 tasks.`,
    '{ "scores": [1, 1.0000000000000002] }': noScore(1),
    '{ "scores": [-1e-300, 1] }': noScore(0),
    '{ "scores": ["1", 1] }': noScore(0),
    '{ "scores": [1e400, 1] }': noScore(0),
    '{ "scores": 1 }': `${unusable}The field scores must be a list.`,
    "{}": `${unusable}The field scores is missing.`,
    "[1, 1]": `${unusable}The input must be an object.`,
  };

  for (const [line, reason] of Object.entries(refused)) {
    it(`fails if it answers ${line}`, async () => {
      expect(await scoresOf(line)).to.deep.equal({ kind: "failed", reason });
    });
  }
});

describe("The digits' scorer", () => {
  const { image } = digitImages[0]!;
  const digit = Uint8Array.of(digitIn(image));
  const scoreOf = async (input: Uint8Array | null, result: Uint8Array | null): Promise<unknown> => {
    const answer = await score(openScorer("digits", patience), { ...task, input, result });
    return answer.kind === "scores" ? answer.scores[0] : answer;
  };

  it("gives 1 for the digit that the model sees, and 0 for anything else", async () => {
    expect(await scoreOf(image, digit)).to.equal(1);
    expect(await scoreOf(image, Uint8Array.of((digit[0]! + 1) % 10))).to.equal(0);
    expect(await scoreOf(image, Uint8Array.of(digit[0]!, 0))).to.equal(0);
    expect(await scoreOf(image, new Uint8Array())).to.equal(0);
  });

  it("gives 0 if the input or the result isn't served: withholding hides nothing", async () => {
    expect(await scoreOf(image, null)).to.equal(0);
    expect(await scoreOf(null, digit)).to.equal(0);
    expect(await scoreOf(null, null)).to.equal(0);
  });

  it("gives null for an input that isn't an image", async () => {
    expect(await scoreOf(image.slice(1), digit)).to.equal(null);
    expect(await scoreOf(image.slice(1), null)).to.equal(null);
  });
});
