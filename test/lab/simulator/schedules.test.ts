import { expect } from "chai";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { Ledger } from "../../../scripts/lab/simulator/ledger";
import { policyMilestones } from "../../../scripts/lab/simulator/policyRun";
import {
  bittensorSchedule,
  fixedSchedule,
  taoBlocksWei,
  taoEra,
  taoUnitWei,
} from "../../../scripts/lab/simulator/reference";
import { perfect, run } from "./scenarios";

const TAO = 10n ** 18n;
const cap = 21_000_000n * TAO;
const reference = loadNetworkConfig("reference");

describe("Bittensor's schedule", () => {
  it("pays one unit per block on a cap of 21 million, and in proportion on any other", () => {
    expect(taoUnitWei(cap)).to.equal(TAO);
    expect(taoUnitWei(cap / 3n)).to.equal(TAO / 3n);
  });

  /** The issuances of subtensor's own `test_halving`, each with the divisor of the reward there. */
  const rewards: readonly [issued: bigint, unitsPerTao: bigint][] = [
    [0n, 1n],
    [10_500_000n * TAO - 1n, 1n],
    [10_500_000n * TAO, 2n],
    [15_750_000n * TAO - 1n, 2n],
    [15_750_000n * TAO, 4n],
    [18_375_000n * TAO, 8n],
    [19_687_500n * TAO, 16n],
  ];
  for (const [issued, parts] of rewards) {
    it(`pays 1/${parts} at an issuance of ${issued} wei`, () => {
      expect(taoEra(issued, cap).blockWei).to.equal(TAO / parts);
    });
  }

  it("counts the blocks at each reward until the issuance that halves it", () => {
    expect([taoEra(0n, cap), taoEra(10_500_000n * TAO, cap), taoEra(cap, cap)]).to.deep.equal([
      { blockWei: TAO, blocks: 10_500_000n },
      { blockWei: TAO / 2n, blocks: 10_500_000n },
      { blockWei: 0n, blocks: 0n },
    ]);
  });

  it("pays nothing at the cap", () => {
    expect(taoEra(cap, cap).blockWei).to.equal(0n);
    expect(taoBlocksWei(cap, 1_000, cap)).to.equal(0n);
  });

  it("halves in the middle of an epoch, block by block", () => {
    const before = 10_500_000n * TAO - 3n * TAO;
    expect(taoBlocksWei(before, 7, cap)).to.equal(3n * TAO + (4n * TAO) / 2n);
  });

  it("halves only after a block that crosses the halving issuance, which is paid in full", () => {
    const before = 10_500_000n * TAO - TAO / 2n;
    expect(taoBlocksWei(before, 1, cap)).to.equal(TAO);
    expect(taoBlocksWei(before, 2, cap)).to.equal(TAO + TAO / 2n);
    expect(taoBlocksWei(before - TAO / 2n - 1n, 4, cap)).to.equal(2n * TAO + TAO);
    expect([taoBlocksWei(0n, 0, cap), taoBlocksWei(before - TAO / 2n, 2, cap)]).to.deep.equal([0n, TAO + TAO / 2n]);
  });

  it("halves twice in a row of 30 million blocks", () => {
    const [first, second] = [10_500_000n * TAO, (10_500_000n * TAO) / 2n];
    expect(taoBlocksWei(0n, 30_000_000, cap)).to.equal(first + second + (9_000_000n * TAO) / 4n);
  });

  it("counts the blocks that end in each epoch, and starts from a supply of zero", () => {
    const odd = { ...reference, clock: { ...reference.clock, slotSeconds: 10, slotsPerEpoch: 2 } };
    const { emissionWei, milestones, ...schedule } = bittensorSchedule(odd);
    expect(milestones.cap.kind).to.equal("never");
    expect([0, 1, 2, 3].map((epoch) => emissionWei(epoch, 0n))).to.deep.equal([TAO, 2n * TAO, 2n * TAO, TAO]);
    expect(schedule).to.deep.equal({
      ...{ name: "Bittensor's schedule", minerShareBps: 4_100, validatorShareBps: 4_100, startWei: 0n },
    });
  });

  it("never reaches its cap: after 60 halvings a block would pay less than a wei", () => {
    const { halvings, cap: end } = bittensorSchedule(reference).milestones;
    expect(halvings).to.have.length(60);
    expect(halvings.map(({ halving }) => halving)).to.deep.equal(Array.from({ length: 60 }, (_, place) => place + 1));
    expect(end.kind === "never" && end.endEpoch === halvings[59]!.epoch).to.equal(true);
    const issuedWei = end.kind === "never" ? end.mintedAtMostWei : 0n;
    expect(taoEra(issuedWei, cap).blockWei).to.equal(0n);
    expect(taoBlocksWei(0n, 10 ** 9, cap)).to.equal(issuedWei);
    expect(cap - issuedWei > 0n && cap - issuedWei < 21_000_000n * 2n).to.equal(true);
  });

  it("halves every 10.5 million blocks", () => {
    const { halvings } = bittensorSchedule(reference).milestones;
    expect(halvings.slice(0, 3)).to.deep.equal([
      { halving: 1, epoch: Math.floor(10_500_000 / 7_200) },
      { halving: 2, epoch: Math.floor(21_000_000 / 7_200) },
      { halving: 3, epoch: Math.floor(31_500_000 / 7_200) },
    ]);
  });

  it("gives miners and validators 41 % each", () => {
    const [year] = run(perfect, 1).policies.find(({ name }) => name === "Bittensor's schedule")!.years;
    expect(year!.emissionWei).to.equal(7_200n * TAO);
    expect(year!.medianMinerWei).to.equal((7_200n * TAO * 41n) / 100n / 4n);
    expect(year!.medianValidatorWei).to.equal((((7_200n * TAO * 41n) / 100n) * 800n) / 3_400n);
  });
});

