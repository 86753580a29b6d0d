import { expect } from "chai";
import { zeroHash } from "viem";
import { epochToSign, settlementStanding } from "../../../scripts/keeper/settle/settlementStanding";
import { EarlierEpochOpenError } from "../../../scripts/keeper/settle/epochInputs";
import { rejection } from "../../shared/rejection";
import { DueStage } from "../run/dueStage";

describe("An epoch's settlement", () => {
  let stage: DueStage;

  beforeEach(() => {
    stage = new DueStage();
    stage.stakeWei = 67n;
  });

  afterEach(() => {
    stage.close();
  });

  const standing = async (epoch: number) => settlementStanding(stage.chain(), (await stage.keeper()).archive, epoch);

  it("is due from the second in which its reveals end, and shows who has signed it", async () => {
    [stage.now, stage.revealEnd] = [699, 700];
    expect(await standing(0)).to.deep.equal({ kind: "notDue", epoch: 0, dueAt: 700, secondsLeft: 1 });
    stage.now = 700;
    await stage.sign();
    const due = await standing(0);
    expect(due.kind === "due" && [due.gathered.signed.length, due.settlement.rewardsRoot]).to.deep.equal([1, zeroHash]);
  });

  it("isn't known while an earlier epoch isn't settled", async () => {
    await rejection(standing(1), EarlierEpochOpenError);
  });

  it("is reported as settled alone if a keeper did so, and the next epoch is the one to sign", async () => {
    expect(await epochToSign(stage.chain())).to.deep.equal({ what: "settlement", epoch: 0 });
    stage.roots = [zeroHash];
    expect(await standing(0)).to.deep.equal({ kind: "settledAlone", epoch: 0 });
    expect(await epochToSign(stage.chain())).to.deep.equal({ what: "settlement", epoch: 1 });
  });

  it("is replaced by a repost to sign if the newest root is vetoed and no epoch is due", async () => {
    [stage.roots, stage.isVetoed] = [[zeroHash], true];
    expect(await epochToSign(stage.chain())).to.deep.equal({ what: "settlement", epoch: 1 });
    stage.revealEnd = 2_000;
    expect(await epochToSign(stage.chain())).to.deep.equal({ what: "repost", epoch: 0 });
  });
});
