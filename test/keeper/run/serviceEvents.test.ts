import { expect } from "chai";
import { BaseError, RpcRequestError, zeroAddress } from "viem";
import { reasonOf, redact, retrySeconds, tellAll } from "../../../scripts/keeper/run/serviceEvents";

describe("The reason for a failure", () => {
  it("is reported in one line", () => {
    const error = new BaseError("HTTP request failed.", { details: "fetch failed\nat x", metaMessages: ["URL: x"] });
    expect(reasonOf(error)).to.equal("HTTP request failed. fetch failed");
    expect(reasonOf(new BaseError("There is no such block."))).to.equal("There is no such block.");
    expect(reasonOf(new Error("one\ntwo"))).to.equal("one");
    const said = { code: -32_600, message: "  at most 10 blocks a request  \nYour plan: free" };
    const refused = new RpcRequestError({ body: {}, url: "http://a.example", error: said });
    expect(reasonOf(refused)).to.equal("at most 10 blocks a request");
    expect(reasonOf(new RangeError(""))).to.equal("RangeError");
    expect(reasonOf("word")).to.equal("word");
  });
});

describe("The pause after a failure", () => {
  it("doubles with each failure in a row, up to a minute; half of it is random", () => {
    expect([0, 1, 2, 3].map((failures) => retrySeconds(0.5, failures, 1))).to.deep.equal([0.5, 1, 2, 4]);
    expect([6, 7, 8, 1_000].map((failures) => retrySeconds(0.5, failures, 1))).to.deep.equal([32, 60, 60, 60]);
    expect(retrySeconds(0.5, 3, 0)).to.equal(2);
  });
});

const started = { kind: "started", chainId: 1, deployment: "0x12", keeper: zeroAddress } as const;

describe("An event of a service", () => {
  it("keeps only the origin of every URL, in lists and within sentences: the rest may hold a key", () => {
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

  it("shows no part of a text that looks like a URL but isn't one", () => {
    expect(redact({ kind: "stopped", reason: "at https://%%%/secret" })).to.deep.equal({
      kind: "stopped",
      reason: "at (an endpoint)",
    });
  });

  it("is otherwise unchanged: numbers, amounts, null", () => {
    const looked = {
      kind: "looked",
      headBlock: 7n,
      headTimestamp: 1,
      finalBlock: 5n,
      nextEpochToSettle: 2,
      dueAt: 9,
      paused: false,
      keeperBalanceWei: null,
    } as const;
    expect(redact(looked)).to.deep.equal(looked);
  });
});

describe("A listener of a service", () => {
  it("receives nothing before the start, and then the start, the earlier events and all later ones", () => {
    const heard: object[] = [];
    const { tell, begin } = tellAll<object>([(event) => heard.push(event)]);
    const [before, after] = [{ kind: "rpcError", reason: "at https://a.example/key" }, { kind: "looked" }];
    tell(before);
    expect(heard).to.deep.equal([]);
    begin(started);
    tell(after);
    begin(started);
    expect(heard).to.deep.equal([started, { kind: "rpcError", reason: "at https://a.example" }, after, started]);
  });

  it("receives the same events as every other listener", () => {
    const heard: object[][] = [[], []];
    const { tell, begin } = tellAll<object>(heard.map((list) => (event: object) => list.push(event)));
    begin(started);
    tell({ kind: "looked" });
    expect(heard[0]).to.deep.equal([started, { kind: "looked" }]);
    expect(heard[1]).to.deep.equal(heard[0]);
  });
});
