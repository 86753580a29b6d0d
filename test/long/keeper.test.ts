import { expect } from "chai";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress, keccak256, toBytes } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { connect } from "../shared/connect";
import { openArchive, type EpochArchive } from "../../scripts/keeper/archive/epochArchive";
import { claimableRewards, claimAndStake, claimFor } from "../../scripts/actions/rewards";
import { type Signer } from "../../scripts/chain/signer";
import { RefusedError, transact } from "../../scripts/chain/transact";
import {
  carriedInto,
  EarlierEpochOpenError,
  SettlementDiffersError,
  readInputs,
} from "../../scripts/keeper/settle/epochInputs";
import { collectFacts, EpochNotOverError, requireOver } from "../../scripts/keeper/facts/collectFacts";
import { canonicalJson } from "../../scripts/core/canonicalJson";
import { epochStatus } from "../../scripts/keeper/facts/epochStatus";
import { commitmentOf } from "../../scripts/core/scores";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { settleNextEpoch, type SettleOutcome } from "../../scripts/keeper/settle/settleEpoch";
import { startNode } from "../shared/node";
import { type FaultyLink, openFaultyLink } from "../shared/faultyLink";
import { expectDelegationsOfChain, expectInvariants } from "../integration/invariants";
import { epochPlans, score, tryAct, work } from "../integration/randomEpochs";
import {
  createWorld,
  goTo,
  goToDue,
  liveThrough,
  payloadOf,
  reveal,
  type Sealed,
  startOf,
  type World,
} from "../integration/world";

const soloRole = keccak256(toBytes("SOLO_ROLE"));

/** Crosses the halving at epoch 8, the rule yuma3 in epochs 5 and 6, and yuma2 in epoch 7. */
const randomEpochs = 12;
const seed = 459;

