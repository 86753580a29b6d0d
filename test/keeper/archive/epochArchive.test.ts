import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { expect } from "chai";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Hex, zeroHash } from "viem";
import { assembleInputs } from "../../../scripts/core/assembleInputs";
import { computeEpoch } from "../../../scripts/core/computeEpoch";
import { type ComputedEpoch } from "../../../scripts/keeper/compute/computeSettlement";
import { addRewards, rewardsOf, settlementOf } from "../../../scripts/core/settlement";
import { EpochArchive } from "../../../scripts/keeper/archive/epochArchive";
import { readBonds, readStanding, writeReport } from "../../../scripts/keeper/archive/epochReport";
import { inputsHash } from "../../../scripts/core/epochInput/writeEpoch";
import { DEFAULT_POLICY, type ValidatorRule } from "../../../scripts/core/policy/policy";
import { buildRewardTree } from "../../../scripts/core/rewardTree/buildRewardTree";
import { encodeScores } from "../../../scripts/core/scores";
import { archivedStanding } from "../../../scripts/views/lastStanding";
import { accountOf, domain } from "../../shared/rewardLists";

const [alba, bruno, milo, nora] = [accountOf(1), accountOf(2), accountOf(11), accountOf(12)];

const scoresOfTwo = encodeScores([
  { minerId: 1, scoreU16: 60_000 },
  { minerId: 2, scoreU16: 30_000 },
]);

/** An epoch in which Alba scores two miners and Bruno reveals nothing, computed as from a chain. */
async function computed(
  epoch = 6,
  validatorRule: ValidatorRule = "yuma3",
  payload: Hex | null = scoresOfTwo,
): Promise<ComputedEpoch> {
  const stakes = { ownWei: 100n, totalWei: 100n, commissionBps: 0, delegations: [], minersAtCommit: 2 };
  const facts: ComputedEpoch["collected"] = {
    epoch,
    policy: { ...DEFAULT_POLICY, validatorRule },
    ruleBefore: validatorRule,
    baseRewardWei: 10n ** 18n,
    halvingIntervalEpochs: 8,
    tasks: { completed: 3, difficultySumBps: 12_000 },
    validators: [
      { account: alba, payload, ...stakes },
      { account: bruno, payload: null, ...stakes },
    ],
    miners: [
      { account: milo, completedTasks: 2, feesWei: 20n, provenFeesWei: 5n },
      { account: nora, completedTasks: 1, feesWei: 10n, provenFeesWei: 0n },
    ],
  };
  const assembled = assembleInputs(facts, { poolWei: 0n, mintableWei: 10n ** 24n }, new Map());
  const result = computeEpoch(assembled.inputs);
  const cumulative = addRewards(new Map([[bruno, 7n]]), result);
  const tree = await buildRewardTree(domain, rewardsOf(cumulative));
  return {
    collected: facts,
    assembled,
    result,
    tree,
    settlement: settlementOf(assembled.inputs, result, { rewardsRoot: tree.root, inputsHash: zeroHash }),
    carried: { cumulative, bonds: assembled.bonds },
  };
}

