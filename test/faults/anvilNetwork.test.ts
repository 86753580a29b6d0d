import { expect } from "chai";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { runCampaign } from "../shared/campaign/campaign";
import { keepersHere } from "../shared/campaign/keepersHere";
import { type LastingNode, startAnvil } from "../shared/anvil";
import { expectInvariants } from "../integration/invariants";
import { createWorld, goToDue, liveThrough, type World } from "../integration/world";

/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

describe("The network on anvil", () => {
  let world: World;
  let node: LastingNode;

  before(async function () {
    node = await startAnvil(this);
    world = await createWorld(node);
  });

  after(() => {
    world.node.stop();
  });

  it("settles three epochs, pays everyone, and verifies", async () => {
    const archive = await openArchive(world.connection, world.node.dataDirectory);
    const settle = async () => {
      const { kind } = await settleNextEpoch(world.connection, archive, {
        signer: world.people.keeper,
        payRecipientsUpTo: 250,
      });
      return kind;
    };
    await goToDue(world, 1);
    await liveThrough(world, epoch);
    expect([await settle(), await settle(), await settle(), await settle()]).to.deep.equal([
      "settled",
      "settled",
      "settled",
      "notDue",
    ]);
    const miners = world.people.miners.map((miner) => world.connection.contracts.treasury.read.claimedOf([miner]));
    expect((await Promise.all(miners)).every((claimedWei) => claimedWei > 0n)).to.equal(true);
    expect(await verifyEpochs(world.connection, epoch)).to.deep.equal({
      kind: "verified",
      fromEpoch: 0,
      toEpoch: epoch,
    });
  });

  const seed = Number(process.env.MDT_SEED ?? "1");

  it(`has each epoch settled once while lines fail and the chain reorganises (MDT_SEED=${seed})`, async () => {
    const keepers = keepersHere();
    const epochs = epoch + 1 + 5;
    const faulty = { epochs, seed, keepers: [13], confirmations: 6, faultRate: 0.1, inputsMayBeLost: true };
    try {
      await runCampaign(world, node, { ...faulty, killsPerThousand: 10, livesPerThousand: 0 }, keepers);
    } finally {
      keepers.close();
    }
    const settled = (await readSettledEpochs(world.connection)).map(({ settlement }) => Number(settlement.epoch));
    expect(settled).to.deep.equal([...settled.keys()]);
    const last = settled.length - 1;
    expect(last).to.be.at.least(epochs - 1);
    expect(await verifyEpochs(world.connection, last)).to.include({ kind: "verified", toEpoch: last });
    await expectInvariants(world);
  });
});
