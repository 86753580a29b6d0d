import { expect } from "chai";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zeroHash } from "viem";
import { type Outcome, runProgram } from "../shared/commandLine";
import { accountOf, domain, openZeppelinTree, rewardsOf } from "../shared/rewardLists";

describe("mdt rewards tree", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rewards-tree-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function rewardsTree(list: unknown, ...more: string[]): Promise<Outcome> {
    const input = join(folder, "list.json");
    writeFileSync(input, typeof list === "string" ? list : JSON.stringify(list));
    const where = ["--input", input, "--chain-id", "31337", "--treasury", domain.treasury];
    return runProgram(["rewards", "tree", ...where, ...more], {});
  }

  it("prints root, number of leaves and sum as JSON, and saves the tree", async () => {
    const rewards = rewardsOf(21);
    const pairs = rewards.map(({ account, cumulativeWei }) => [account, cumulativeWei.toString()]);
    const out = join(folder, "saved", "tree.json");
    const { exitCode, stdout, stderr } = await rewardsTree(pairs, "--json", "--out", out);
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
    const peer = openZeppelinTree(rewards);
    expect(JSON.parse(stdout)).to.deep.equal({ root: peer.root, leaves: 21, totalWei: (210n * 10n ** 18n).toString() });
    expect(readFileSync(out, "utf8")).to.equal(JSON.stringify(peer.dump()));
  });

  it("prints the sum in MDT for people", async () => {
    const { stdout } = await rewardsTree([[accountOf(1), "1500000000000000000"]]);
    expect(stdout).to.include("1 leaf, 1.5 MDT in all");
  });

  it("gives the zero root for an empty list", async () => {
    const { stdout } = await rewardsTree([], "--json");
    expect(JSON.parse(stdout)).to.deep.equal({ root: zeroHash, leaves: 0, totalWei: "0" });
  });

  const good = [accountOf(1), "1"];
  const refusals: [what: string, list: unknown, reason: string][] = [
    [
      "a duplicate account",
      [good, ["0x0000000000000000000000000000000000000001", "2"]],
      `${accountOf(1)}: a duplicate`,
    ],
    ["the zero account", [good, [accountOf(0), "2"]], `${accountOf(0)}: the zero address can't claim`],
    ["a malformed account", [good, ["0x12", "2"]], "0x12: a malformed account"],
    ["a negative amount", [good, [accountOf(2), "-2"]], `${accountOf(2)}: the amount "-2"`],
    ["an amount above 2^256 - 1", [[accountOf(2), (2n ** 256n).toString()]], `${accountOf(2)}: the amount 1157920892`],
    ["a text that is not JSON", "[[", "The list of rewards is not"],
  ];
  for (const [what, list, reason] of refusals) {
    it(`refuses ${what} in one sentence, prints nothing and saves nothing`, async () => {
      const out = join(folder, "refused.json");
      const { exitCode, stdout, stderr } = await rewardsTree(list, "--json", "--out", out);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 1, stdout: "" });
      expect(stderr.trim().split("\n")).to.have.lengthOf(1);
      expect(stderr).to.include(reason);
      expect(existsSync(out)).to.equal(false);
    });
  }
});
