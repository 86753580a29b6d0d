import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import fc from "fast-check";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zeroHash } from "viem";
import { openParallelHasher } from "../../../scripts/keeper/compute/parallelHasher";
import { buildRewardTree } from "../../../scripts/core/rewardTree/buildRewardTree";
import {
  MalformedDomainError,
  MalformedJsonError,
  parseDomain,
  parseRewards,
  parseSavedRewards,
  parseValueEnd,
  savedForm,
} from "../../../scripts/core/rewardTree/rewardJson";
import { InvalidRewardError } from "../../../scripts/core/rewardTree/rewardList";
import { proofOf, UnknownAccountError } from "../../../scripts/core/rewardTree/proofs";
import { fileBytes, findText, readPieces, writeWhole } from "../../../scripts/keeper/archive/textFile";
import {
  DamagedTreeError,
  loadRewardTree,
  proofFromFile,
  readRewards,
  saveRewardTree,
} from "../../../scripts/keeper/archive/treeFile";
import { accountOf, domain, openZeppelinTree, rewardLists, rewardsOf } from "../../shared/rewardLists";

/** The error that a promise was rejected with. */
async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("The text of a reward list", () => {
  const parse = (...pieces: string[]) => [...parseRewards(pieces)];

  it("gives the same rewards in pieces of any length and with any spacing", () => {
    const spaces = fc.constantFrom(undefined, 1, "\t");
    fc.assert(
      fc.property(rewardLists(20), spaces, fc.integer({ min: 1, max: 90 }), (rewards, space, length) => {
        const pairs = rewards.map(({ account, cumulativeWei }) => [account, cumulativeWei.toString()]);
        const text = `\n ${JSON.stringify(pairs, null, space)} \n`;
        const pieces = Array.from({ length: Math.ceil(text.length / length) }, (_, i) =>
          text.slice(i * length, (i + 1) * length),
        );
        expect(parse(...pieces)).to.deep.equal(rewards);
      }),
    );
  });

  it("of a saved tree is refused with the position and account of an invalid reward", () => {
    const value = (amount: string) => ["31337", domain.treasury, accountOf(1), amount];
    const saved = `[${JSON.stringify({ value: value("1"), treeIndex: 1 })},${JSON.stringify({ value: value("x"), treeIndex: 2 })}]}`;
    expect(() => [...parseSavedRewards([saved])])
      .to.throw(InvalidRewardError)
      .that.includes({ position: 1, account: accountOf(1) });
  });

  for (const text of [
    `[["${accountOf(1)}","1"], ]`,
    `[["${accountOf(1)}","1"],\n]`,
    "",
    "  ",
    "{}",
    "5",
    '{"a":[]}',
    '[["0x1","1"]',
    '[["0x1","1"],',
    "[",
    '[["0x1","1"],]',
    "[[]]]",
  ]) {
    it(`is refused if it is not a complete JSON array: ${text}`, () => {
      expect(() => parse(text)).to.throw(MalformedJsonError);
    });
  }

  const account = accountOf(1);
  const badItems: [text: string, named: string][] = [
    [`"${account}"`, account],
    ["[]", "undefined"],
    [`["${account}"]`, account],
    [`["${account}",1]`, account],
    [`["${account}","1","2"]`, account],
    [`[null,"1"]`, "null"],
    ["null", "null"],
    ...["-1", "1.5", "1e3", "0x10", "", " 1", "one"].map((amount): [string, string] => [
      `["${account}","${amount}"]`,
      account,
    ]),
  ];
  for (const [text, named] of badItems) {
    it(`is refused with the position and account of the invalid item ${text}`, () => {
      expect(() => parse(`[["${accountOf(9)}","1"],${text}]`))
        .to.throw(InvalidRewardError)
        .that.includes({ position: 1, account: named });
    });
  }

  it("is refused if an item is endless, within 100 pieces", () => {
    let pieces = 0;
    function* endless(): Generator<string> {
      for (yield "["; ; pieces++) yield " ".repeat(1_000);
    }
    expect(() => [...parseRewards(endless())]).to.throw(
      MalformedJsonError,
      "The list of rewards has an entry that is not a pair.",
    );
    expect(pieces).to.be.below(100);
  });

  it("of a saved tree is refused if an item has no value", () => {
    expect(() => [...parseSavedRewards(['[{"treeIndex":0}]}'])]).to.throw(InvalidRewardError);
  });

  it("of a saved value is refused if it is truncated", () => {
    expect(parseValueEnd('12"],"treeIndex":3},')).to.deep.equal({ cumulativeWei: 12n, leafNode: 3 });
    expect(parseValueEnd('12"],"treeInd')).to.equal(undefined);
  });
});

