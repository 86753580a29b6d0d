import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { base64Bytes, NoAnswerError, openTurns, toBase64, untilLate } from "../../../scripts/nodes/protocol/asker";

/** The message of the error that a promise fails with. */
const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: unknown) => (error instanceof NoAnswerError ? error.message : "another"),
  );

describe("Turns of questions", () => {
  /** Asks for a turn, and records when it comes. */
  const taker = (atOnce: number) => {
    const turns = openTurns(atOnce);
    const came: string[] = [];
    const take = (name: string, stopping = new AbortController().signal) =>
      turns.take(stopping).then(() => void came.push(name));
    return { turns, came, take };
  };

  it("are taken by a limited number of questions at once; the others wait in the order of their requests", async () => {
    const { turns, came, take } = taker(2);
    for (const name of ["a", "b", "c", "d"]) void take(name);
    await sleep(1);
    expect(came).to.deep.equal(["a", "b"]);
    turns.pass();
    await sleep(1);
    expect(came).to.deep.equal(["a", "b", "c"]);
    turns.pass();
    turns.pass();
    await take("e");
    expect(came).to.deep.equal(["a", "b", "c", "d", "e"]);
  });

  it("skip questions that were stopped before or while waiting, without a lost turn", async () => {
    const { turns, came, take } = taker(1);
    const [stopping, other] = [new AbortController(), new AbortController()];
    await take("a", other.signal);
    const given = failureOf(take("b", stopping.signal));
    void take("c");
    stopping.abort();
    expect(await given).to.equal("was stopped before it answered");
    expect(await failureOf(take("d", stopping.signal))).to.equal("was stopped before it answered");
    turns.pass();
    await sleep(1);
    expect(came).to.deep.equal(["a", "c"]);
    turns.pass();
    await take("e", other.signal);
    other.abort();
    turns.pass();
    expect(await failureOf(take("f", other.signal))).to.equal("was stopped before it answered");
    await take("g");
    expect(came).to.deep.equal(["a", "c", "e", "g"]);
  });

  it("aren't affected by a stop once they have come", async () => {
    const { turns, came, take } = taker(1);
    const stopping = new AbortController();
    await take("a");
    void take("b", stopping.signal);
    void take("c");
    turns.pass();
    await sleep(1);
    stopping.abort();
    turns.pass();
    await sleep(1);
    expect(came).to.deep.equal(["a", "b", "c"]);
  });
});

describe("A question's time limit", () => {
  const ends = (milliseconds: number, stopping: AbortSignal, late?: string) => {
    const messages: string[] = [];
    const forget = untilLate(milliseconds, stopping, ({ message }) => void messages.push(message), late);
    return { messages, forget };
  };

  it("fails the question with the given message, or by default with the limit in ms", async () => {
    const { signal } = new AbortController();
    const [plain, own] = [ends(5, signal), ends(5, signal, "has hung")];
    expect(plain.messages).to.deep.equal([]);
    await sleep(50);
    expect([plain.messages, own.messages]).to.deep.equal([["did not answer within 5 ms"], ["has hung"]]);
  });

  it("fails the question when it is stopped, or at once if it already was", () => {
    const stopping = new AbortController();
    const { messages, forget } = ends(60_000, stopping.signal);
    stopping.abort();
    expect(messages).to.deep.equal(["was stopped before it answered"]);
    forget();
    const late = ends(60_000, stopping.signal);
    expect(late.messages).to.deep.equal(["was stopped before it answered"]);
    late.forget();
  });

  it("does nothing once there is an answer", async () => {
    const stopping = new AbortController();
    const { messages, forget } = ends(5, stopping.signal);
    forget();
    stopping.abort();
    await sleep(50);
    expect(messages).to.deep.equal([]);
  });
});

describe("Bytes in base64", () => {
  const read = (text: unknown, most = 4) => base64Bytes(most).safeParse(text);

  it("are written correctly from a view of a longer buffer", () => {
    expect(toBase64(Uint8Array.of(9, 1, 2, 9).subarray(1, 3))).to.equal("AQI=");
  });

  it("are read up to a maximum length, and only in standard base64", () => {
    expect(read("AQIDBA==").data).to.deep.equal(Uint8Array.of(1, 2, 3, 4));
    expect(read("").data).to.deep.equal(new Uint8Array());
    for (const text of ["AQIDBAU=", "AQI", "AQI=\n", "A_I=", 7]) {
      const [issue] = read(text).error!.issues;
      expect(issue!.message, String(text)).to.equal("must be at most 4 bytes in standard base64");
    }
  });
});