describe("A reference schedule", () => {
  it("pays a lone validator the whole validators' share, to the wei", () => {
    const alone = { ...perfect, validators: { ...perfect.validators, accounts: 1 } };
    const [year] = run(alone, 1).policies.find(({ name }) => name === "Bittensor's schedule")!.years;
    expect(year!.medianValidatorWei).to.equal((7_200n * TAO * 41n) / 100n);
  });

  it("mints all that it emits: nothing is burned or recycled, there is no pool, and blocks pay nothing", () => {
    const [, bittensor, fixed] = run(perfect, 2).policies;
    const nothing = { blockRewardsWei: 0n, recycledWei: 0n, burnedWei: 0n, taskFeesWei: 0n, poolWei: 0n };
    for (const [policy, epochWei, startWei] of [
      [bittensor!, 7_200n * TAO, 0n],
      [fixed!, 5_000n * TAO, 2_100_000n * TAO],
    ] as const) {
      expect(policy.points).to.deep.equal(
        [1n, 2n].map((count) => ({
          epoch: Number(count) - 1,
          flows: { ...nothing, emissionWei: epochWei, mintedWei: epochWei, supplyWei: startWei + count * epochWei },
        })),
      );
    }
  });

  it("pays miners by their work without a limit by fees, and validators by their stake alone", () => {
    const tasks = { ...perfect.tasks, perEpoch: 8, typeSharesBps: [10_000, 0, 0] };
    const [, , fixed] = run({ ...perfect, tasks, miners: { ...perfect.miners, accounts: 3 } }, 1).policies;
    // Three, three and two of eight tasks, of 40 %; stakes of 10, 9, 8 and 7 tenths.
    expect(fixed!.years[0]!.medianMinerWei).to.equal((2_000n * TAO * 3n) / 8n);
    expect(fixed!.years[0]!.medianValidatorWei).to.equal((2_000n * TAO * 8n) / 34n);
    const [, , alone] = run({ ...perfect, validators: { ...perfect.validators, accounts: 1 } }, 1).policies;
    expect(alone!.years[0]!.medianValidatorWei).to.equal(2_000n * TAO);
  });
});

