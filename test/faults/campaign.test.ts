import { expect } from "chai";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { expectInvariants } from "../integration/invariants";
import { createWorld } from "../integration/world";
import { startAnvil } from "../shared/anvil";
import { runCampaign } from "../shared/campaign/campaign";
import { keeperProcesses } from "../shared/campaign/keeperProcesses";
import { type CampaignPlan } from "../shared/campaign/plan";

const epochs = Number(process.env.MDT_EPOCHS ?? "200");
const seed = Number(process.env.MDT_SEED ?? "1");

const ordinary: CampaignPlan = {
  epochs,
  seed,
  keepers: [13],
  confirmations: 6,
  faultRate: 0.1,
  inputsMayBeLost: true,
  killsPerThousand: 10,
  livesPerThousand: 10,
};

describe(`${epochs} epochs on anvil under continuous faults`, function () {
  this.timeout(7_200_000);

  const campaigns: readonly (readonly [string, CampaignPlan])[] = [
    ["by one keeper", ordinary],
    ["by two keepers with one key", { ...ordinary, keepers: [13, 13] }],
    ["by two keepers with two keys", { ...ordinary, keepers: [13, 14] }],
    [
      "by a keeper with one confirmation, which settles again what a reorganisation dropped",
      { ...ordinary, confirmations: 1, inputsMayBeLost: false },
    ],
  ];

  for (const [title, plan] of campaigns) {
    it(`are each settled once ${title}, without manual help (MDT_SEED=${seed})`, async function () {
      const node = await startAnvil(this);
      const factory = await keeperProcesses();
      try {
        const world = await createWorld(node);
        const { seconds, faults, told, calls } = await runCampaign(world, node, plan, factory);
        const figures = { epochs, seed, seconds: Math.round(seconds), callsPerEpoch: Math.round(calls / epochs) };
        const report = { ...figures, faults: Object.fromEntries(faults), told: Object.fromEntries(told) };
        process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
        const settled = (await readSettledEpochs(world.connection)).map(({ settlement }) => Number(settlement.epoch));
        expect(settled).to.deep.equal([...settled.keys()]);
        expect(settled.length).to.be.at.least(epochs);
        await expectInvariants(world);
        const last = settled.length - 1;
        expect(await verifyEpochs(world.connection, last)).to.include({ kind: "verified", toEpoch: last });
        expect(told.get("halted") ?? 0).to.equal(0);
      } finally {
        factory.close();
        node.stop();
      }
    });
  }
});
