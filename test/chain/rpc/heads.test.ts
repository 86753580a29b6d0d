import { expect } from "chai";
import { agreedChain, judge, type HeadReport } from "../../../scripts/chain/rpc/heads";

const home = { chainId: "0x1", genesis: "0xaaaaaaaaaaaa" };
const fork = { chainId: "0x1", genesis: "0xbbbbbbbbbbbb" };
const other = { chainId: "0xa", genesis: "0xcccccccccccc" };

function report(headBlock: bigint, changes: Partial<HeadReport> = {}): HeadReport {
  return { identity: home, headBlock, showsHead: true, previousHead: null, ...changes };
}

/** The fault of each endpoint, if honest heads may be ten blocks apart. */
const faults = (...reports: readonly HeadReport[]) =>
  judge(reports, home, 10).map((fault) => (fault === null ? "well" : `${fault.kind}: ${fault.message}`));

describe("The chain of several endpoints", () => {
  it("is that of most endpoints that answer, the first one's in a tie, and unknown while none answers", () => {
    expect(agreedChain(undefined, [other, home, fork, home], 4)?.identity).to.equal(home);
    expect(agreedChain(undefined, [other, home], 4)?.identity).to.equal(other);
    expect(agreedChain(undefined, [], 4)).to.equal(undefined);
  });

  it("is certain once more than half of all endpoints are on it, and then never changes", () => {
    const believed = agreedChain(undefined, [other], 2);
    expect(believed).to.deep.equal({ identity: other, isCertain: false });
    expect(agreedChain(believed, [], 3)).to.equal(believed);
    const certain = agreedChain(believed, [other, home, home], 3);
    expect(certain).to.deep.equal({ identity: home, isCertain: true });
    expect(agreedChain(certain, [other, other, other], 3)).to.equal(certain);
  });
});

describe("An endpoint compared with the others", () => {
  it("is accepted up to the allowed number of blocks behind the best", () => {
    expect(faults(report(100n), report(90n), report(100n))).to.deep.equal(["well", "well", "well"]);
  });

  it("lags if it is further behind", () => {
    expect(faults(report(100n), report(89n))).to.deep.equal(["well", "lags: is at block 89, 11 behind"]);
  });

  it("is on another chain by its id or by its block 0", () => {
    expect(faults(report(100n), report(100n, { identity: other }), report(9n, { identity: fork }))).to.deep.equal([
      "well",
      "otherChain: is on chain 10, not 1",
      "otherChain: has a different block 0, 0xbbbbbbbb…",
    ]);
  });

  it("is wrong if it can't return its newest block, or if two others are far behind it and none is near", () => {
    expect(faults(report(900n, { showsHead: false }), report(100n))).to.deep.equal([
      "unconfirmed: reports block 900 as its newest but can't return it",
      "well",
    ]);
    expect(faults(report(900n), report(100n), report(101n))).to.deep.equal([
      "unconfirmed: reports block 900 as its newest, but no other endpoint is past 101",
      "well",
      "well",
    ]);
  });

  it("is believed if it is far ahead of a single other one, or of two if another agrees with it", () => {
    expect(faults(report(900n), report(100n))[0]).to.equal("well");
    expect(faults(report(900n), report(899n), report(100n), report(100n)).slice(0, 2)).to.deep.equal(["well", "well"]);
  });

  it("went backwards if it lost more blocks than a reorganisation can drop", () => {
    expect(faults(report(100n, { previousHead: 110n }), report(100n, { previousHead: 111n }))).to.deep.equal([
      "well",
      "wentBackwards: went back from block 111 to 100",
    ]);
  });

  it("is blamed for nothing else if no endpoint shows its head", () => {
    expect(faults(report(5n, { showsHead: false }))).to.deep.equal([
      "unconfirmed: reports block 5 as its newest but can't return it",
    ]);
  });
});
