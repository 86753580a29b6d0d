import { expect } from "chai";
import { zeroAddress } from "viem";
import { redact } from "../../../scripts/keeper/run/redact";

const started = { kind: "started", chainId: 1, deployment: "0x12", keeper: zeroAddress } as const;

describe("What the keeper says", () => {
  it("keeps of every URL its origin alone, in lists and in the middle of sentences: the rest may hold a key", () => {
    const endpoints = ["https://user:word@one.example/v3/secret?key=1", "wss://two.example:8546/secret", "three"];
    expect(redact({ ...started, endpoints })).to.deep.equal({
      ...started,
      endpoints: ["https://one.example", "wss://two.example:8546", "three"],
    });
    const reason = 'The call to "https://one.example/v3/secret" failed (http://two.example/secret).';
    expect(redact({ kind: "stopped", reason })).to.deep.equal({
      kind: "stopped",
      reason: 'The call to "https://one.example" failed (http://two.example).',
    });
  });

  it("names no part of what looks like a URL and is none", () => {
    expect(redact({ kind: "stopped", reason: "at https://%%%/secret" })).to.deep.equal({
      kind: "stopped",
      reason: "at (an endpoint)",
    });
  });

  it("is otherwise as it was: numbers, amounts, nothing", () => {
    const looked = {
      kind: "looked",
      headBlock: 7n,
      headTimestamp: 1,
      confirmedBlock: 5n,
      nextEpochToSettle: 2,
      dueAt: 9,
      paused: false,
      keeperBalanceWei: null,
    } as const;
    expect(redact(looked)).to.deep.equal(looked);
  });
});
