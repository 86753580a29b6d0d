import { expect } from "chai";
import { type Address, parseEventLogs } from "viem";
import { transact } from "../../scripts/chain/transact";
import { reportMissedReveals } from "../../scripts/actions/duties";
import { allow } from "../shared/allow";
import { everything, unstake, withdraw } from "../../scripts/actions/unstakes";
import { setOperator } from "../../scripts/actions/validators";
import { openArchive, type EpochArchive } from "../../scripts/keeper/archive/epochArchive";
import { claimableRewards, claimFor } from "../../scripts/actions/rewards";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { commit, doTask, goTo, goToDue, MDT, payloadOf, reveal, startOf } from "../integration/world";

const scores = payloadOf([60_000, 50_000, 40_000]);

/** Staking, scores and settlement as they are deployed, in one network: each test continues where the previous one ended. */
describe("As promised to stakers,", function () {
  this.bail(true);
  let world: DelayedWorld;
  let archive: EpochArchive;
  /** What each epoch added to everyone's rewards, by account in lower case. */
  const earned: ReadonlyMap<string, bigint>[] = [];
  /** Reveals in every epoch. */
  let diligent: Address;
  let silent: Address;
  let latecomer: Address;
  let newOperator: Address;
  let recipient: Address;

  before(async () => {
    world = await startDelayedWorld(0);
    archive = await openArchive(world.connection, world.node.dataDirectory);
    [diligent, silent] = world.people.validators as [Address, Address];
    [latecomer, newOperator, recipient] = world.accounts.slice(13) as [Address, Address, Address];
    await allow(world.connection, latecomer, {
      spender: world.connection.contracts.staking.address,
      amountWei: 1_000n * MDT,
    });
    await goToDue(world, 1);
    await settle();
  });

  after(async () => {
    await world.node.stop();
  });

  /** Settles everything that is due. */
  async function settle(): Promise<void> {
    const options = { signer: world.people.keeper, payRecipientsUpTo: 0 };
    for (;;) {
      const outcome = await settleNextEpoch(world.connection, archive, options);
      if (outcome.kind !== "settled") return;
      const { rewards } = outcome.computed.result.validators;
      earned.push(new Map(rewards.map(({ account, amountWei }) => [account.toLowerCase(), amountWei])));
    }
  }

  /** Time stands still in the last second of an epoch. */
  const lastSecondOf = (epoch: number) => world.node.advanceTo(startOf(world, epoch + 1) - 1n);

  /** An epoch in which the diligent validator alone reveals; `meanwhile` happens after its commitment. */
  async function passEpoch(epoch: number, meanwhile: () => Promise<void>, operator = diligent): Promise<void> {
    const running = await world.connection.contracts.staking.read.currentEpoch({ blockTag: "pending" });
    if (running < epoch) await goTo(world, epoch);
    await doTask(world, 0, 0);
    const sealed = await commit(world, diligent, epoch, scores);
    await meanwhile();
    await goTo(world, epoch + 1);
    await reveal(world, { ...sealed, validator: operator });
    await goToDue(world, epoch);
    await settle();
  }

  const nothing = () => Promise.resolve();

  it("a stake made one second before an epoch ends earns nothing for it or for the next", async () => {
    const { staking } = world.connection.contracts;
    await passEpoch(2, async () => {
      await lastSecondOf(2);
      const args = [diligent, 500n * MDT] as const;
      const { blockNumber } = await transact(world.connection, latecomer, {
        ...staking,
        functionName: "delegate",
        args,
      });
      const { timestamp } = await world.connection.reader.getBlock({ blockNumber });
      expect(timestamp).to.equal(startOf(world, 3) - 1n);
    });
    await passEpoch(3, nothing);
    await passEpoch(4, nothing);
    expect([2, 3, 4].map((epoch) => earned[epoch]!.has(latecomer))).to.deep.equal([false, false, true]);
    expect(earned[2]!.get(diligent.toLowerCase())).to.equal(earned[3]!.get(diligent.toLowerCase()));
    expect(earned[4]!.get(latecomer)! > earned[4]!.get(diligent.toLowerCase())!).to.equal(true);
  });

  it("a validator that unstakes before it is reported still pays the slash, and so do its delegators", async () => {
    const { connection, people } = world;
    const [delegator] = people.delegators as [Address];
    const ownWei = await connection.contracts.staking.read.stakeAt([silent, 4n]);
    const delegatedWei = await connection.contracts.staking.read.delegationAt([silent, delegator, 4n]);
    await lastSecondOf(5);
    await unstake(connection, silent, silent, everything);
    await goToDue(world, 5);
    const report = await reportMissedReveals(connection, people.stranger, silent);
    expect(report).to.deep.include({ kind: "reported", epochs: [2, 3, 4] });
    await goTo(world, 8);
    expect(await withdraw(connection, silent, silent)).to.equal((ownWei * 99n) / 100n);
    expect(await withdraw(connection, delegator, silent)).to.equal((delegatedWei * 99n) / 100n);
    await settle();
  });

  describe("an operator changed between commit and reveal", () => {
    it("moves nothing: stake, delegations, pending rewards and their recipient stay, and the commitment is revealed", async () => {
      const { connection } = world;
      const { staking, stakingLens, treasury, token } = connection.contracts;
      await transact(connection, diligent, { ...treasury, functionName: "setClaimRecipient", args: [recipient] });
      const picture = async () => ({
        seated: await stakingLens.read.seatedValidators([9n]),
        rewards: await claimableRewards(connection, archive, diligent),
        recipient: await treasury.read.claimRecipientOf([diligent]),
        balances: await Promise.all(
          [diligent, newOperator, staking.address, treasury.address].map((holder) => token.read.balanceOf([holder])),
        ),
      });
      await passEpoch(
        9,
        async () => {
          const before = await picture();
          await setOperator(connection, diligent, newOperator);
          expect(await picture()).to.deep.equal(before);
          expect(before.rewards.claimableWei > 0n).to.equal(true);
        },
        newOperator,
      );
    });

    it("has pending and later rewards paid to the owner's recipient", async () => {
      const { connection } = world;
      const { receipt } = await claimFor(connection, archive, newOperator, diligent);
      const logs = parseEventLogs({
        abi: connection.contracts.treasury.abi,
        eventName: "Claimed",
        logs: receipt!.logs,
      });
      const total = earned.reduce((sum, epoch) => sum + (epoch.get(diligent.toLowerCase()) ?? 0n), 0n);
      expect(logs.map(({ args }) => args.amount)).to.deep.equal([total]);
      expect(logs[0]!.args.recipient.toLowerCase()).to.equal(recipient);
    });
  });
});
