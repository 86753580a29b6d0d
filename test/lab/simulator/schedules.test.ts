import { expect } from "chai";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { bittensorMilestones, fixedMilestones } from "../../../scripts/lab/simulator/milestones";
import { fixedSchedule, taoBlocksWei, taoEra, taoUnitWei } from "../../../scripts/lab/simulator/reference";
import { perfect, run } from "./scenarios";

const TAO = 10n ** 18n;
const cap = 21_000_000n * TAO;
const reference = loadNetworkConfig("reference");

describe("Bittensor's schedule", () => {
  it("pays one unit per block on a cap of 21 million, and in proportion on any other", () => {
    expect(taoUnitWei(cap)).to.equal(TAO);
    expect(taoUnitWei(cap / 3n)).to.equal(TAO / 3n);
  });

  /** As subtensor's own `test_halving` has them: the issuance, and the reward there. */
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

  it("pays nothing at the cap", () => {
    expect(taoEra(cap, cap).blockWei).to.equal(0n);
    expect(taoBlocksWei(cap, 1_000, cap)).to.equal(0n);
  });

  it("halves in the middle of an epoch, block by block", () => {
    const before = 10_500_000n * TAO - 3n * TAO;
    expect(taoBlocksWei(before, 7, cap)).to.equal(3n * TAO + (4n * TAO) / 2n);
  });

  it("halves after 10.5 million blocks, and each time after as many again", () => {
    const { halvings } = bittensorMilestones(reference);
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

describe("The fixed schedule", () => {
  it("pays the base reward until the Treasury's allowance is used, to the wei", () => {
    const { emissionWei } = fixedSchedule(reference);
    expect(emissionWei(0, 0n)).to.equal(5_000n * TAO);
    expect(emissionWei(2_921, 14_610_000n * TAO - 7n)).to.equal(7n);
    expect(fixedMilestones(reference).cap).to.deep.equal({ kind: "reached", epoch: 2_921 });
  });
});

describe("A policy's schedule", () => {
  const { milestones } = run(perfect, 10).policies[0]!;

  it("halves after fixed epochs until nothing is left of the base reward", () => {
    expect(milestones.halvings[0]).to.deep.equal({ halving: 1, epoch: 1_461 });
    // 5,000 · 10^18 has 73 binary digits.
    expect(milestones.halvings.at(-1)).to.deep.equal({ halving: 73, epoch: 73 * 1_461 });
  });

  it("never reaches its cap: from the run's end on, every epoch counts with its whole ceiling", () => {
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
});