describe("A chain id and a Treasury address as typed", () => {
  it("are read as a number and an address", () => {
    const treasury = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
    expect(parseDomain("31337", treasury)).to.deep.equal({ chainId: 31337n, treasury });
  });

  for (const chainId of ["", "-1", "1.5", "abc", (2n ** 256n).toString()]) {
    it(`are refused for the chain id "${chainId}"`, () => {
      expect(() => parseDomain(chainId, domain.treasury)).to.throw(MalformedDomainError, `"${chainId}"`);
    });
  }

  for (const treasury of ["", "0x12", "treasury"]) {
    it(`are refused for the treasury "${treasury}"`, () => {
      expect(() => parseDomain("1", treasury)).to.throw(MalformedDomainError, `"${treasury}"`);
    });
  }
});

describe("A reward tree built on two threads", () => {
  it("is the same as one built on a single thread, and reports its progress", async () => {
    const rewards = rewardsOf(40_001);
    const alone = await buildRewardTree(domain, rewards);
    const hashed: number[] = [];
    const together = await buildRewardTree(domain, rewards, (count) =>
      openParallelHasher(count, (what, done, total) => {
        expect([what, total]).to.deep.equal(["leaves hashed", rewards.length]);
        hashed.push(done);
      }),
    );
    expect(hashed, "it shows its progress").to.deep.equal([...hashed].sort((one, other) => one - other));
    expect(hashed.length).to.be.greaterThan(0);
    expect(together.root).to.equal(alone.root);
    expect(Buffer.compare(together.nodes, alone.nodes)).to.equal(0);
  });
});

