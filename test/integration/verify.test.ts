import { expect } from "chai";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { transact } from "../../scripts/chain/transact";
import { type Settlement } from "../../scripts/core/settlement";
import { type ComputedEpoch } from "../../scripts/keeper/compute/computeSettlement";
import { inspectEpoch, verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { corrupted, corruptions } from "../shared/corruptions";
import { andForget, type DelayedWorld, startDelayedWorld } from "../shared/delayedNetwork";
import { goToDue, liveThrough } from "./world";

/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

describe("epoch verify", () => {
  let world: DelayedWorld;
  let honest: ComputedEpoch;

  before(async () => {
    world = await startDelayedWorld(20);
    const archive = await openArchive(world.connection, world.node.dataDirectory);
    const settle = (isSent: boolean) =>
      settleNextEpoch(world.connection, archive, {
        signer: isSent ? world.people.keeper : undefined,
        payRecipientsUpTo: 0,
      });
    await goToDue(world, 1);
    await settle(true);
    await settle(true);
    await liveThrough(world, epoch);
    const outcome = await settle(false);
    expect(outcome.kind).to.equal("ready");
    honest = (outcome as Extract<typeof outcome, { kind: "ready" }>).computed;
  });

  after(async () => {
    await world.node.stop();
  });

  /** Posts a settlement with the keeper's key instead of the honest one. @returns What a stranger then finds. */
  function verifyAfter(settlement: Settlement) {
    const { connection, people } = world;
    const { settlementQuorum } = connection.contracts;
    return andForget(world, async () => {
      await transact(connection, people.keeper, {
        ...settlementQuorum,
        functionName: "settleEpoch",
        args: [settlement],
      });
      return verifyEpochs(connection, epoch);
    });
  }

  it("agrees with an honest settlement, and with every epoch before it", async () => {
    expect(honest.result.miners.rewardsWei > 0n && honest.result.validators.rewardsWei > 0n).to.equal(true);
    expect(await verifyAfter(honest.settlement)).to.deep.equal({ kind: "verified", fromEpoch: 0, toEpoch: epoch });
  });

  it("reports that the epoch isn't settled yet", async () => {
    expect(await verifyEpochs(world.connection, epoch)).to.deep.equal({ kind: "notSettled", epoch, settledEpochs: 2 });
  });

  for (const corruption of corruptions) {
    const { what, field, isRootWrong } = corruption;
    it(`catches ${what}, and names ${field}`, async () => {
      const { settlement } = await corrupted(corruption, honest, world);
      const verification = await verifyAfter(settlement);
      const difference = `${field} is ${settlement[field]} on chain, but should be ${honest.settlement[field]}`;
      expect(verification).to.deep.include({ kind: "different", epoch, difference });
      const [finding] = verification.kind === "different" ? verification.findings : [];
      expect(finding!.root !== finding!.rightRoot, "the root is wrong").to.equal(isRootWrong);
    });
  }

  const wrongSources: [name: "recycled" | "minted", changeWei: { recycledWei: bigint; mintedWei: bigint }][] = [
    ["recycled", { recycledWei: 1n, mintedWei: 0n }],
    ["minted", { recycledWei: 0n, mintedWei: 1n }],
  ];
  for (const [name, { recycledWei, mintedWei }] of wrongSources) {
    it(`catches a wei more ${name} than the pool's balance before the settlement allows`, async () => {
      const { connection, people } = world;
      const { settlementQuorum } = connection.contracts;
      const { settlement } = honest;
      const [finding, right] = await andForget(world, async () => {
        await transact(connection, people.keeper, {
          ...settlementQuorum,
          functionName: "settleEpoch",
          args: [settlement],
        });
        const settled = await readSettledEpochs(connection);
        const own = settled[epoch]!;
        const told = { ...own, recycledWei: own.recycledWei + recycledWei, mintedWei: own.mintedWei + mintedWei };
        const before = { cumulative: new Map(), bonds: new Map() };
        return [(await inspectEpoch(connection, epoch, told, before)).finding, own] as const;
      });
      const rightWei = right[`${name}Wei`];
      expect(finding.difference).to.equal(`${name} is ${rightWei + 1n} on chain, but should be ${rightWei}`);
    });
  }
});
