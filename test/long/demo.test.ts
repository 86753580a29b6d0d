import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runHardhat } from "../shared/commandLine";

const MDT = 10n ** 18n;

/** What the story says of each epoch: tasks, the share of active validators that revealed, and slashes in MDT. */
const story = [
  { tasks: 10 },
  { tasks: 24 },
  { tasks: 24, revealedBps: 8_000n },
  { tasks: 20 },
  { tasks: 0 },
  { tasks: 36 },
  { tasks: 16 },
  { tasks: 16 },
  { tasks: 24 },
  { tasks: 24, slashedMdt: 40n },
  { tasks: 24 },
  { tasks: 30 },
].map((epoch) => ({ revealedBps: 10_000n, slashedMdt: 0n, ...epoch }));

/** Difficulties of the three task types, which take turns. */
const difficultiesBps = [4_000, 8_000, 10_000];

/** .5 · tasks / 50 + .3 · average difficulty + .2 · revealed, in WAD. */
function utilityWad({ tasks, revealedBps }: (typeof story)[number]): bigint {
  const difficultySum = Array.from({ length: tasks }, (_, task) => difficultiesBps[task % 3]!).reduce(
    (a, b) => a + b,
    0,
  );
  const difficulty = tasks === 0 ? 0n : (3n * MDT * BigInt(difficultySum)) / (BigInt(tasks) * 100_000n);
  return (MDT * BigInt(tasks)) / 100n + difficulty + (2n * MDT * revealedBps) / 100_000n;
}

type Epoch = Readonly<Record<string, string>> & { readonly epoch: never };

describe("npx hardhat demo --json", () => {
  const directory = mkdtempSync(join(tmpdir(), "moderntensor-demo-report-"));

  after(() => {
    rmSync(directory, { recursive: true });
  });

  it("tells the same story on every machine, and every number follows from it", async () => {
    const report = join(directory, "report.html");
    const demo = ["demo", "--json", "--html", report];
    const { exitCode, stdout, stderr } = await runHardhat(demo, { HARDHAT_NETWORK: "hardhat" });
    expect(exitCode, stderr).to.equal(0);
    // The report calls people and epochs by their names. In epoch 3, .1831 of 616 MDT is burned.
    expect(readFileSync(report, "utf8"))
      .to.contain("Epoch 3: poor quality: a part is burned")
      .and.to.contain("Utility was 0.616. 20 tasks of 50 expected brought 20 of 50 points")
      .and.to.match(/Quality was 0\.3168, and the threshold 0\.5: 112\.\d+ MDT of the emission were burned/)
      .and.to.contain("Of the miners Elif earned most");
    const { epochs, accounts, conserved, ...rest } = JSON.parse(stdout) as {
      epochs: readonly Epoch[];
      accounts: readonly Readonly<{ account: string; roles: string[]; earnedWei: string; claimedWei: string }>[];
      conserved: boolean;
    };
    expect([conserved, rest]).to.deep.equal([true, {}]);
    const wei = (name: string): readonly bigint[] => epochs.map((figures) => BigInt(figures[name]!));
    const inMdt = (name: string): readonly bigint[] => wei(name).map((amount) => amount / MDT);

    expect(wei("utilityWad")).to.deep.equal(story.map(utilityWad));
    // 1000 MDT · utility, halved from epoch 8 on.
    expect(wei("emissionWei")).to.deep.equal(story.map((epoch, e) => (utilityWad(epoch) * 1_000n) / (e < 8 ? 1n : 2n)));
    // Half of each 16 MDT fee, and what was slashed. Epoch 0 also has 66 MDT of registrations; while the keeper was away the
    // fees of epochs 6 to 8 gathered, and paid for epoch 6. Less than a wei per account is dust from the epoch before.
    const feesMdt = story.map(({ tasks, slashedMdt }) => BigInt(tasks) * 8n + slashedMdt);
    expect(inMdt("recycledWei")).to.deep.equal([
      feesMdt[0]! + 66n,
      ...feesMdt.slice(1, 6),
      feesMdt[6]! + feesMdt[7]! + feesMdt[8]!,
      0n,
      0n,
      ...feesMdt.slice(9),
    ]);
    // In epoch 3 quality is .3169, so .1831 of 616 MDT is unmet quota; everywhere Tara's poor work costs her a part.
    expect(inMdt("burnedWei")).to.deep.equal([2n, 2n, 2n, 118n, 0n, 3n, 2n, 2n, 1n, 1n, 1n, 1n]);
    // Depends on every number of every epoch: change it only together with a rule, a price or the story.
    expect(wei("totalSupplyWei").at(-1)).to.equal(2_501_812_330_575_314_128_999_947n);

    for (const figures of epochs) {
      const [emission, ...parts] = [
        ...["emissionWei", "burnedWei", "minerRewardsWei", "validatorRewardsWei", "daoWei", "returnedWei"],
      ].map((name) => BigInt(figures[name]!));
      expect(parts.reduce((sum, part) => sum + part)).to.equal(emission);
      expect(BigInt(figures.mintedWei!) + BigInt(figures.recycledWei!)).to.equal(emission);
    }
    const earnedWei = accounts.reduce((sum, account) => sum + BigInt(account.earnedWei), 0n);
    expect(earnedWei).to.equal(
      [...wei("minerRewardsWei"), ...wei("validatorRewardsWei")].reduce((sum, amount) => sum + amount),
    );
    for (const role of ["validator", "delegator", "miner", "client"]) {
      expect(accounts.some(({ roles }) => roles.includes(role))).to.equal(true);
    }
  });
});
