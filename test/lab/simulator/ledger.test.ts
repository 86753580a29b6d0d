import { expect } from "chai";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { computeEpoch } from "../../../scripts/core/computeEpoch";
import { Ledger } from "../../../scripts/lab/simulator/ledger";
import { ScenarioError } from "../../../scripts/lab/simulator/scenario";
import { epochInputs } from "../../shared/epochInputs";

const reference = loadNetworkConfig("reference");

/** The books of a network with 1,000 wei, `stakedWei` of them staked; its allowance is five block rewards of 2 wei and 1 wei. */
const books = (stakedWei: bigint) =>
  new Ledger(
    {
      ...reference,
      supply: {
        ...reference.supply,
        daoAllocationWei: 1_000n,
        treasuryAllowanceWei: 500n,
        blockRewardsAllowanceWei: 11n,
      },
      emission: { ...reference.emission, blockRewardWei: 2n },
    },
    stakedWei,
  );

const balances = ({ supplyWei, poolWei, treasuryMintableWei, blocksMintableWei }: Ledger) => ({
  supplyWei,
  poolWei,
  treasuryMintableWei,
  blocksMintableWei,
});

describe("The books of a simulated network", () => {
  it("begin with the DAO's allocation, an empty pool, and both allowances", () => {
    expect(balances(books(0n))).to.deep.equal({
      supplyWei: 1_000n,
      poolWei: 0n,
      treasuryMintableWei: 500n,
      blocksMintableWei: 11n,
    });
  });

  it("allow everything to be staked, and not a wei more", () => {
    expect(balances(books(1_000n)).supplyWei).to.equal(1_000n);
    expect(() => books(1_001n))
      .to.throw(ScenarioError)
      .with.property(
        "message",
        "validators.stakeMdt and delegatedMdt, and the stakes of adversaries, come to more than supply.daoAllocationMdt, all there is at the start.",
      );
  });

  it("burn half of the task fees, floored, and recycle the rest, registration fees and slashed stake", () => {
    const ledger = books(0n);
    expect(ledger.pay(0, { taskFeesWei: 101n, registrationFeesWei: 30n, slashedWei: 7n })).to.equal(50n);
    expect([ledger.supplyWei, ledger.poolWei]).to.deep.equal([950n, 88n]);
    expect(ledger.pay(1, { taskFeesWei: 10n, registrationFeesWei: 0n, slashedWei: 0n })).to.equal(5n);
    expect([ledger.supplyWei, ledger.poolWei]).to.deep.equal([945n, 93n]);
  });

  it("let people pay everything that is neither staked nor in the pool, and not a wei more", () => {
    const owed = { taskFeesWei: 100n, registrationFeesWei: 300n, slashedWei: 200n };
    const after = () => {
      const ledger = books(300n);
      ledger.pay(0, { taskFeesWei: 0n, registrationFeesWei: 100n, slashedWei: 0n });
      return ledger;
    };
    expect(after().pay(1, owed)).to.equal(50n);
    for (const kind of ["taskFeesWei", "registrationFeesWei", "slashedWei"] as const) {
      expect(() => after().pay(7, { ...owed, [kind]: owed[kind] + 1n }))
        .to.throw(ScenarioError)
        .with.property(
          "message",
          "In epoch 7 people pay more than is in circulation: lower tasks.perEpoch, its growth, or tasks.feeBps.",
        );
    }
  });

  it("mint whole block rewards while their allowance lasts", () => {
    const ledger = books(0n);
    expect([ledger.produce(3n), ledger.produce(0n), ledger.produce(7n), ledger.produce(1n)]).to.deep.equal([
      6n,
      0n,
      4n,
      0n,
    ]);
    expect([ledger.blocksMintableWei, ledger.supplyWei]).to.deep.equal([1n, 1_010n]);
  });

  it("take a settlement's recycled tokens from the pool, mint the rest, burn, and return what nobody earned", () => {
    const ledger = books(0n);
    ledger.pay(0, { taskFeesWei: 0n, registrationFeesWei: 100n, slashedWei: 0n });
    const result = computeEpoch(epochInputs());
    const emission = { ...result.emission, recycledWei: 60n, mintedWei: 40n };
    const burned = { burnedUnmetQuotaWei: 9n, burnedQualityPenaltyWei: 2n };
    expect(ledger.settle({ ...result, emission, ...burned, returnedWei: 5n })).to.equal(11n);
    expect(balances(ledger)).to.deep.equal({
      supplyWei: 1_029n,
      poolWei: 45n,
      treasuryMintableWei: 460n,
      blocksMintableWei: 11n,
    });
  });
});
