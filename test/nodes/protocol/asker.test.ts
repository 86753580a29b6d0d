import { expect } from "chai";
import { setTimeout as sleep } from "node:timers/promises";
import { base64Bytes, NoAnswerError, openTurns, toBase64, untilLate } from "../../../scripts/nodes/protocol/asker";

/** The message of what a promise failed with. */
const failureOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "none",
    (error: unknown) => (error instanceof NoAnswerError ? error.message : "another"),
  );

describe("Turns of questions", () => {
  /** Asks for a turn, and writes down when it came. */
  const taker = (atOnce: number) => {
    const turns = openTurns(atOnce);
    const came: string[] = [];
    const take = (name: string, stopping = new AbortController().signal) =>
      turns.take(stopping).then(() => void came.push(name));
    return { turns, came, take };
  };

  it("come to a limited number at once, and to the others in the order of their requests", async () => {
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

  it("skip anyone who gave up before or while waiting, and are not lost", async () => {
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

  it("that have come are not given up any more", async () => {
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

describe("A question's time", () => {
  const ends = (milliseconds: number, stopping: AbortSignal, late?: string) => {
    const messages: string[] = [];
    const forget = untilLate(milliseconds, stopping, ({ message }) => void messages.push(message), late);
    return { messages, forget };
  };

  it("ends when it is over, with the words that are given, or else with the time", async () => {
    const { signal } = new AbortController();
    const [plain, own] = [ends(5, signal), ends(5, signal, "has hung")];
    expect(plain.messages).to.deep.equal([]);
    await sleep(50);
    expect([plain.messages, own.messages]).to.deep.equal([["did not answer within 5 ms"], ["has hung"]]);
  });

  it("ends when the question is given up, or was before", () => {
    const stopping = new AbortController();
    const { messages, forget } = ends(60_000, stopping.signal);
    stopping.abort();
    expect(messages).to.deep.equal(["was stopped before it answered"]);
    forget();
    const late = ends(60_000, stopping.signal);
    expect(late.messages).to.deep.equal(["was stopped before it answered"]);
    late.forget();
  });

  it("ends no more once there is an answer", async () => {
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

  it("are written as they stand in a part of a longer buffer", () => {
    expect(toBase64(Uint8Array.of(9, 1, 2, 9).subarray(1, 3))).to.equal("AQI=");
  });

  it("are read up to a length", () => {
    expect(read("AQIDBA==").data).to.deep.equal(Uint8Array.of(1, 2, 3, 4));
    expect(read("").data).to.deep.equal(new Uint8Array());
    for (const text of ["AQIDBAU=", "AQI", "AQI=\n", "A_I=", 7]) {
      const [issue] = read(text).error!.issues;
      expect(issue!.message, String(text)).to.equal("must be at most 4 bytes in standard base64");
    }
  });
});