describe("The fixed schedule", () => {
  it("gives miners and validators 40 % each of the base reward, and starts from the DAO's allocation", () => {
    const { emissionWei, milestones, ...schedule } = fixedSchedule(reference);
    expect(milestones.halvings).to.deep.equal([]);
    expect(emissionWei(5, 0n)).to.equal(5_000n * TAO);
    expect(schedule).to.deep.equal({
      ...{ name: "Fixed", minerShareBps: 4_000, validatorShareBps: 4_000 },
      ...{ startWei: 2_100_000n * TAO },
    });
  });

  it("ends in the epoch that mints the last wei of its allowance", () => {
    const lastOf = (treasuryAllowanceWei: bigint) =>
      fixedSchedule({ ...reference, supply: { ...reference.supply, treasuryAllowanceWei } }).milestones;
    expect([1n, 5_000n * TAO, 5_000n * TAO + 1n].map(lastOf)).to.deep.equal(
      [0, 0, 1].map((epoch) => ({ halvings: [], cap: { kind: "reached", epoch } })),
    );
  });

  it("pays the base reward until the Treasury's allowance is exhausted, to the wei", () => {
    const { emissionWei, milestones } = fixedSchedule(reference);
    expect(emissionWei(0, 0n)).to.equal(5_000n * TAO);
    expect(emissionWei(2_921, 14_610_000n * TAO - 7n)).to.equal(7n);
    expect(milestones.cap).to.deep.equal({ kind: "reached", epoch: 2_921 });
  });
});

describe("A policy's schedule", () => {
  const { milestones } = run(perfect, 10).policies[0]!;

  it("halves every 1,461 epochs until the base reward is zero, after 73 halvings", () => {
    expect(milestones.halvings[0]).to.deep.equal({ halving: 1, epoch: 1_461 });
    // 5,000 · 10^18 has 73 binary digits.
    expect(milestones.halvings.at(-1)).to.deep.equal({ halving: 73, epoch: 73 * 1_461 });
  });

  it("never reaches its cap, even if every epoch after the run mints its whole ceiling", () => {
    let ceilingsWei = 0n;
    for (let epoch = 10; epoch < 73 * 1_461; epoch++)
      ceilingsWei += (5_000n * TAO) >> BigInt(Math.floor(epoch / 1_461));
    // In the ten perfect epochs nothing was minted by the Treasury, because fees paid it all.
    const allocatedWei = 2_100_000n * TAO + 4_290_000n * TAO;
    expect(milestones.cap).to.deep.equal({
      kind: "never",
      endEpoch: 73 * 1_461,
      mintedAtMostWei: allocatedWei + ceilingsWei,
    });
  });
  it("counts no ceilings of past epochs, and of the current era only the rest", () => {
    const small = {
      ...reference,
      emission: { ...reference.emission, baseRewardWei: 5n, halvingIntervalEpochs: 10 },
      supply: {
        ...reference.supply,
        daoAllocationWei: 100n,
        treasuryAllowanceWei: 1_000n,
        blockRewardsAllowanceWei: 50n,
      },
    };
    const mostAfter = (epochs: number, mintableWei: bigint) => {
      const ledger = new Ledger(small, 0n);
      ledger.treasuryMintableWei = mintableWei;
      return policyMilestones(small, ledger, epochs);
    };
    // Rewards of 5, 2 and 1 wei for ten epochs each, and three halvings until nothing is left.
    const halvings = [1, 2, 3].map((halving) => ({ halving, epoch: 10 * halving }));
    const never = (mintedAtMostWei: bigint) => ({ halvings, cap: { kind: "never", endEpoch: 30, mintedAtMostWei } });
    expect(mostAfter(0, 1_000n)).to.deep.equal(never(150n + 80n));
    expect(mostAfter(4, 1_000n)).to.deep.equal(never(150n + 60n));
    expect(mostAfter(10, 1_000n)).to.deep.equal(never(150n + 30n));
    expect(mostAfter(25, 1_000n)).to.deep.equal(never(150n + 5n));
    expect(mostAfter(40, 1_000n)).to.deep.equal(never(150n));
    // With 100 wei minted during the run, and with a limit by the allowance.
    expect(mostAfter(25, 900n)).to.deep.equal(never(150n + 100n + 5n));
    expect(mostAfter(0, 30n)).to.deep.equal(never(1_150n));
  });
});
