import { expect } from "chai";
import { keccak256, pad, zeroHash } from "viem";
import { ContradictionError } from "../../../scripts/chain/badAnswers";
import { RefusedError } from "../../../scripts/chain/transact";
import { readSettledEpochs } from "../../../scripts/keeper/facts/settledEpochs";
import { type Observation } from "../../../scripts/keeper/run/look";
import { type KeeperMemory } from "../../../scripts/keeper/run/decide";
import { replaceSettlement, settleDue } from "../../../scripts/keeper/run/settleDue";
import { refusalBy } from "../../shared/answeringChain";
import { rejection } from "../../shared/rejection";
import { account, DueStage, nodeRefusal, validator } from "./dueStage";

describe("A keeper with a due epoch", () => {
  let stage: DueStage;
  let memory: KeeperMemory;

  beforeEach(() => {
    stage = new DueStage();
    ({ memory } = stage);
  });

  afterEach(() => {
    stage.close();
  });

  const settle = async (seen: Partial<Observation> = {}): Promise<number> =>
    settleDue(await stage.keeper(), stage.seen(seen));
  const replace = async (seen: Partial<Observation> = {}): Promise<number> =>
    replaceSettlement(await stage.keeper(), stage.seen(seen), memory.sent!);

  /** The blocks at which the settlement was rehearsed. */
  const blocks = () => stage.rehearsals.map(([, block]) => block);

  /** The reported events, except those of the computation. */
  const news = () => stage.events.filter(({ kind }) => kind !== "computed");

  it("sends the settlement, remembers it, keeps the report, and looks again at once", async () => {
    expect(await settle()).to.equal(0);
    const transactionHash = keccak256(stage.sent[0]!);
    const fees = { maxFeePerGasWei: 202n, maxPriorityFeePerGasWei: 2n };
    expect(news()).to.deep.equal([{ kind: "sent", epoch: 0, transactionHash, nonce: 4, ...fees, replaces: null }]);
    expect(memory.sent).to.deep.include({ epoch: 0, hash: transactionHash });
    expect([memory.lastSent, memory.sentAt, memory.doing]).to.deep.equal([memory.sent, 1_000, "settling epoch 0"]);
    expect([...stage.sender.signed]).to.deep.equal([transactionHash]);
    const { archive } = await stage.keeper();
    expect(archive.report(0), "and to keep its report").not.to.equal(undefined);
  });

  it("outbids its transaction with the same nonce, and reports which one that replaces", async () => {
    await settle();
    const replaces = memory.sent!.hash;
    stage.now += 30;
    expect(await replace()).to.equal(0);
    expect(news()[1]).to.deep.include({ kind: "sent", nonce: 4, maxFeePerGasWei: 228n, replaces });
    expect([memory.sentAt, stage.sender.signed.size]).to.deep.equal([1_030, 2]);
    expect(memory.doing).to.equal("replacing the transaction that settles epoch 0");
  });

  it("also outbids a transaction whose block a reorganisation dropped, as long as its nonce is free", async () => {
    await settle();
    memory.sent = null;
    await settle();
    expect(stage.transactions().map(({ maxFeePerGas }) => maxFeePerGas)).to.deep.equal([202n, 228n]);
    stage.nonce++;
    await settle();
    expect(stage.transactions().at(-1)!.maxFeePerGas).to.equal(202n);
  });

  it("resends its transaction unchanged if it can't outbid it below the ceiling: the node may have forgotten it", async () => {
    await settle();
    expect(await replace({ baseFeePerGasWei: 999n })).to.equal(20);
    expect(stage.sent).to.deep.equal([stage.sent[0], stage.sent[0]]);
    expect(news()[1]).to.include({ kind: "feeAboveCeiling", askedWei: 1_002n });
    expect(memory.sent!.fees.maxFeePerGasWei).to.equal(202n);
  });

  it("raises its fees until they outbid the pending transaction", async () => {
    await settle();
    let refusals = 2;
    stage.onSending = () => {
      if (refusals-- > 0) throw nodeRefusal("replacement transaction underpriced");
    };
    await replace();
    expect(stage.transactions().map(({ maxFeePerGas }) => maxFeePerGas)).to.deep.equal([202n, 228n, 257n, 290n]);
    expect(memory.sent!.fees.maxFeePerGasWei).to.equal(290n);
  });

  it("waits 30 s for another pending transaction of its account, and reports it", async () => {
    stage.onSending = () => {
      throw nodeRefusal("replacement transaction underpriced");
    };
    expect(await settle()).to.equal(0);
    const reason =
      "another transaction from the keeper's account uses nonce 4: the keeper will outbid it unless it is mined in time";
    expect(news()).to.deep.equal([{ kind: "failed", during: "settling epoch 0", reason, retryInSeconds: 30 }]);
    expect([memory.sent!.hash, memory.sentAt]).to.deep.equal([null, 1_000]);
  });

  it("remembers that someone else settled the epoch first", async () => {
    stage.refuse = () => {
      throw refusalBy("settlementQuorum", "NotNextEpoch", [0n, 1n]);
    };
    expect(await settle()).to.equal(0);
    expect([memory.outrunEpoch, memory.sentAt, memory.sent, news()]).to.deep.equal([0, 1_000, null, []]);
  });

  it("waits while gas is too expensive, for as long as five looks take: 20 s", async () => {
    stage.priorityFeeWei = 901n;
    expect(await settle()).to.equal(20);
    const asked = { epoch: 0, askedWei: 1_001n, ceilingWei: 1_000n };
    expect(news()).to.deep.equal([{ kind: "feeAboveCeiling", ...asked, retryInSeconds: 20 }]);
  });

  it("reports that the base fee rose above its offer, and notes that a nonce is taken", async () => {
    stage.onSending = () => {
      throw nodeRefusal("max fee per gas less than block base fee");
    };
    expect(await settle()).to.equal(4);
    const reason = "the base fee rose above the fee that the settlement offered";
    expect(news()).to.deep.equal([{ kind: "failed", during: "settling epoch 0", reason, retryInSeconds: 4 }]);
    stage.onSending = () => {
      throw nodeRefusal("nonce too low");
    };
    expect(await settle()).to.equal(4);
    expect([stage.sender.takenNonce, memory.sent]).to.deep.equal([4, null]);
  });

  it("doesn't believe an endpoint that doesn't count the transaction that took a nonce", async () => {
    stage.sender.takenNonce = 4;
    await rejection(settle(), ContradictionError);
    expect(stage.sender.takenNonce).to.equal(undefined);
    await settle();
    stage.sender.takenNonce = 4;
    await rejection(replace(), ContradictionError);
    stage.sender.takenNonce = 4;
    await settle({ minedTransactions: 5 });
    expect(stage.sender.takenNonce).to.equal(undefined);
  });

  it("halts if the previous epoch was settled incorrectly", async () => {
    stage.roots = [pad("0x63")];
    stage.connection = stage.chain();
    expect(await settle({ settled: await readSettledEpochs(stage.connection) })).to.equal(4);
    expect(memory.halted).to.deep.include({ epoch: 1, mayBeAccepted: false, at: 1_000 });
    expect(news().map(({ kind }) => kind)).to.deep.equal(["halted"]);
  });

  it("rehearses the settlement at the next block if the newest is too early for a keeper alone", async () => {
    for (const headTimestamp of [499, 500]) await settle({ headTimestamp, dueAt: 0 });
    expect(blocks()).to.deep.equal(["pending", "pending", "latest", "latest"]);
    expect(stage.functionsSent()).to.deep.equal(["settleEpoch", "settleEpoch"]);
  });

  it("rehearses the settlement at the next block if the newest is too early for a quorum", async () => {
    [stage.soloFrom, stage.stakeWei] = [5_000n, 67n];
    await stage.sign();
    for (const headTimestamp of [899, 900]) await settle({ headTimestamp });
    expect(blocks()).to.deep.equal(["pending", "pending", "latest", "latest"]);
    expect(stage.functionsSent()).to.deep.equal(["settleEpochSigned", "settleEpochSigned"]);
  });

  it("sends the settlement with an eighth more gas than estimated", async () => {
    await settle();
    expect(stage.transactions()[0]).to.include({ nonce: 4, gas: 112_500n, maxFeePerGas: 202n });
    expect(stage.events[0]).to.deep.equal({
      ...{ kind: "computed", epoch: 0, seconds: 0, accounts: 0, rewardsRoot: zeroHash },
    });
  });

  it("computes the epoch again after ten minutes, or if its facts have changed", async () => {
    [stage.soloFrom, stage.stakeWei] = [5_000n, 67n];
    const computed = () => stage.events.filter(({ kind }) => kind === "computed").length;
    await settle();
    stage.now += 599;
    await settle();
    expect(computed()).to.equal(1);
    stage.now += 1;
    await settle();
    expect(computed()).to.equal(2);
    memory.due = { ...memory.due!, state: "another" };
    await settle();
    expect(computed()).to.equal(3);
  });

  it("fails with the contract's named error, and treats a revert without a name as a contradiction", async () => {
    stage.refuse = () => {
      throw refusalBy("settlementQuorum", "NotNextEpoch", [1n, 0n]);
    };
    expect((await rejection(settle(), RefusedError)).errorName).to.equal("NotNextEpoch");
    for (const data of ["0x", undefined]) {
      stage.refuse = () => {
        throw Object.assign(new Error("execution reverted"), { code: 3, data });
      };
      expect((await rejection(settle(), ContradictionError)).message).to.match(/^Epoch 0 can't be settled: /);
    }
    stage.refuse = () => {
      throw nodeRefusal("header not found");
    };
    const failure = await settle().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).and.not.instanceOf(ContradictionError);
    expect(failure).not.to.be.instanceOf(RefusedError);
    expect(stage.sent).to.deep.equal([]);
  });

  it("signs again with the next free nonce if another transaction of its account used the first one", async () => {
    stage.onSending = () => {
      stage.onSending = () => undefined;
      stage.nonce = 6;
      throw nodeRefusal("nonce too low");
    };
    await settle();
    expect(stage.transactions().map(({ nonce }) => nonce)).to.deep.equal([4, 6]);
    expect(news()[0]).to.deep.equal({
      ...{ kind: "failed", during: "settling epoch 0", retryInSeconds: 0 },
      reason: "another transaction from the keeper's account used nonce 4: signing again with nonce 6",
    });
  });

  describe("whose quorum is missing", () => {
    beforeEach(() => {
      stage.isKeeper = false;
      stage.stakeWei = 67n;
    });

    it("reports it once the epoch has been due for ten looks, and again if more is signed", async () => {
      expect(await settle({ now: 939 })).to.equal(20);
      expect(news()).to.deep.equal([]);
      expect(await settle({ now: 940 })).to.equal(20);
      expect(news()).to.have.lengthOf(1);
      expect(news()[0]).to.include({ kind: "quorumMissing", epoch: 0, signedWei: 0n, neededWei: 67n });
      await settle({ now: 941 });
      expect(news()).to.have.lengthOf(1);
      stage.stakeWei = 66n;
      await stage.sign();
      await settle({ now: 942 });
      expect(news()).to.have.lengthOf(2);
      expect(news()[1]).to.include({ signedWei: 66n });
    });

    it("reports at once that there can be no quorum", async () => {
      stage.stakeWei = undefined;
      await settle({ now: 900 });
      expect(news()).to.have.lengthOf(1);
      expect(news()[0]).to.include({ kind: "quorumMissing", neededWei: null });
    });

    it("keeps its result until it has sent the settlement", async () => {
      await settle();
      expect(memory.due).to.deep.include({ computedAt: 1_000 });
      await stage.sign();
      await settle();
      expect([memory.due, memory.sent?.epoch]).to.deep.equal([null, 0]);
      expect(stage.events.filter(({ kind }) => kind === "computed")).to.have.lengthOf(1);
      expect(stage.functionsSent()).to.deep.equal(["settleEpochSigned"]);
    });

    it("keeps earlier signatures when it computes the epoch again", async () => {
      stage.stakeWei = 66n;
      await stage.sign();
      await settle();
      await settle({ now: 1_601 });
      expect(stage.asked).to.have.lengthOf(1);
      stage.now += 600;
      await settle();
      expect(stage.events.filter(({ kind }) => kind === "computed")).to.have.lengthOf(2);
      expect(stage.asked).to.have.lengthOf(1);
    });

    it("asks a validator again whose approval was withdrawn for another epoch", async () => {
      memory.leftOut = { epoch: 3, validators: new Set([validator.address]) };
      await stage.sign();
      await settle();
      expect(memory.leftOut).to.deep.equal({ epoch: 0, validators: new Set() });
      expect(stage.sent).to.have.lengthOf(1);
    });

    it("doesn't use a validator whose approval was withdrawn for this epoch", async () => {
      memory.leftOut = { epoch: 0, validators: new Set([validator.address]) };
      await stage.sign();
      await settle();
      expect(stage.sent).to.deep.equal([]);
    });

    describe("and whose validator signs with a contract", () => {
      const refuse = (error: () => Error) => {
        stage.refuse = () => {
          throw error();
        };
      };

      beforeEach(async () => {
        stage.isContract = true;
        await stage.sign();
      });

      it("sends the contract's signature, and remembers which validator signed so", async () => {
        await settle();
        expect([stage.functionsSent(), memory.sent?.byContract]).to.deep.equal([
          ["settleEpochSigned"],
          [validator.address],
        ]);
      });

      for (const [what, error] of [
        [
          "if its signature is refused",
          () => refusalBy("settlementQuorum", "WrongSignature", [validator.address, validator.address]),
        ],
        ["if it uses all the gas", () => nodeRefusal("out of gas")],
      ] as const) {
        it(`excludes the validator ${what}, and reports it`, async () => {
          refuse(error);
          await settle({ now: 940 });
          const reason = `The operator contract of ${validator.address} withdrew its approval: the keeper settles the epoch without its signature`;
          expect(news()[0]).to.deep.equal({
            ...{ kind: "failed", during: "settling epoch 0", reason, retryInSeconds: 0 },
          });
          expect(news()[1]).to.include({ kind: "quorumMissing", signedWei: 0n });
          expect([memory.leftOut.validators, stage.sent]).to.deep.equal([new Set([validator.address]), []]);
        });
      }

      it("fails if another account's signature is refused", async () => {
        refuse(() => refusalBy("settlementQuorum", "WrongSignature", [account.address, account.address]));
        expect((await rejection(settle(), RefusedError)).errorName).to.equal("WrongSignature");
        expect(memory.leftOut.validators).to.deep.equal(new Set());
      });

      it("fails if the node can't answer the call", async () => {
        refuse(() => nodeRefusal("header not found"));
        const failure = await settle().catch((error: unknown) => error);
        expect(String(failure)).to.contain("header not found");
        expect(memory.leftOut.validators).to.deep.equal(new Set());
      });
    });
  });
});
