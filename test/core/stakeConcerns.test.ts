import { expect } from "chai";
import { concernedEpochs, concernsOf } from "../../scripts/core/staking";
import { describeConcern, describeConcerns } from "../../scripts/show/describeConcern";

const validator = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" as const;
const calm = { validator, isJailed: false, commissions: [{ epoch: 1, commissionBps: 500 }], missedEpochs: [] } as const;
const epoch = 50;
const rise = { kind: "commissionRose", validator, epoch: 51, fromBps: 500, toBps: 800 } as const;

describe("Concerns about a validator", () => {
  it("are empty if it does its duty: its first commission isn't a rise", () => {
    expect(concernsOf(calm, 1)).to.deep.equal([]);
  });

  it("include a commission that rises or has risen within eight epochs, but not a fall", () => {
    const commissions = [...calm.commissions, { epoch: 51, commissionBps: 800 }];
    expect(concernsOf({ ...calm, commissions }, epoch)).to.deep.equal([rise]);
    expect(concernsOf({ ...calm, commissions }, 51 + concernedEpochs - 1)).to.deep.equal([rise]);
    expect(concernsOf({ ...calm, commissions }, 51 + concernedEpochs)).to.deep.equal([]);
    const fallen = [...commissions, { epoch: 52, commissionBps: 100 }];
    expect(concernsOf({ ...calm, commissions: fallen }, epoch)).to.deep.equal([rise]);
  });

  it("include its jail, and each of the last eight epochs in which it revealed nothing", () => {
    const missedEpochs = [epoch - concernedEpochs, epoch - concernedEpochs + 1, epoch - 2];
    expect(concernsOf({ ...calm, isJailed: true, missedEpochs }, epoch)).to.deep.equal([
      { kind: "validatorJailed", validator },
      { kind: "revealMissed", validator, epoch: 43 },
      { kind: "revealMissed", validator, epoch: 48 },
    ]);
  });

  it("are described in a sentence each", () => {
    expect(describeConcern(rise)).to.equal("raises its commission from 5 % to 8 %, effective in epoch 51");
    expect(describeConcern({ kind: "validatorJailed", validator })).to.equal(
      "is jailed: its stake and its delegators' stake earn nothing until it leaves jail",
    );
    expect(describeConcern({ kind: "revealMissed", validator, epoch: 48 })).to.equal(
      "revealed no scores in epoch 48, so its stake and its delegators' stake earned nothing",
    );
    const missed = [43, 48].map((one) => ({ kind: "revealMissed" as const, validator, epoch: one }));
    expect(describeConcerns([rise, ...missed])).to.equal(
      `${describeConcern(rise)}; revealed no scores in epochs 43, 48, so its stake and its delegators' stake earned nothing`,
    );
    expect(describeConcerns([rise])).to.equal(describeConcern(rise));
  });
});
