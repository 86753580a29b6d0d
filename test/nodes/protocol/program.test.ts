import { expect } from "chai";
import { type Failed, type WorkAnswer, type Worker } from "../../../scripts/nodes/protocol/questions";
import { ask, isGone, moody, openWorkers } from "./asking";

const givenUp = { kind: "failed", reason: "was stopped before it answered" };

function failedWith(answer: string | WorkAnswer | Failed): string | undefined {
  return typeof answer !== "string" && answer.kind === "failed" ? answer.reason : undefined;
}

describe("A worker that is a program", () => {
  const start = openWorkers();

  it("is started once, and gets its questions line by line", async () => {
    const { worker } = start(moody);
    const number = await ask(worker, "number");
    expect(await ask(worker, "question")).to.equal(
      '{"taskId":7,"typeId":2,"input":"cXVlc3Rpb24=","deadline":1900000000}',
    );
    expect(await ask(worker, "number")).to.equal(number);
  });

  it("gives a reason of its own when it declines, and may add fields", async () => {
    const { worker } = start(moody);
    expect(await ask(worker, "decline")).to.deep.equal({ kind: "declined", reason: "too dear" });
  });

  it("writes to the node's log through stderr", async () => {
    const { worker, logs } = start(moody);
    await ask(worker, "logs");
    await worker.close();
    expect(logs).to.deep.equal(["first", "second"]);
  });

  it("can answer with results of 1 MiB", async () => {
    const { worker } = start(moody);
    for (let i = 0; i < 2; i++) expect(await ask(worker, "a MiB")).to.have.length(1 << 20);
  });

  it("may exit after each answer, and is then started again", async () => {
    const { worker } = start(moody);
    const numbers = new Set<unknown>();
    for (let i = 0; i < 3; i++) numbers.add(Number(await ask(worker, "end after the answer")));
    expect(numbers.size).to.equal(3);
    expect(numbers).not.to.include(NaN);
  });

  it("fails at a question that it answers wrongly, is killed, and is started again for the next one", async () => {
    const unusable = "gave an unusable answer: ";
    const eitherOr = `${unusable}The answer must have either a result or a decline.`;
    const noBase64 = `${unusable}The field result must be at most 1048576 bytes in standard base64.`;
    const failures: Readonly<Record<string, string>> = {
      crash: "ended (exit code 3)",
      "crash in the middle": "ended (exit code 3)",
      garbage: `${unusable}Unexpected token 'I', "I am a teapot" is not valid JSON`,
      "a list": `${unusable}The input must be an object.`,
      "a field twice": `${unusable}The field result is given twice.`,
      nothing: eitherOr,
      both: eitherOr,
      "no base64": noBase64,
      "base64 without padding": noBase64,
      "more than a MiB": noBase64,
      "a line of 3 MiB": "answered more than 2097152 bytes",
      "a line without end": "answered more than 2097152 bytes",
      "two answers": "wrote more than one line",
    };
    const { worker, logs } = start(moody);
    let number = await ask(worker, "number");
    for (const [breach, reason] of Object.entries(failures)) {
      expect(failedWith(await ask(worker, breach)), breach).to.equal(reason);
      await isGone(number);
      number = await ask(worker, "number");
    }
    expect(logs).to.include("The program wrote more than one line.");
  });

  it("is killed if it hangs, with all processes that it started", async () => {
    const { worker, logs } = start("read question; sleep 1000 & echo $! >&2; wait", { timeoutMilliseconds: 1_000 });
    expect(failedWith(await ask(worker, "anything"))).to.equal("did not answer within 1000 ms");
    await isGone(logs[0]);
  });

  it("can't flood the log: only a little of its stderr is read, and lines are cut", async () => {
    const { worker, logs } = start("head -c 100000000 /dev/zero | tr '\\0' x >&2", { timeoutMilliseconds: 1_000 });
    expect(failedWith(await ask(worker, "anything"))).to.equal("did not answer within 1000 ms");
    await worker.close();
    expect(logs.length).to.be.below(5);
    expect(logs.every((line) => line.length <= 1_000)).to.equal(true);
  });

  it("is killed if it writes a line without being asked, which is never taken for the next answer", async () => {
    const { worker, logs } = start(moody);
    const number = await ask(worker, "number");
    expect(await ask(worker, "an answer too much")).to.equal("mine");
    await isGone(number);
    expect(await ask(worker, "wait")).not.to.equal("the next one");
    expect(logs).to.deep.equal(["The program wrote a line without being asked."]);
  });

  it("fails with exit code 127 if the program isn't found", async () => {
    const { worker, logs } = start("no-such-program-anywhere");
    expect(failedWith(await ask(worker, "anything"))).to.equal("ended (exit code 127)");
    expect(logs.join()).to.contain("not found");
  });

  it("runs in one process for each question allowed at once; further questions wait", async () => {
    const { worker } = start(moody, { concurrency: 2 });
    const numbers = await Promise.all(Array.from({ length: 5 }, () => ask(worker, "wait")));
    expect(new Set(numbers).size).to.equal(2);
  });

  it("is killed when the node stops; running, waiting and later questions fail", async () => {
    const { worker, logs } = start(moody);
    const stopping = new AbortController();
    const number = await ask(worker, "number");
    const asked = [ask(worker, "hang", stopping.signal), ask(worker, "number", stopping.signal)];
    stopping.abort();
    expect(await Promise.all(asked)).to.deep.equal([givenUp, givenUp]);
    expect(await ask(worker, "number", stopping.signal)).to.deep.equal(givenUp);
    await isGone(number);
    expect(await ask(worker, "number")).not.to.equal(number);
    expect(logs).to.deep.equal([]);
  });

  it("can be asked a hundred questions at once without a warning from Node", async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on("warning", listen);
    const { worker } = start(moody);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 100 }, () => ask(worker, "decline", signal)));
    process.off("warning", listen);
    expect(warnings).to.deep.equal([]);
  });

  it("exits at the end of its input when the node closes it, and isn't asked again", async () => {
    const { worker, logs } = start(moody, { concurrency: 2 });
    const [first, second] = await Promise.all([ask(worker, "wait"), ask(worker, "wait")]);
    const hanging = ask(worker, "hang");
    await worker.close();
    expect(await hanging).to.deep.equal(givenUp);
    await Promise.all([first, second].map(isGone));
    expect(await ask(worker, "number")).to.deep.equal(givenUp);
    expect(logs).to.deep.equal([]);
  });

  it("must have a command line that isn't blank", () => {
    const open = (): Worker => start(" ").worker;
    expect(open).to.throw("A URL or a command line is missing.");
  });
});
