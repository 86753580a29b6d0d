import { expect } from "chai";
import { delegatedTo, yearlyReturnWad } from "../../scripts/core/staking";

const WAD = 10n ** 18n;
const daySeconds = 86_400;

describe("A yearly return", () => {
  it("is the mean of what a token earned in each epoch, times the epochs of a year, not compounded", () => {
    const epochs = [
      { amountWei: 1n, stakeWei: 1_000n },
      { amountWei: 6n, stakeWei: 2_000n },
    ];
    expect(yearlyReturnWad(epochs, daySeconds)).to.equal((365n * WAD * 2n) / 1_000n);
    expect(yearlyReturnWad(epochs, daySeconds / 2)).to.equal((730n * WAD * 2n) / 1_000n);
  });

  it("counts an epoch without a part in it, or without stake, as nothing earned", () => {
    const epoch = { amountWei: 4n, stakeWei: 1_000n };
    const empty = { amountWei: 0n, stakeWei: 0n };
    expect(yearlyReturnWad([epoch, null], daySeconds)).to.equal((365n * WAD * 2n) / 1_000n);
    expect(yearlyReturnWad([epoch, empty], daySeconds)).to.equal((365n * WAD * 2n) / 1_000n);
    expect(yearlyReturnWad([null], daySeconds)).to.equal(0n);
  });

  it("is unknown without an epoch", () => {
    expect(yearlyReturnWad([], daySeconds)).to.equal(null);
  });
});

describe("What is earned by delegating to a validator", () => {
  it("is a token's part of what the commission leaves, whether the validator has delegators or not", () => {
    // Of 1,000 the validator keeps 10 %, and a quarter of the rest for its own stake: 325. A token delegated to it earned 0.9.
    const earned = delegatedTo({ amountWei: 325n, stakeWei: 250n, validatorStakeWei: 1_000n, commissionBps: 1_000 });
    expect((earned.amountWei * 10n) / earned.stakeWei).to.equal(9n);
    // Alone with its stake it earned all 1,000; a token more beside the 250 would have earned as much as each of them, less 10 %.
    const alone = delegatedTo({ amountWei: 1_000n, stakeWei: 250n, validatorStakeWei: 250n, commissionBps: 1_000 });
    expect((alone.amountWei * 10n) / alone.stakeWei).to.equal(36n);
  });
});
