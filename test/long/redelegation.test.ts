import { expect } from "chai";
import { transact } from "../../scripts/chain/transact";
import { redelegate } from "../../scripts/actions/unstakes";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { collectFacts } from "../../scripts/keeper/facts/collectFacts";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { startNode } from "../shared/node";
import { expectDelegationsOfChain, expectInvariants } from "../integration/invariants";
import { bytes32, createWorld, goTo, liveThrough, MDT, type World } from "../integration/world";

/** The epoch in which the delegation moves; it is the first in which stake counts. */
const epoch = 2;
const movedWei = 10n * MDT + 1n;
const stayingWei = 10n * MDT;
const otherWei = 20n * MDT + 1n;

describe("A delegation that moves while its old validator is slashed", () => {
  let world: World;
  let settleDue: () => Promise<unknown>;

  before(async () => {
    world = await createWorld(await startNode());
    const { connection, node, people } = world;
    const archive = await openArchive(connection, node.dataDirectory);
    settleDue = () => settleNextEpoch(connection, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
  });

  after(() => {
    world.node.stop();
  });

  async function slash(bps: number): Promise<void> {
    const { connection, people } = world;
    const args = [people.validators[0]!, BigInt(bps), bytes32(bps)] as const;
    await transact(connection, people.keeper, { ...connection.contracts.staking, functionName: "slash", args });
    await expectInvariants(world);
  }

  it("is settled in the epochs e, e + 1 and e + 2 as Staking states it, and verified from the beginning", async () => {
    const { connection, people } = world;
    const [from, to] = [people.validators[0]!, people.validators[1]!];
    const delegator = people.delegators[0]!;
    await goTo(world, epoch);
    await settleDue();
    const { outcome } = await redelegate(connection, delegator, from, to, movedWei);
    expect(outcome).to.deep.include({ amountWei: movedWei, countsFrom: epoch + 2 });
    await slash(3_333);
    await liveThrough(world, epoch);
    await slash(1_000);
    await liveThrough(world, epoch + 1);
    await slash(5_000);
    await liveThrough(world, epoch + 2);
    for (let settled = 1; settled <= epoch + 2; ++settled) {
      expect(await settleDue()).to.deep.include({ kind: "settled", epoch: settled });
      await expectInvariants(world);
    }

    const arrivedWei = (movedWei * 60_003n) / 100_000n;
    for (const [counted, onOldWei, onNewWei] of [
      [epoch, ((stayingWei + movedWei) * 6_667n) / 10_000n, otherWei],
      [epoch + 1, ((stayingWei + movedWei) * 60_003n) / 100_000n, otherWei],
      [epoch + 2, (stayingWei * 300_015n) / 1_000_000n, otherWei + arrivedWei],
    ] as const) {
      const facts = await collectFacts(connection, counted);
      await expectDelegationsOfChain(world, counted, facts.validators);
      const { delegationAt } = connection.contracts.staking.read;
      expect(await delegationAt([from, delegator, BigInt(counted)]), `old one in ${counted}`).to.equal(onOldWei);
      expect(await delegationAt([to, delegator, BigInt(counted)]), `new one in ${counted}`).to.equal(onNewWei);
    }
    expect(await verifyEpochs(connection, epoch + 2)).to.deep.equal({
      kind: "verified",
      fromEpoch: 0,
      toEpoch: epoch + 2,
    });
  });
});