describe("A reward tree in a file", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "reward-tree-"));
    path = join(folder, "epochs", "7.json");
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("loads in OpenZeppelin's library and here, and gives the proof of each account", async () => {
    await fc.assert(
      fc.asyncProperty(rewardLists(40, 1), async (rewards) => {
        const tree = await buildRewardTree(domain, rewards);
        await saveRewardTree(tree, path);
        const dump = JSON.parse(readFileSync(path, "utf8")) as Parameters<typeof StandardMerkleTree.load<string[]>>[0];
        expect(StandardMerkleTree.load(dump).root).to.equal(tree.root);
        expect(dump).to.deep.equal(openZeppelinTree(rewards).dump());
        expect(await loadRewardTree(path, domain)).to.deep.equal(tree);
        for (const { account } of rewards) {
          expect(proofFromFile(path, domain, account)).to.deep.equal(proofOf(tree, account));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("loads and gives proofs if it is longer than the pieces in which it is read", async () => {
    const tree = await buildRewardTree(domain, rewardsOf(20_000));
    await saveRewardTree(tree, path);
    expect((await loadRewardTree(path, domain)).root).to.equal(tree.root);
    for (const id of [1, 6_543, 13_000, 20_000]) {
      expect(proofFromFile(path, domain, accountOf(id))).to.deep.equal(proofOf(tree, accountOf(id)));
    }
  });

  it("is complete with 4,096 accounts, exactly as many as are written at once", async () => {
    const tree = await buildRewardTree(domain, rewardsOf(4_096));
    const dump = JSON.parse([...savedForm(tree)].join("")) as { values: unknown[]; tree: unknown[] };
    expect([dump.values.length, dump.tree.length]).to.deep.equal([4_096, 8_191]);
  });

  it("may be empty", async () => {
    await saveRewardTree(await buildRewardTree(domain, []), path);
    expect((await loadRewardTree(path, domain)).root).to.equal(zeroHash);
    expect(() => proofFromFile(path, domain, accountOf(1))).to.throw(UnknownAccountError);
  });

  it("gives the proof of an account in any case, and refuses an account without a reward", async () => {
    const account = "0xABCDEF0000000000000000000000000000000001";
    const tree = await buildRewardTree(domain, [...rewardsOf(3), { account, cumulativeWei: 5n }]);
    await saveRewardTree(tree, path);
    expect(proofFromFile(path, domain, account)).to.deep.equal(proofOf(tree, account));
    expect(() => proofFromFile(path, domain, accountOf(4)))
      .to.throw(UnknownAccountError)
      .with.property("account", accountOf(4));
  });

  it("is refused for another chain", async () => {
    await saveRewardTree(await buildRewardTree(domain, rewardsOf(3)), path);
    const error = await rejectionOf(loadRewardTree(path, { ...domain, chainId: 1n }));
    expect(error).to.be.instanceOf(DamagedTreeError).with.property("path", path);
    expect(() => proofFromFile(path, { ...domain, chainId: 1n }, accountOf(1))).to.throw(UnknownAccountError);
  });

  it("is refused if an amount, a node or its end was changed", async () => {
    await saveRewardTree(await buildRewardTree(domain, rewardsOf(3)), path);
    const text = readFileSync(path, "utf8");
    const amount = text.replace('"1000000000000000000"', '"2000000000000000000"');
    const root = text.replace(/"tree":\["0x./, (start) => `${start.slice(0, -1)}${start.endsWith("a") ? "b" : "a"}`);
    const noNode = text.replace(/"tree":\["0x/, '"tree":["--');
    const noValues = text.slice(0, text.indexOf("values"));
    const noEnd = text.slice(0, -10);
    const notOurs = text.replace("standard-v1", "standard-v2");
    for (const damaged of [amount, root, noNode, noValues, noEnd, notOurs, "", "[]"]) {
      writeFileSync(path, damaged);
      expect(await rejectionOf(loadRewardTree(path, domain))).to.be.instanceOf(DamagedTreeError);
    }
    for (const damaged of [amount, root, noNode, text.replace(/"treeIndex":\d+/g, '"treeIndex":')]) {
      writeFileSync(path, damaged);
      expect(() => proofFromFile(path, domain, accountOf(2)))
        .to.throw(DamagedTreeError)
        .with.property("path", path);
    }
  });

  it("is refused with less than 48 MiB of memory if it exceeds 8 GiB or ends in 64 MiB of zeros", async () => {
    await saveRewardTree(await buildRewardTree(domain, rewardsOf(3)), path);
    const whole = fileBytes(path);
    for (const bytes of [2 ** 33 + 1, whole + (64 << 20)]) {
      truncateSync(path, bytes);
      const before = process.memoryUsage().rss;
      expect(await rejectionOf(loadRewardTree(path, domain))).to.be.instanceOf(DamagedTreeError);
      expect(process.memoryUsage().rss - before).to.be.below(48 << 20);
    }
  });

  it("stays unchanged if a later write fails, and no unfinished file is left", async () => {
    await writeWhole(path, ["old"]);
    function* failing(): Generator<string> {
      yield "new";
      throw new Error("no more");
    }
    function* lost(): Generator<string> {
      yield "new";
      for (const name of readdirSync(join(folder, "epochs")))
        if (name !== "7.json") rmSync(join(folder, "epochs", name));
    }
    expect(await rejectionOf(writeWhole(path, failing()))).to.include({ message: "no more" });
    expect(await rejectionOf(writeWhole(path, lost()))).to.include({ code: "ENOENT" });
    expect(readFileSync(path, "utf8")).to.equal("old");
    expect(readdirSync(join(folder, "epochs"))).to.deep.equal(["7.json"]);
  });

  it("stays complete for its readers while it is being replaced and afterwards", async () => {
    await writeWhole(path, ["old"]);
    const [reader, seen]: [number, string[]] = [openSync(path, "r"), []];
    function* pieces(): Generator<string> {
      for (const piece of ["new", "er"]) {
        yield piece;
        seen.push(readFileSync(path, "utf8"));
      }
    }
    await writeWhole(path, pieces());
    expect([seen, readFileSync(path, "utf8")]).to.deep.equal([["old", "old"], "newer"]);
    expect(readFileSync(reader, "utf8")).to.equal("old");
    closeSync(reader);
  });

  it("can be searched for a text that crosses the pieces in which it is read", async () => {
    const length = (1 << 20) - 3;
    await writeWhole(path, ["x".repeat(length), "needle", "x".repeat(length), "end"]);
    expect(findText(path, "needle")).to.equal(length);
    expect(findText(path, "end")).to.equal(2 * length + 6);
    expect(findText(path, "absent")).to.equal(undefined);
    expect([...readPieces(path, length)].join("").slice(0, 6)).to.equal("needle");
    for (const before of [1, 5]) {
      await writeWhole(path, ["x".repeat((1 << 20) - before), "needle"]);
      expect(findText(path, "needle")).to.equal((1 << 20) - before);
    }
  });

  it("takes its rewards from a file of accounts and amounts, with or without a byte order mark", async () => {
    const rewards = rewardsOf(12);
    await writeWhole(path, [JSON.stringify(rewards.map((reward) => [reward.account, `${reward.cumulativeWei}`]))]);
    expect([...(await readRewards(path))]).to.deep.equal(rewards);
    await writeWhole(path, ["\uFEFF", readFileSync(path, "utf8")]);
    expect([...(await readRewards(path))]).to.deep.equal(rewards);
  });
});
