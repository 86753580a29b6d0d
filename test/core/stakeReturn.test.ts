import { expect } from "chai";
import { delegatedTo, yearlyReturnWad } from "../../scripts/core/staking";

const WAD = 10n ** 18n;
const daySeconds = 86_400;

describe("A yearly return", () => {
  it("is the mean of a token's earnings per epoch, times the epochs of a year, not compounded", () => {
    const epochs = [
      { amountWei: 1n, stakeWei: 1_000n },
      { amountWei: 6n, stakeWei: 2_000n },
    ];
    expect(yearlyReturnWad(epochs, daySeconds)).to.equal((365n * WAD * 2n) / 1_000n);
    expect(yearlyReturnWad(epochs, daySeconds / 2)).to.equal((730n * WAD * 2n) / 1_000n);
  });

  it("counts an epoch of absence, or without stake, as zero earnings", () => {
    const epoch = { amountWei: 4n, stakeWei: 1_000n };
    const empty = { amountWei: 0n, stakeWei: 0n };
    expect(yearlyReturnWad([epoch, null], daySeconds)).to.equal((365n * WAD * 2n) / 1_000n);
    expect(yearlyReturnWad([epoch, empty], daySeconds)).to.equal((365n * WAD * 2n) / 1_000n);
    expect(yearlyReturnWad([null], daySeconds)).to.equal(0n);
  });

  it("is null without epochs", () => {
    expect(yearlyReturnWad([], daySeconds)).to.equal(null);
  });
});

describe("The earnings of a delegation to a validator", () => {
  it("are a token's share of the reward after commission, with or without other delegators", () => {
    // Of 1,000 the validator keeps 10 %, and a quarter of the rest for its own stake: 325. A token delegated to it earned 0.9.
    const earned = delegatedTo({ amountWei: 325n, stakeWei: 250n, validatorStakeWei: 1_000n, commissionBps: 1_000 });
    expect((earned.amountWei * 10n) / earned.stakeWei).to.equal(9n);
    // Without delegators it earned all 1,000; one more token would have earned as much as each of the 250, less 10 %.
    const alone = delegatedTo({ amountWei: 1_000n, stakeWei: 250n, validatorStakeWei: 250n, commissionBps: 1_000 });
    expect((alone.amountWei * 10n) / alone.stakeWei).to.equal(36n);
  });
});
