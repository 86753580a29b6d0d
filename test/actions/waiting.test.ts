import { expect } from "chai";
import { createPublicClient, custom, numberToHex, type PublicClient } from "viem";
import { NotYetError } from "../../scripts/actions/scores";
import { waitUntil, whenPossible } from "../../scripts/actions/waiting";
import { rejection } from "../shared/rejection";

describe("A command that waits", () => {
  let looks: number;
  let told: string[];
  const tell = (sentence: string): void => void told.push(sentence);

  beforeEach(() => {
    [looks, told] = [0, []];
  });

  /** A chain that shows these times one after the other, and then stays at the last one. */
  function chainAt(...times: readonly number[]): { readonly reader: PublicClient } {
    const request = ({ method, params }: { method: string; params?: unknown }) => {
      expect([method, (params as readonly unknown[])[0]]).to.deep.equal(["eth_getBlockByNumber", "pending"]);
      const timestamp = numberToHex(times[Math.min(looks++, times.length - 1)]!);
      return Promise.resolve({ number: null, hash: null, timestamp, transactions: [] });
    };
    return { reader: createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }) };
  }

  // 20 ms after a block, and so the pause before each look.
  const soon = 100.02;

  it("reads the chain until the time has come, however long that takes, and says once what it waits for", async () => {
    await waitUntil(chainAt(100, 100, 100, 101), soon, "epoch 7", tell);
    expect([looks, told.length]).to.deep.equal([4, 1]);
    expect(told[0]).to.match(/^Waiting for epoch 7, in /);
  });

  it("says nothing if the time has already come", async () => {
    await waitUntil(chainAt(100), 100, "epoch 7", tell);
    expect([looks, told]).to.deep.equal([1, []]);
  });

  it("tries again each time that it was too early, and returns the result", async () => {
    let acts = 0;
    const act = () => (++acts < 3 ? Promise.reject(new NotYetError("Too early.", soon)) : Promise.resolve("revealed"));
    const outcome = await whenPossible(chainAt(100, 101, 100, 101), act, "the window", tell);
    expect([outcome, acts, looks, told.length]).to.deep.equal(["revealed", 3, 4, 2]);
  });

  it("doesn't wait if waiting can't help", async () => {
    const failure = await rejection<Error>(
      whenPossible(chainAt(100), () => Promise.reject(new RangeError("Never.")), "the window", tell),
      RangeError,
    );
    expect([failure.message, looks]).to.deep.equal(["Never.", 0]);
  });
});
