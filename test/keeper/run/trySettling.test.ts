import { expect } from "chai";
import { type Address, pad, zeroAddress, zeroHash } from "viem";
import { ContradictionError } from "../../../scripts/chain/contradiction";
import { RefusedError } from "../../../scripts/chain/transact";
import { readSettledEpochs } from "../../../scripts/keeper/facts/settledEpochs";
import { type DueEpoch } from "../../../scripts/keeper/run/dueEpoch";
import { type Fees } from "../../../scripts/keeper/run/fees";
import { type Observation } from "../../../scripts/keeper/run/look";
import { type Settling, trySettling } from "../../../scripts/keeper/run/trySettling";
import { refusalBy } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";
import { account, DueStage, nodeRefusal, validator } from "./dueStage";

describe("An epoch that is due", () => {
  let stage: DueStage;

  beforeEach(() => {
    stage = new DueStage();
  });

  afterEach(() => {
    stage.close();
  });

  async function settle(
    seen: Partial<Observation> = {},
    known: DueEpoch | null = null,
    outbid?: Fees,
  ): Promise<Settling> {
    const { connection } = stage;
    const sender = { connection, signer: account, maxFeePerGasWei: 1_000n, onSigned: () => undefined };
    const leftOut = { epoch: 0, validators: new Set<Address>() };
    return trySettling(await stage.keeper(), stage.seen(seen), sender, outbid, { due: known, leftOut });
  }

  const settled = { kind: "sent" } as const;
  const blocks = () => stage.rehearsals.map(([, block]) => block);

  it("is computed, rehearsed and sent, with an eighth of gas to spare", async () => {
    expect(await settle()).to.deep.include(settled);
    expect(stage.functionsSent()).to.deep.equal(["settleEpoch"]);
    expect(stage.transactions()[0]).to.include({
      nonce: 4,
      gas: 112_500n,
      maxFeePerGas: 202n,
      maxPriorityFeePerGas: 2n,
    });
    expect(stage.events).to.deep.equal([
      { kind: "computed", epoch: 0, seconds: 0, accounts: 0, rewardsRoot: zeroHash },
    ]);
  });

  for (const [headTimestamp, block] of [
    [499, "pending"],
    [500, "latest"],
  ] as const) {
    it(`is rehearsed at the ${block} block if the newest is of ${headTimestamp}, and a keeper may be alone from 500 on`, async () => {
      await settle({ headTimestamp, dueAt: 0 });
      expect(blocks()).to.deep.equal([block, block]);
    });
  }

  for (const [headTimestamp, block] of [
    [899, "pending"],
    [900, "latest"],
  ] as const) {
    it(`is rehearsed at the ${block} block if the newest is of ${headTimestamp}, and a quorum may settle from 900 on`, async () => {
      [stage.soloFrom, stage.stakeWei] = [5_000n, 67n];
      await stage.sign();
      expect(await settle({ headTimestamp })).to.deep.include(settled);
      expect(stage.functionsSent()).to.deep.equal(["settleEpochSigned"]);
      expect(blocks()).to.deep.equal([block, block]);
    });
  }

  it("waits for a quorum where the account may not do without, and is not computed again", async () => {
    stage.isKeeper = false;
    stage.stakeWei = 67n;
    const missing = await settle();
    if (missing.kind !== "quorumMissing") return expect.fail(missing.kind);
    expect(missing.gap).to.include({ signedWei: 0n, neededWei: 67n, soloFrom: 500 });
    expect([stage.events.length, stage.sent.length]).to.deep.equal([1, 0]);
    await stage.sign();
    stage.now += 599;
    expect(await settle({}, missing.due)).to.deep.include(settled);
    expect(stage.events).to.have.lengthOf(1);
  });

  it("is computed again after ten minutes, and where what it rests on has changed", async () => {
    stage.stakeWei = 67n;
    stage.soloFrom = 5_000n;
    const missing = await settle();
    if (missing.kind !== "quorumMissing") return expect.fail(missing.kind);
    await settle({ nextEpochToSettle: 0 }, { ...missing.due, state: "another" });
    expect(stage.events).to.have.lengthOf(2);
    stage.now += 600;
    await settle({}, missing.due);
    expect(stage.events).to.have.lengthOf(3);
  });

  it("is not even computed where gas is too expensive", async () => {
    stage.priorityFeeWei = 901n;
    expect(await settle()).to.deep.equal({ kind: "aboveCeiling", askedWei: 1_001n });
    expect([stage.events, stage.sent]).to.deep.equal([[], []]);
  });

  it("outbids what was sent with the same nonce", async () => {
    await settle({}, null, { maxFeePerGasWei: 400n, maxPriorityFeePerGasWei: 8n });
    expect(stage.transactions()[0]).to.include({ maxFeePerGas: 450n, maxPriorityFeePerGas: 9n });
  });

  it("halts where the epoch before it was settled incorrectly and its root is alive, which nobody may accept", async () => {
    stage.roots = [pad("0x63")];
    stage.connection = stage.chain();
    const halted = await settle({ settled: await readSettledEpochs(stage.connection) });
    expect(halted).to.deep.include({ kind: "halted", mayBeAccepted: false });
    expect((halted as { reason: string }).reason).to.match(/^Epoch 0 .*[^.]$/);
    expect(stage.sent).to.deep.equal([]);
  });

  it("is settled already where the contract expects a later one", async () => {
    stage.refuse = () => {
      throw refusalBy("settlementQuorum", "NotNextEpoch", [0n, 1n]);
    };
    expect(await settle()).to.deep.equal({ kind: "alreadySettled" });
    stage.refuse = () => {
      throw refusalBy("settlementQuorum", "NotNextEpoch", [1n, 0n]);
    };
    expect((await rejection(settle(), RefusedError)).errorName).to.equal("NotNextEpoch");
  });

  it("fails with the contract's refusal, and contradicts itself where that has no name", async () => {
    stage.refuse = () => {
      throw refusalBy("settlementQuorum", "WrongSignature", [validator.address, zeroAddress]);
    };
    expect((await rejection(settle(), RefusedError)).errorName).to.equal("WrongSignature");
    stage.refuse = () => {
      throw Object.assign(new Error("execution reverted"), { code: 3, data: "0x" });
    };
    const failure = await rejection(settle(), ContradictionError);
    expect(failure.message).to.match(/^Epoch 0 can't be settled: /);
    expect(stage.sent).to.deep.equal([]);
  });

  it("fails as the node does where that is no refusal", async () => {
    stage.refuse = () => {
      throw nodeRefusal("header not found");
    };
    const failure = await settle().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).and.not.instanceOf(ContradictionError);
    expect(failure).not.to.be.instanceOf(RefusedError);
  });

  describe("whose nonce another transaction of the account took", () => {
    const tooLow = (): never => {
      throw nodeRefusal("nonce too low");
    };

    it("is signed again with the next one", async () => {
      stage.onSending = () => {
        stage.onSending = () => undefined;
        stage.nonce = 6;
        tooLow();
      };
      expect(await settle()).to.deep.include(settled);
      expect(stage.transactions().map((one) => one.nonce)).to.deep.equal([4, 6]);
      expect(stage.events.slice(1)).to.deep.equal([
        {
          ...{ kind: "failed", during: "settling epoch 0", retryInSeconds: 0 },
          reason: "another transaction of the keeper's account used nonce 4: signing again with nonce 6",
        },
      ]);
    });

    it("waits for the next look where the node does not count it yet", async () => {
      stage.onSending = tooLow;
      expect(await settle()).to.deep.equal({ kind: "nonceTaken", nonce: 4 });
      expect(stage.sent).to.have.lengthOf(1);
    });
  });
});
