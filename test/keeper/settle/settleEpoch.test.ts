import { expect } from "chai";
import { zeroHash } from "viem";
import { RefusedError } from "../../../scripts/chain/transact";
import { settleNextEpoch } from "../../../scripts/keeper/settle/settleEpoch";
import { refusalBy } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";
import { account, DueStage } from "../run/dueStage";

describe("A refused settlement of the next epoch", () => {
  let stage: DueStage;

  beforeEach(() => {
    stage = new DueStage();
  });

  afterEach(() => {
    stage.close();
  });

  const settle = async () =>
    settleNextEpoch(stage.chain(), (await stage.keeper()).archive, { signer: account, payRecipientsUpTo: 0 });
  const refused = (): Error => refusalBy("settlementQuorum", "NotNextEpoch", [0n, 1n]);

  it("is reported as already settled if someone else settled the epoch meanwhile", async () => {
    stage.refuse = () => {
      stage.roots = [zeroHash];
      throw refused();
    };
    expect(await settle()).to.deep.equal({ kind: "alreadySettled", epoch: 0 });
  });

  it("fails with the contract's error if the epoch is still open", async () => {
    stage.refuse = () => {
      throw refused();
    };
    expect((await rejection(settle(), RefusedError)).errorName).to.equal("NotNextEpoch");
  });
});