describe("The keeper on a node that it did not start", function () {
  // Each test continues from the chain as the previous one left it.
  this.bail(true);
  let world: World;
  let archive: EpochArchive;
  let link: FaultyLink;

  before(async () => {
    world = await createWorld(await startNode());
    archive = await openArchive(world.connection, world.node.dataDirectory);
    link = await openFaultyLink(world.node.url);
  });

  after(() => {
    link.close();
    world.node.stop();
  });

  /** Settles the next epoch as the keeper. */
  function settle(
    options: Partial<{ signer: Signer | undefined; payRecipientsUpTo: number; connection: Connection }> = {},
  ) {
    const { connection = world.connection, ...rest } = options;
    return settleNextEpoch(connection, archive, { signer: world.people.keeper, payRecipientsUpTo: 250, ...rest });
  }

  /** Settles until nothing is due. @returns Which epochs were settled. */
  async function catchUp(): Promise<readonly number[]> {
    const epochs: number[] = [];
    for (;;) {
      const outcome = await settle({ payRecipientsUpTo: epochs.length % 2 === 0 ? 250 : 0 });
      if (outcome.kind !== "settled") {
        expect(outcome.kind).to.equal("notDue");
        return epochs;
      }
      epochs.push(outcome.epoch);
    }
  }

  const nextEpoch = async () => Number(await world.connection.contracts.treasury.read.nextEpochToSettle());

  /** Lives through the next epoch to settle. @returns That epoch, which is due. */
  async function liveUntilDue(): Promise<number> {
    const epoch = await nextEpoch();
    await liveThrough(world, epoch);
    return epoch;
  }

  async function expectRefusal(attempt: Promise<unknown>, errorName: string, values: readonly unknown[]) {
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(RefusedError);
    const refusal = error as RefusedError;
    expect([refusal.errorName, ...refusal.values].map(String)).to.deep.equal([errorName, ...values].map(String));
  }

  function settledOf(outcome: SettleOutcome) {
    if (outcome.kind !== "settled") throw new Error(`The epoch was not settled: ${outcome.kind}`);
    return outcome;
  }

  /** Has the Treasury draw all that the random epochs' slashes put into the pool, so that the next epoch is minted. */
  async function emptyPool(): Promise<void> {
    const { control } = world.node;
    const { pool, treasury } = world.connection.contracts;
    const args = [await pool.read.available(), 0n] as const;
    await control.setBalance({ address: treasury.address, value: 10n ** 18n });
    await control.impersonateAccount({ address: treasury.address });
    await transact(world.connection, treasury.address, { ...pool, functionName: "draw", args });
  }

  async function publishPolicy(fromEpoch: number, policy: Record<string, string>): Promise<void> {
    const { policyRegistry } = world.connection.contracts;
    const local = { maxExpectedTasks: 50, difficultyFloorTasks: 20 };
    const args = [BigInt(fromEpoch), canonicalJson({ fromEpoch, policy: { ...local, ...policy } })] as const;
    await transact(world.connection, world.people.keeper, { ...policyRegistry, functionName: "publishPolicy", args });
  }

  describe("through epochs of random stakes, scores, tasks and silences", () => {
    const happened = new Map<string, number>();

    it("keeps every invariant of the contracts after every step", async () => {
      await publishPolicy(5, { validatorRule: "yuma3" });
      await publishPolicy(7, { validatorRule: "yuma2" });
      await publishPolicy(8, {});
      let sealed: readonly Sealed[] = [];
      for (const [epoch, plan] of epochPlans(randomEpochs, seed).entries()) {
        if (epoch > 0) {
          await goTo(world, epoch);
          for (const one of sealed) await reveal(world, one);
          await goToDue(world, epoch - 1);
        }
        if (!plan.keeperIsAway) {
          const epochs = await catchUp();
          happened.set("catch-up", Math.max(happened.get("catch-up") ?? 0, epochs.length));
          await expectInvariants(world);
        }
        for (const act of plan.acts) {
          const what = await tryAct(world, act);
          happened.set(what, (happened.get(what) ?? 0) + 1);
        }
        await expectInvariants(world);
        if (epoch > 0) await work(world, plan);
        sealed = await score(world, epoch, plan);
        await expectInvariants(world);
      }
      await goTo(world, randomEpochs);
      for (const one of sealed) await reveal(world, one);
      await goToDue(world, randomEpochs - 1);
      await catchUp();
      await expectInvariants(world);
    });

    it("settled each epoch once, in order, after silences too", async () => {
      const settled = await readSettledEpochs(world.connection);
      expect(settled.map(({ settlement }) => Number(settlement.epoch))).to.deep.equal(
        Array.from({ length: randomEpochs }, (_, epoch) => epoch),
      );
      expect(happened.get("catch-up")).to.be.greaterThan(1);
    });

    it("did everything that can happen to a stake", () => {
      const stakeActs = ["stake", "delegate", "undelegate", "redelegate", "unstake", "leave", "register", "withdraw"];
      const acts = [...stakeActs, "slash", "recycle"];
      expect(acts.filter((act) => !happened.has(act))).to.deep.equal([]);
    });

    it("read everyone's delegations as Staking itself states them", async () => {
      for (let epoch = 0; epoch < randomEpochs; epoch++) {
        const facts = await collectFacts(world.connection, epoch);
        await expectDelegationsOfChain(world, epoch, facts.validators);
      }
    });

    it("knows the previous epoch's rule, which determines the form of its bonds", async () => {
      const rules = [];
      for (let epoch = 0; epoch < randomEpochs; epoch++) {
        const facts = await collectFacts(world.connection, epoch);
        rules.push(facts.policy.validatorRule);
        expect(facts.ruleBefore, `before epoch ${epoch}`).to.equal(rules[epoch - 1] ?? "stake");
      }
      expect(rules.slice(4, 9)).to.deep.equal(["stake", "yuma3", "yuma3", "yuma2", "stake"]);
    });

    it("without its archive computes the same inputs and roots from a much later block, bonds included", async () => {
      rmSync(join(world.node.dataDirectory, world.connection.deployment.id), { recursive: true });
      const settled = await readSettledEpochs(world.connection);
      const recomputed: number[] = [];
      await carriedInto(world.connection, archive, settled.length, settled, (epoch) => recomputed.push(epoch));
      expect(recomputed).to.have.lengthOf(settled.length);
      expect(
        archive.standing(4)?.validators.every(({ dividend }) => dividend === null),
        "rule stake",
      ).to.equal(true);
      expect(
        archive.standing(6)?.validators.some(({ dividend }) => Number(dividend) > 0),
        "rule yuma3",
      ).to.equal(true);
      for (const [epoch, { settlement }] of settled.entries()) {
        expect((await archive.tree(epoch, settlement.rewardsRoot))?.root).to.equal(settlement.rewardsRoot);
      }
    });

    it("settled what `epoch preview` computes from `epoch inputs`", async () => {
      const { settlement, mintedWei, recycledWei } = (await readSettledEpochs(world.connection))[6]!;
      const file = join(world.node.dataDirectory, "inputs.json");
      const inputs = await world.node.command("epoch", "inputs", "--epoch", "6", "--out", file, "--json");
      expect(inputs.exitCode, inputs.stderr).to.equal(0);
      const preview = await world.node.command("epoch", "preview", "--input", file, "--json");
      expect(preview.exitCode, preview.stderr).to.equal(0);
      const result = JSON.parse(preview.stdout) as Record<string, string>;
      expect(result).to.include({
        utilityWad: settlement.utilityWad.toString(),
        emissionWei: settlement.emission.toString(),
        recycledWei: recycledWei.toString(),
        mintedWei: mintedWei.toString(),
        burnedUnmetQuotaWei: settlement.burnedUnmetQuota.toString(),
        burnedQualityPenaltyWei: settlement.burnedQualityPenalty.toString(),
        daoWei: settlement.daoShare.toString(),
        returnedWei: settlement.returned.toString(),
      });
    });
  });

  describe("answers, without an error,", () => {
    it("that an epoch isn't due, and for how long, and sends nothing", async () => {
      const epoch = await nextEpoch();
      const dueAt = startOf(world, epoch + 1, world.connection.deployment.config.clock.revealSlots);
      await world.node.holdTimeAt(dueAt - 1n);
      const before = await world.connection.reader.getBlockNumber();
      expect(await settle()).to.deep.equal({ kind: "notDue", epoch, dueAt: Number(dueAt), secondsLeft: 1 });
      expect(await world.connection.reader.getBlockNumber()).to.equal(before);
      const refusal: unknown = await requireOver(world.connection, epoch).catch((error: unknown) => error);
      expect(refusal).to.be.instanceOf(EpochNotOverError);
      await world.node.holdTimeAt(dueAt);
      expect(await epochStatus(world.connection)).to.include({ nextEpochToSettle: epoch, isDue: true });
      settledOf(await settle());
    });

    it("with what it would send if it has no signer", async () => {
      const epoch = await liveUntilDue();
      const outcome = await settle({ signer: undefined });
      expect(outcome).to.include({ kind: "ready", epoch });
      expect(await nextEpoch()).to.equal(epoch);
      const { settlement } = settledOf(await settle()).computed;
      expect(outcome.kind === "ready" && outcome.computed.settlement).to.deep.equal(settlement);
    });

    it("that the epoch is already settled, if another keeper was faster while this one sent", async () => {
      const epoch = await liveUntilDue();
      const otherArchive = await openArchive(world.connection, join(world.node.dataDirectory, "other"));
      const stopped = link.stopNext("eth_sendTransaction");
      const slow = settleNextEpoch(await connect(link.url), otherArchive, {
        signer: world.people.keeper,
        payRecipientsUpTo: 250,
      });
      const call = await stopped;
      settledOf(await settle());
      call.pass();
      expect(await slow).to.deep.equal({ kind: "alreadySettled", epoch });
      await expectInvariants(world);
    });

    it("that the epoch is already settled, if both settlements were mined in one block", async () => {
      const epoch = await liveUntilDue();
      const { control } = world.node;
      const stopped = link.stopNext("eth_sendTransaction");
      const slow = settle({ connection: await connect(link.url) });
      const call = await stopped;
      await control.setAutomine(false);
      const fast = settle();
      await waitForPending(1);
      call.pass();
      await waitForPending(2);
      await control.mine({ blocks: 2 });
      await control.setAutomine(true);
      expect((await fast).kind).to.equal("settled");
      expect(await slow).to.deep.equal({ kind: "alreadySettled", epoch });
      expect(await nextEpoch()).to.equal(epoch + 1);
      await expectInvariants(world);
    });

    /** Waits until this many transactions are in the node's mempool. */
    async function waitForPending(count: number): Promise<void> {
      for (;;) {
        const pending = await world.node.control.request<{ ReturnType: readonly unknown[]; Method: string }>({
          method: "eth_pendingTransactions",
        } as never);
        if (pending.length >= count) return;
        await new Promise((later) => setTimeout(later, 20));
      }
    }
  });

  describe("is refused", () => {
    it("as a stranger, without the role, and nothing changes", async () => {
      const epoch = await liveUntilDue();
      const supplyBefore = await world.connection.contracts.token.read.totalSupply();
      const { stranger } = world.people;
      await expectRefusal(settle({ signer: stranger }), "AccessControlUnauthorizedAccount", [
        getAddress(stranger),
        soloRole,
      ]);
      expect(await nextEpoch()).to.equal(epoch);
      expect(await world.connection.contracts.token.read.totalSupply()).to.equal(supplyBefore);
    });

    it("while the Treasury is paused, and settles afterwards", async () => {
      const { connection, people } = world;
      const { treasury } = connection.contracts;
      await transact(connection, people.keeper, { ...treasury, functionName: "pause", args: [] });
      await expectRefusal(settle(), "TreasuryPaused", []);
      await transact(connection, people.keeper, { ...treasury, functionName: "unpause", args: [] });
      settledOf(await settle());
    });
  });

  describe("is not confused", () => {
    it("by being killed between saving an epoch and sending it: it is settled once, and paid once", async () => {
      const epoch = await liveUntilDue();
      const { token, treasury } = world.connection.contracts;
      const mintedBefore = await token.read.totalMinted();
      const stopped = link.stopNext("eth_sendTransaction");
      const keeper = world.node.start({ MDT_RPC_URL: link.url }, "epoch", "settle", "--send");
      const call = await stopped;
      keeper.kill("SIGKILL");
      call.drop();
      expect(await nextEpoch()).to.equal(epoch);
      expect(archive.standing(epoch), "saved before it was sent").not.to.equal(undefined);
      settledOf(await settle());
      const { mintedWei, settlement } = (await readSettledEpochs(world.connection))[epoch]!;
      expect((await token.read.totalMinted()) - mintedBefore).to.equal(mintedWei);
      const tree = (await archive.tree(epoch, settlement.rewardsRoot))!;
      expect(await token.read.balanceOf([treasury.address])).to.equal(0n);
      expect(tree.list.count).to.be.greaterThan(0);
      await expectInvariants(world);
    });

    it("by a wei that a stranger recycles between computing and sending: only recycled and minted change", async () => {
      const epoch = await liveUntilDue();
      const { connection, people, node } = world;
      const { token, pool } = connection.contracts;
      const snapshot = await node.control.snapshot();
      await emptyPool();
      const stopped = link.stopNext("eth_sendTransaction");
      const sending = settle({ connection: await connect(link.url) });
      const call = await stopped;
      await transact(connection, people.stranger, { ...token, functionName: "transfer", args: [pool.address, 1n] });
      call.pass();
      const { computed } = settledOf(await sending);
      const { settlement, mintedWei, recycledWei } = (await readSettledEpochs(connection))[epoch]!;
      expect(settlement).to.deep.equal(computed.settlement);
      expect(recycledWei).to.equal(computed.result.emission.recycledWei + 1n);
      expect(mintedWei).to.equal(computed.result.emission.mintedWei - 1n);
      const fresh = await openArchive(connection, join(world.node.dataDirectory, "verifier"));
      await carriedInto(connection, fresh, epoch + 1, await readSettledEpochs(connection));
      expect(await fresh.tree(epoch, settlement.rewardsRoot)).not.to.equal(undefined);
      await node.control.revert({ id: snapshot });
      settledOf(await settle());
    });

    it("by a chain that forgets its settlement: it settles again, with the same root, and mints once", async () => {
      const epoch = await liveUntilDue();
      const { token } = world.connection.contracts;
      const snapshot = await world.node.control.snapshot();
      const first = settledOf(await settle());
      const mintedInAll = await token.read.totalMinted();
      await world.node.control.revert({ id: snapshot });
      expect(await nextEpoch()).to.equal(epoch);
      const second = settledOf(await settle());
      expect(second.computed.settlement).to.deep.equal(first.computed.settlement);
      expect(await token.read.totalMinted()).to.equal(mintedInAll);
    });

    it("by a damaged archive: it computes the damaged epochs again", async () => {
      const epoch = await nextEpoch();
      writeFileSync(archive.reportFile(epoch - 1), "{");
      writeFileSync(archive.treeFile(epoch - 2), "[]");
      const settled = await readSettledEpochs(world.connection);
      const recomputed: number[] = [];
      await carriedInto(world.connection, archive, epoch, settled, (one) => recomputed.push(one));
      expect(recomputed).to.deep.equal([epoch - 2, epoch - 1]);
    });

    it("by a wrong settlement: it names the field that differs, and builds nothing on it", async () => {
      const epoch = await nextEpoch();
      const settled = [...(await readSettledEpochs(world.connection))];
      const last = settled[epoch - 1]!;
      const { minerRewards, validatorRewards } = last.settlement;
      const moved = { minerRewards: minerRewards + 9n, validatorRewards: validatorRewards - 9n };
      settled[epoch - 1] = { ...last, settlement: { ...last.settlement, ...moved } };
      rmSync(archive.treeFile(epoch - 1));
      const error: unknown = await carriedInto(world.connection, archive, epoch, settled).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(SettlementDiffersError);
      expect((error as Error).message).to.equal(
        `Epoch ${epoch - 1} was settled incorrectly: minerRewards is ${minerRewards + 9n} on chain, but should be ${minerRewards}.`,
      );
    });

    it("by a request for an epoch before earlier ones are settled", async () => {
      const epoch = await nextEpoch();
      const settled = await readSettledEpochs(world.connection);
      const error: unknown = await carriedInto(world.connection, archive, epoch + 1, settled).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(EarlierEpochOpenError);
      expect((error as Error).message).to.equal(
        `Epoch ${epoch + 1} can't be computed yet: epoch ${epoch} must be settled first.`,
      );
    });
  });

  describe("pays", () => {
    /** What accounts have been paid, in their order. */
    async function balancesOf(accounts: readonly Address[]): Promise<readonly bigint[]> {
      const { token } = world.connection.contracts;
      return Promise.all(accounts.map((account) => token.read.balanceOf([account])));
    }

    it("everyone in the settling transaction, up to the configured number of accounts", async () => {
      await liveUntilDue();
      const ready = await settle({ signer: undefined });
      const { count } = (ready.kind === "ready" && ready.computed.tree.list) || { count: 0 };
      const accounts = ready.kind === "ready" ? [...ready.computed.carried.cumulative.keys()] : [];
      const before = await balancesOf(accounts);
      const { paid, computed } = settledOf(await settle({ payRecipientsUpTo: count }));
      const earned = new Map<Address, bigint>();
      for (const { account, amountWei } of [...computed.result.miners.rewards, ...computed.result.validators.rewards]) {
        earned.set(account, (earned.get(account) ?? 0n) + amountWei);
      }
      const after = await balancesOf(accounts);
      expect(paid).to.equal(earned.size);
      expect(after.map((balance, index) => balance - before[index]!)).to.deep.equal(
        accounts.map((account) => earned.get(account) ?? 0n),
      );
    });

    it("nobody if there is one account more than configured: it posts the root, and people claim", async () => {
      await liveUntilDue();
      const { connection, people } = world;
      const { treasury, staking } = connection.contracts;
      const ready = await settle({ signer: undefined });
      const count = ready.kind === "ready" ? ready.computed.tree.list.count : 0;
      const { paid, computed } = settledOf(await settle({ payRecipientsUpTo: count - 1 }));
      expect(paid).to.equal(0);
      const owed = computed.result.miners.rewardsWei + computed.result.validators.rewardsWei;
      expect((await balancesOf([treasury.address]))[0]).to.equal(owed);

      const [first, second] = computed.result.miners.rewards.map(({ account }) => account) as [Address, Address];
      const before = await balancesOf([first, second]);
      const own = await claimFor(connection, archive, first, first);
      const byStranger = await claimFor(connection, archive, people.stranger, second);
      const after = await balancesOf([first, second]);
      expect(after.map((balance, index) => balance - before[index]!)).to.deep.equal([
        own.rewards.claimableWei,
        byStranger.rewards.claimableWei,
      ]);
      expect(own.rewards.claimableWei > 0n && byStranger.rewards.claimableWei > 0n).to.equal(true);
      expect(await claimFor(connection, archive, first, first)).to.have.property("receipt", null);

      const [[validator]] = await staking.read.activeStakes([computed.settlement.epoch]);
      const counts = await staking.read.addedCountsFrom({ blockTag: "pending" });
      const stakeBefore = await staking.read.stakeAt([validator!, counts]);
      const staked = await claimAndStake(connection, archive, validator!, validator!);
      const stakeAfter = await staking.read.stakeAt([validator!, counts]);
      expect(staked.rewards.claimableWei > 0n).to.equal(true);
      expect(stakeAfter - stakeBefore <= staked.rewards.claimableWei).to.equal(true);
      expect(stakeAfter - stakeBefore > staked.rewards.claimableWei - 10n).to.equal(true);
      expect(await claimAndStake(connection, archive, validator!, validator!)).to.have.property("receipt", null);
      await expectInvariants(world);
    });

    it("nobody twice: a later settlement that pays omits accounts that have claimed all or earned nothing", async () => {
      await liveUntilDue();
      settledOf(await settle());
      await expectInvariants(world);
      const { connection, people } = world;
      expect((await balancesOf([connection.contracts.treasury.address]))[0]).to.equal(0n);
      const nothing = await claimableRewards(connection, archive, people.stranger);
      expect(nothing).to.include({ cumulativeWei: 0n, claimedWei: 0n, claimableWei: 0n });
      expect(nothing.proof).to.deep.equal([]);
    });
  });

  describe("reads", () => {
    it("and hashes a commitment as the score board does", async () => {
      const { connection, people } = world;
      const { scoreBoard } = connection.contracts;
      const [validator] = people.validators as [Address];
      const payload = payloadOf([1, 2, 3]);
      const salt = keccak256("0x07");
      const chainId = await connection.reader.getChainId();
      expect(await scoreBoard.read.commitmentOf([validator, 9n, payload, salt])).to.equal(
        commitmentOf(payload, { chainId, scoreBoard: scoreBoard.address, validator, epoch: 9n, salt }),
      );
    });

    it("the inputs of an epoch that is due and not settled, with the pool and the allowance as they are", async () => {
      const epoch = await liveUntilDue();
      const { connection } = world;
      const { pool, token, treasury } = connection.contracts;
      const inputs = await readInputs(connection, archive, epoch);
      expect(inputs.poolWei).to.equal(await pool.read.available());
      expect(inputs.mintableWei).to.equal(await token.read.mintable([treasury.address]));
      const { computed } = settledOf(await settle());
      expect(computed.assembled.inputs).to.deep.equal(inputs);
      const afterwards = await readInputs(connection, archive, epoch);
      expect(afterwards).to.deep.equal({
        ...inputs,
        poolWei: computed.result.emission.recycledWei,
        mintableWei: computed.result.emission.mintedWei,
      });
    });
  });
});