describe("An epoch's report", () => {
  it("returns the bonds that the next epoch starts with, for this epoch and root only", async () => {
    const epoch = await computed();
    const report: unknown = JSON.parse(JSON.stringify(writeReport(epoch)));
    const { root } = epoch.tree;
    expect(readBonds(report, 6, root)).to.deep.equal(epoch.carried.bonds);
    expect(epoch.carried.bonds.get(alba)!.columns).to.have.lengthOf(2);
    expect(readBonds(report, 5, root)).to.equal(undefined);
    expect(readBonds(report, 6, `0x${"1".repeat(64)}`)).to.equal(undefined);
    expect(readBonds({}, 6, root)).to.equal(undefined);
  });

  it("gives each miner's incentive, each validator's dividend, and whether it revealed", async () => {
    const { assembled } = await computed();
    const standing = readStanding(JSON.parse(JSON.stringify(writeReport(await computed()))))!;
    expect(standing.miners.map(({ account, incentive }) => [account, BigInt(incentive)])).to.deep.equal([
      [milo, assembled.scored.incentive[0]],
      [nora, assembled.scored.incentive[1]],
    ]);
    expect(standing.validators.map(({ account, revealed }) => [account, revealed])).to.deep.equal([
      [alba, true],
      [bruno, false],
    ]);
    expect(BigInt(standing.validators[0]!.dividend!)).to.equal(assembled.scored.yuma!.dividends[0]);
  });

  it("has neither dividends nor bonds under the stake rule", async () => {
    const report = writeReport(await computed(6, "stake"));
    expect(report.bonds).to.deep.equal([]);
    expect(readStanding(report)!.validators.map(({ dividend }) => dividend)).to.deep.equal([null, null]);
  });
});

