import { expect } from "chai";
import { openArchive } from "../../scripts/client/openArchive";
import { settleNextEpoch } from "../../scripts/keeper/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verifyEpochs";
import { startAnvil } from "../shared/anvil";
import { createWorld, goToDue, liveThrough, type World } from "./world";

/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

describe("The network on anvil, a node that this project's tools did not make", () => {
  let world: World;

  before(async function () {
    world = await createWorld(await startAnvil(this));
  });

  after(() => {
    world.node.stop();
  });

  it("settles three epochs, pays everybody, and verifies", async () => {
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
});
