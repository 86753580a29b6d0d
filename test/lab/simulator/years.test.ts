import { expect } from "chai";
import { YearRecorder } from "../../../scripts/lab/simulator/years";
import { accountOf } from "../../shared/rewardLists";

const [alba, bruno, carla] = [accountOf(1), accountOf(2), accountOf(3)];
const halfAYear = 31_557_600 / 2;

/** An epoch whose whole emission is minted. */
function flows(mintedWei: bigint, supplyWei: bigint) {
  return {
    emissionWei: mintedWei,
    mintedWei,
    blockRewardsWei: 0n,
    recycledWei: 0n,
    burnedWei: 0n,
    taskFeesWei: mintedWei / 10n,
    supplyWei,
    poolWei: 0n,
  };
}

describe("The years of a simulation", () => {
  const recorder = () =>
    new YearRecorder(
      halfAYear,
      2,
      {
        miners: { accounts: [alba, bruno, carla], peopleEach: 2 },
        validators: { accounts: [bruno], peopleEach: 1 },
        delegators: { accounts: [], peopleEach: 1 },
      },
      0n,
    );

  it("are empty before the first epoch", () => {
    expect(recorder().finish()).to.deep.equal({ years: [], points: [] });
  });

  it("sum the epochs that begin in them; the first has no inflation if the supply began at zero", () => {
    const record = recorder();
    const incomes = [
      { account: alba, amountWei: 60n },
      { account: bruno, amountWei: 5n },
      { account: carla, amountWei: 40n },
      { account: bruno, amountWei: 15n },
    ];
    record.add(0, flows(100n, 100n), incomes);
    record.add(1, flows(100n, 200n), [{ account: carla, amountWei: 60n }]);
    record.add(2, flows(50n, 250n), [{ account: bruno, amountWei: 9n }]);
    const { years, points } = record.finish();
    expect(
      years.map(({ year, epochs, mintedWei, supplyWei, inflationBps }) => [
        year,
        epochs,
        mintedWei,
        supplyWei,
        inflationBps,
      ]),
    ).to.deep.equal([
      [1, 2, 200n, 200n, null],
      [2, 1, 50n, 250n, 2_500],
    ]);
    expect(
      years.map(({ medianMinerWei, medianValidatorWei, medianDelegatorWei, taskFeesWei }) => [
        medianMinerWei,
        medianValidatorWei,
        medianDelegatorWei,
        taskFeesWei,
      ]),
    ).to.deep.equal([
      [30n, 20n, 0n, 20n],
      [0n, 9n, 0n, 5n],
    ]);
    expect(points.map(({ epoch }) => epoch)).to.deep.equal([0, 2]);
  });
});