describe("The epoch archive", () => {
  let directory: string;
  let archive: EpochArchive;
  let epoch: ComputedEpoch;
  let root: Hex;
  let sentences: string[];
  let unwritten: number[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-archive-"));
    [sentences, unwritten] = [[], []];
    archive = new EpochArchive(
      directory,
      domain,
      (one) => unwritten.push(one),
      (sentence) => sentences.push(sentence),
    );
    epoch = await computed();
    root = epoch.tree.root;
    await archive.save(epoch);
  });

  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("returns the saved tree, rewards, bonds and standing", async () => {
    expect((await archive.tree(6, root))!.root).to.equal(root);
    expect(await archive.carried(6, root)).to.deep.equal(epoch.carried);
    expect(archive.standing(6)!.miners).to.have.lengthOf(2);
  });

  it("saves trees that OpenZeppelin's library can load", () => {
    const saved = JSON.parse(readFileSync(archive.treeFile(6), "utf8")) as Parameters<
      typeof StandardMerkleTree.load<string[]>
    >[0];
    expect(StandardMerkleTree.load(saved).root).to.equal(root);
  });

  it("gives the latest standing, without trust for a validator that didn't reveal, and no miners if nobody did", async () => {
    const standingOf = async (payload: Hex | null) => {
      const newest = await computed(6, "stake", payload);
      await archive.save(newest);
      const settled = Array.from({ length: 7 }, () => ({ settlement: newest.settlement, reposts: [] }));
      return archivedStanding(archive, settled as never);
    };
    const judged = await standingOf(scoresOfTwo);
    expect(judged.miners.get(milo)!.consensusU16).to.be.greaterThan(0);
    expect(judged.validators.get(alba)!.validatorTrustU16).to.be.greaterThan(0);
    expect(judged.validators.get(bruno)).to.deep.equal({ validatorTrustU16: null, dividendU16: null });
    const silent = await standingOf(null);
    expect([silent.epoch, silent.miners.size]).to.deep.equal([6, 0]);
    expect(silent.validators.get(alba)!.validatorTrustU16).to.equal(null);
  });

  it("holds two files per epoch and no unfinished one, even if the epoch is saved twice", async () => {
    await archive.save(epoch);
    expect(readdirSync(join(directory, "epochs")).sort()).to.deep.equal(["6.json", "6.tree.json"]);
  });

  it("removes files that a killed process left unfinished an hour ago when it is opened again, and no others", async () => {
    const hourAgo = new Date(Date.now() - 3_600_000);
    const left = ["3.tree.json.7.1.unfinished", "6.json.41.2.unfinished", "notes.unfinished", "5.json"];
    for (const name of [...left, "4.json.8.1.unfinished"]) writeFileSync(join(directory, "epochs", name), "half");
    for (const name of left) utimesSync(join(directory, "epochs", name), hourAgo, hourAgo);
    await archive.save(epoch);
    expect(readdirSync(join(directory, "epochs")), "looked through with each epoch").to.include(left[0]);
    await new EpochArchive(directory, domain).save(epoch);
    expect(readdirSync(join(directory, "epochs")).sort()).to.deep.equal([
      "4.json.8.1.unfinished",
      "5.json",
      "6.json",
      "6.tree.json",
      "notes.unfinished",
    ]);
  });

  it("returns nothing for an epoch that wasn't saved", async () => {
    expect(await archive.tree(5, root)).to.equal(undefined);
    expect(await archive.carried(5, root)).to.equal(undefined);
    expect(archive.standing(5)).to.equal(undefined);
  });

  /** Expects that the archive carries nothing forward from epoch 6. */
  async function expectNothing(): Promise<void> {
    expect(await archive.carried(6, root)).to.equal(undefined);
  }

  describe("doesn't trust", () => {
    it("an epoch whose root isn't the chain's", async () => {
      const other: Hex = `0x${"1".repeat(64)}`;
      expect(await archive.tree(6, other)).to.equal(undefined);
      expect(await archive.carried(6, other)).to.equal(undefined);
      expect(sentences).to.deep.equal([]);
    });

    it("a tree of another Treasury", async () => {
      const foreign = new EpochArchive(directory, { ...domain, treasury: accountOf(99) });
      expect(await foreign.carried(6, root)).to.equal(undefined);
    });

    it("a tree without its report, as a keeper leaves it if it is killed between the two", async () => {
      rmSync(archive.reportFile(6));
      await expectNothing();
      expect(archive.standing(6)).to.equal(undefined);
      expect(sentences).to.deep.equal([]);
    });

    it("an epoch in memory if the chain's root is a different one by now", async () => {
      const cramped = new EpochArchive(join(directory, "epochs", "6.json"), domain, (one) => unwritten.push(one));
      await cramped.save(epoch);
      expect(unwritten).to.deep.equal([6]);
      expect(await cramped.carried(6, `0x${"1".repeat(64)}`)).to.equal(undefined);
      expect(await cramped.carried(5, root)).to.equal(undefined);
      expect(await cramped.carried(6, root)).to.deep.equal(epoch.carried);
    });
  });

  it("keeps the two newest epochs in memory if it can't write files, and reports each epoch once", async () => {
    const cramped = new EpochArchive(join(directory, "epochs", "6.json"), domain, (one) => unwritten.push(one));
    for (const one of [epoch, epoch, await computed(7)]) await cramped.save(one);
    expect(await cramped.carried(6, root)).to.deep.equal(epoch.carried);
    await cramped.save(await computed(8));
    expect(await cramped.carried(7, root)).to.deep.equal(epoch.carried);
    expect(await cramped.carried(6, root)).to.equal(undefined);
    expect(unwritten).to.deep.equal([6, 7, 8]);
  });

  describe("sets aside, reports in one sentence, and replaces", () => {
    const noTree = "does not hold a complete reward tree of this chain and Treasury";
    const noJson = "is not JSON: Unexpected end of JSON input";
    const change = (path: string, from: string | RegExp, to: string): void => {
      writeFileSync(path, readFileSync(path, "utf8").replace(from, to));
    };
    const cut = (path: string): void => {
      truncateSync(path, readFileSync(path).length / 2);
    };
    const replaceByDirectory = (path: string): void => {
      rmSync(path);
      mkdirSync(join(path, "inside"), { recursive: true });
    };
    const damages: [what: string, file: "tree" | "report", damage: (path: string) => void, problem: string | RegExp][] =
      [
        ["a truncated tree", "tree", cut, noTree],
        [
          "an empty tree file",
          "tree",
          (path) => {
            writeFileSync(path, "");
          },
          noTree,
        ],
        [
          "a tree with a changed amount",
          "tree",
          (path) => {
            change(path, '"7"', '"8"');
          },
          noTree,
        ],
        [
          "a tree file that holds no tree",
          "tree",
          (path) => {
            writeFileSync(path, "[]");
          },
          noTree,
        ],
        ["a directory in a tree's place", "tree", replaceByDirectory, "is not a file"],
        [
          "a huge tree file",
          "tree",
          (path) => {
            truncateSync(path, 2 ** 40);
          },
          noTree,
        ],
        ["a truncated report", "report", cut, /^is not JSON: /],
        [
          "an empty report file",
          "report",
          (path) => {
            writeFileSync(path, "");
          },
          noJson,
        ],
        [
          "a report file that holds no report",
          "report",
          (path) => {
            writeFileSync(path, "{}");
          },
          "is not the report of epoch 6",
        ],
        [
          "a report of another epoch",
          "report",
          (path) => {
            change(path, '"epoch": 6', '"epoch": 5');
          },
          "is not the report of epoch 6",
        ],
        [
          "a report with a duplicate field",
          "report",
          (path) => {
            change(path, '"epoch": 6', '"epoch": 6, "epoch": 6');
          },
          "contains the field epoch twice",
        ],
        ["a directory in a report's place", "report", replaceByDirectory, "is not a file"],
        [
          "a huge report file",
          "report",
          (path) => {
            truncateSync(path, 600_000_000);
          },
          /^is too large: the limit is \d+ bytes$/,
        ],
      ];
    for (const [what, file, damage, problem] of damages) {
      it(what, async () => {
        const path = file === "tree" ? archive.treeFile(6) : archive.reportFile(6);
        damage(path);
        await expectNothing();
        expect(sentences).to.have.lengthOf(1);
        const [, said] = new RegExp(
          `^${path} (.*); it is set aside as ${basename(path)}.set-aside and created again\\.$`,
        ).exec(sentences[0]!)!;
        expect(said).to.match(typeof problem === "string" ? new RegExp(`^${problem}$`) : problem);
        expect([existsSync(path), existsSync(`${path}.set-aside`)]).to.deep.equal([false, true]);
        await archive.save(epoch);
        expect(await archive.carried(6, root)).to.deep.equal(epoch.carried);
        expect([sentences.length, unwritten]).to.deep.equal([1, []]);
      });
    }

    it("a directory at the path of an epoch's file", async () => {
      rmSync(archive.treeFile(6));
      mkdirSync(archive.treeFile(6));
      await archive.save(epoch);
      expect(await archive.carried(6, root)).to.deep.equal(epoch.carried);
      expect(sentences).to.deep.equal([
        `${archive.treeFile(6)} is not a file; it is set aside as 6.tree.json.set-aside and created again.`,
      ]);
    });

    it("a report whose inputs don't match the inputs hash that it records, and no other report", async () => {
      const { inputs } = epoch.assembled;
      const hash = await inputsHash(inputs);
      expect(await archive.inputs(6, `0x${"1".repeat(64)}`)).to.equal(undefined);
      expect(await archive.inputs(6, hash)).to.deep.equal(inputs);
      change(archive.reportFile(6), /"inputsHash": "0x0+"/, `"inputsHash": "${hash}"`);
      expect(await archive.inputs(6, hash)).to.deep.equal(inputs);
      expect(sentences).to.deep.equal([]);
      change(archive.reportFile(6), '"completed": 3', '"completed": 2');
      expect(await archive.inputs(6, hash)).to.equal(undefined);
      expect(sentences).to.deep.equal([
        `${archive.reportFile(6)} was changed after it was written; it is set aside as 6.json.set-aside and created again.`,
      ]);
    });

    it("nothing if it is only asked whether it holds an epoch", () => {
      expect(archive.holds(6, root)).to.equal(true);
      truncateSync(archive.reportFile(6), readFileSync(archive.reportFile(6)).length - 2);
      expect([archive.holds(6, root), archive.holdsTree(6, root)]).to.deep.equal([false, true]);
      truncateSync(archive.treeFile(6), 3);
      expect(archive.holdsTree(6, root)).to.equal(false);
      expect(sentences).to.deep.equal([]);
    });
  });
});
