import { expect } from "chai";
import { createPublicClient, custom, numberToHex, pad, zeroAddress } from "viem";
import { isOfChain } from "../../../scripts/chain/blocks";
import { type DeploymentFacts } from "../../../scripts/page/api";
import { type ChainLink, chainNow, describeLink, linkAfter, lookAtChain } from "../../../scripts/page/state/chainLink";

describe("The page's link to the chain", () => {
  const asking: ChainLink = { kind: "asking" };
  const block = (number: bigint) => ({ kind: "block", number, timestamp: 500n + number }) as const;
  const following = linkAfter(asking, block(7n), 9_000);

  it("follows the newest block", () => {
    expect(following).to.deep.equal({
      kind: "following",
      head: { blockNumber: 7n, timestamp: 507, seenAtMs: 9_000 },
    });
  });

  it("ignores a repeated block, so that time runs from when it was first seen", () => {
    expect(linkAfter(following, block(7n), 12_000)).to.equal(following);
    expect(linkAfter(following, block(8n), 12_000)).to.deep.include({ kind: "following" });
  });

  it("keeps the last block while nothing answers, and then follows even a lower one", () => {
    const lost = linkAfter(following, { kind: "unreachable" }, 10_000);
    expect(lost).to.deep.include({ kind: "lost" });
    expect(linkAfter(lost, { kind: "unreachable" }, 11_000)).to.deep.equal(lost);
    expect(linkAfter(lost, block(2n), 12_000)).to.deep.include({ kind: "following" });
  });

  it("has no block if no chain has ever answered, or another chain answers", () => {
    expect(linkAfter(asking, { kind: "unreachable" }, 0)).to.deep.equal({ kind: "unreachable" });
    expect(linkAfter(following, { kind: "wrongChain", chainId: 1 }, 0)).to.deep.equal({
      kind: "wrongChain",
      chainId: 1,
    });
    for (const kind of ["empty", "replaced"] as const) {
      expect(linkAfter(following, { kind }, 0)).to.deep.equal({ kind });
    }
  });

  it("explains what is wrong, what still works and what to do", () => {
    expect(describeLink(following, 31_337)).to.equal(null);
    expect(describeLink(asking, 31_337)).to.equal(null);
    const told = (link: ChainLink) => describeLink(link, 31_337)!;
    expect(told({ kind: "noEndpoint" }))
      .to.include("connect one")
      .and.to.include("It shows settled epochs without it");
    expect(told({ kind: "unreachable" }))
      .to.include("start the node")
      .and.to.include("keeps trying");
    expect(told(linkAfter(following, { kind: "unreachable" }, 0))).to.include("block 7");
    expect(told({ kind: "wrongChain", chainId: 1 })).to.include("has id 1, but this network has id 31337");
    expect(told({ kind: "empty" })).to.include('"npx hardhat deploy --network localhost"');
    expect(told({ kind: "replaced" })).to.include("still shows the old chain");
  });

  it("identifies a chain by its first block, except in-process", () => {
    const block0 = `0xd540dd40${"0".repeat(56)}` as const;
    expect(isOfChain("chain-31337-d540dd40", block0)).to.equal(true);
    expect(isOfChain("chain-31337-59c60c3a", block0)).to.equal(false);
    expect(isOfChain("in-process", block0)).to.equal(true);
  });

  describe("inspects the chain", () => {
    const right = { chainId: 31_337, code: "0x00", first: "0xd540dd40", block: 7 } as const;
    const deployment = {
      id: "chain-31337-d540dd40",
      chainId: 31_337,
      contracts: { Treasury: zeroAddress },
    } as unknown as DeploymentFacts;

    /** The finding at a node with these differences from the deployment's; no node answers if they are undefined. */
    function look(differences: object | undefined, trustedNumber?: bigint) {
      const { chainId, code, first, block } = { ...right, ...differences };
      const request = ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
        if (differences === undefined) return Promise.reject(new Error("down"));
        if (method === "eth_chainId") return Promise.resolve(numberToHex(chainId));
        if (method === "eth_getCode") return Promise.resolve(code);
        const [tag] = params as readonly [string];
        const number = tag === "latest" ? block : Number(tag);
        const hash = number === 0 ? pad(first, { dir: "right" }) : pad("0x1");
        return Promise.resolve({ number: numberToHex(number), hash, timestamp: numberToHex(500), transactions: [] });
      };
      return lookAtChain(
        createPublicClient({ transport: custom({ request }, { retryCount: 0 }) }),
        deployment,
        trustedNumber,
      );
    }

    it("and accepts it only by its id, its contracts and its first block", async () => {
      expect(await look({})).to.deep.equal({ kind: "block", number: 7n, timestamp: 500n });
      expect(await look({ chainId: 1 })).to.deep.equal({ kind: "wrongChain", chainId: 1 });
      expect(await look({ code: "0x" })).to.deep.equal({ kind: "empty" });
      expect(await look({ first: "0x59c60c3a" })).to.deep.equal({ kind: "replaced" });
      expect(await look(undefined)).to.deep.equal({ kind: "unreachable" });
    });

    it("and recognises a replaced chain by its block 0 if it is shorter than before", async () => {
      expect(await look({ first: "0x59c60c3a" }, 8n)).to.deep.equal({ kind: "replaced" });
      expect(await look({}, 8n)).to.deep.include({ kind: "block" });
    });
  });

  it("derives the chain's time from its newest block and this machine's clock, never before the block", () => {
    const head = { blockNumber: 1n, timestamp: 100, seenAtMs: 5_000 };
    expect(chainNow(head, 5_999)).to.equal(100);
    expect(chainNow(head, 8_000)).to.equal(103);
    expect(chainNow(head, 1_000)).to.equal(100);
  });
});
