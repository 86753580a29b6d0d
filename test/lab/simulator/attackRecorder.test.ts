import { expect } from "chai";
import { type Address } from "viem";
import { adversariesOf, AttackRecorder } from "../../../scripts/lab/simulator/adversaries";
import { accountAt } from "../../../scripts/lab/simulator/days";
import { type Step } from "../../../scripts/lab/simulator/policyRun";
import { parseScenario } from "../../../scripts/lab/simulator/scenario";
import { adversary, perfect } from "./scenarios";

const honest = accountAt(1);
const adversaries = adversariesOf(
  parseScenario({
    ...perfect,
    adversaries: [
      adversary("lazyCartel", { fromEpoch: 1, epochs: 2 }),
      adversary("junkClient", { fromEpoch: 2, epochs: 2 }),
    ],
  }),
  ["text"],
);
const [cartel, junk] = adversaries as [(typeof adversaries)[number], (typeof adversaries)[number]];
const [seat, otherSeat] = cartel.validators.map(({ account }) => account) as [Address, Address];
const [listed, junkMiner] = [cartel.miners[0]!.account, junk.miners[0]!.account];

type Amounts = readonly (readonly [Address, bigint])[];

/** An epoch with only these amounts: each account's income, each miner's fees, and each payment to register. */
function step(incomes: Amounts, fees: Amounts, registrations: readonly (readonly [Address | null, bigint])[]): Step {
  return {
    flows: {
      ...{ emissionWei: 0n, mintedWei: 0n, blockRewardsWei: 0n, recycledWei: 0n },
      ...{ burnedWei: 0n, taskFeesWei: 0n, supplyWei: 0n, poolWei: 0n },
    },
    incomes: incomes.map(([account, amountWei]) => ({ account, amountWei })),
    miners: fees.map(([account, feesWei]) => ({ account, feesWei })),
    registrations: registrations.map(([account, amountWei]) => ({ account, amountWei })),
  };
}

/** An epoch with the cartel's seats and miner, the junk client's miner, and an honest account; then one without attacks. */
const attacked = step(
  [
    [honest, 1_000n],
    [seat, 30n],
    [otherSeat, 5n],
    [listed, 20n],
    [junkMiner, 2n],
    [honest, 100n],
  ],
  [
    [honest, 500n],
    [listed, 7n],
    [junkMiner, 40n],
  ],
  [
    [null, 900n],
    [seat, 3n],
    [junkMiner, 11n],
  ],
);
const peaceful = step(
  [
    [honest, 1_400n],
    [seat, 60n],
    [otherSeat, 6n],
  ],
  [[honest, 500n]],
  [
    [null, 900n],
    [seat, 4n],
  ],
);

describe("The record of adversaries' attacks", () => {
  const recorder = () => new AttackRecorder(adversaries);

  it("is zero before they come and after they have left", () => {
    const record = recorder();
    record.add(0, attacked, peaceful);
    record.add(4, attacked, peaceful);
    expect(record.attacks()).to.deep.equal([
      {
        ...{ name: "A lazyCartel", kind: "lazyCartel", stakeWei: 100_000n * 10n ** 18n },
        ...{ spentWei: 0n, earnedWei: 0n, honestWei: 0n, gainWei: 0n, othersLostWei: 0n },
      },
      {
        ...{ name: "A junkClient", kind: "junkClient", stakeWei: 0n },
        ...{ spentWei: 0n, earnedWei: 0n, honestWei: 0n, gainWei: 0n, othersLostWei: 0n },
      },
    ]);
  });

  it("sums for each active adversary its spending, its earnings, those of the same stake if honest, and others' losses", () => {
    const record = recorder();
    for (const epoch of [1, 2, 3]) record.add(epoch, attacked, peaceful);
    const [cartels, junks] = record.attacks();
    // In each epoch: fees 7 and a registration of 3; its seats and its miner; honest stake without its registration.
    expect(cartels).to.deep.include({ spentWei: 20n, earnedWei: 110n, honestWei: 124n, gainWei: -34n });
    expect(junks).to.deep.include({ spentWei: 102n, earnedWei: 4n, honestWei: 0n, gainWei: -98n });
    // Others would have earned 1,400 instead of 1,100, whichever of the two acts.
    expect([cartels!.othersLostWei, junks!.othersLostWei]).to.deep.equal([600n, 600n]);
  });
});
