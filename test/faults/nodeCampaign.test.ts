import { expect } from "chai";
import { join } from "node:path";
import { startAnvil } from "../shared/anvil";
import "../shared/amendedLocal";
import { count, type Tally } from "../shared/campaign/lineFaults";
import { runNodeCampaign } from "../shared/nodeCampaign/campaign";
import { type NodePlan } from "../shared/nodeCampaign/plan";
import { judgeGiven, judgeReveals, judgeTasks } from "../shared/nodeCampaign/verdict";
import { createWorld } from "../integration/world";

const epochs = Number(process.env.MDT_EPOCHS ?? "100");
const seed = Number(process.env.MDT_SEED ?? "1");

const plan: NodePlan = {
  ...{ epochs, seed, faultRate: 0.1, blobFaultRate: 0.3, expertFaultRate: 0.01 },
  ...{ killsPerThousand: 40, copiesPerThousand: 10, ordersPerThousand: 120 },
};

/** As `local`, but with sixteen blocks to commit scores in, and with confirmations for the deepest reorganisation. */
const network = { clock: { closingSlots: 8 }, keeper: { confirmations: 8, pollSeconds: 3, replaceAfterSeconds: 10 } };

describe(`Miners and validators through ${epochs} epochs on anvil under continuous faults`, function () {
  this.timeout(7_200_000);

  const environment = { ...process.env };

  before(() => {
    process.env.MDT_TEST_LOCAL = JSON.stringify(network);
    const loaders = [require.resolve("ts-node/register/transpile-only"), join(__dirname, "../shared/amendedLocal.ts")];
    process.env.NODE_OPTIONS = loaders.map((loader) => `--require ${loader}`).join(" ");
  });

  after(() => {
    process.env = environment;
  });

  it(`miss no reveal, believe no wrong blob, do nothing twice and account for every task (MDT_SEED=${seed})`, async function () {
    const node = await startAnvil(this);
    try {
      const world = await createWorld(node);
      delete process.env.NODE_OPTIONS;
      const campaign = await runNodeCampaign(world, node, plan);
      const { seconds, faults, ledger, said } = campaign;
      const [reveals, tasks, given] = [await judgeReveals(campaign), await judgeTasks(campaign), judgeGiven(campaign)];
      const told: Tally = new Map();
      for (const { told: one } of said) {
        count(told, one.kind);
        if (one.kind === "failed") count(told, `failed: ${one.reason}`);
        if (one.kind === "refused") count(told, `refused: ${/refused: \w+/.exec(one.reason)?.[0]}`);
      }
      const report = {
        ...{ epochs, seed, seconds: Math.round(seconds), faults: Object.fromEntries(faults) },
        ...{
          told: Object.fromEntries(told),
          mined: ledger.mined,
          reverted: Object.fromEntries(ledger.reverted),
          revertedAgain: Object.fromEntries(ledger.revertedAgain),
        },
        ...{ reveals: { ...reveals, excused: Object.fromEntries(reveals.excused) }, tasks, given },
      };
      process.stdout.write(
        `${JSON.stringify({ ...report, reveals: { ...report.reveals, missed: reveals.missed.length } }, null, 1)}\n`,
      );
      expect(reveals.missed.join("\n"), "reveals missed because of a node").to.equal("");
      expect(reveals.due, "validators' epochs").to.be.at.least(2 * epochs);
      expect(reveals.revealed / reveals.due, "revealed").to.be.above(0.8);
      expect(given.believed, "wrong blobs that were believed").to.deep.equal([]);
      expect(given.whole / given.tasks, "tasks that scorers had whole").to.be.above(0.6);
      expect(tasks.wrong).to.deep.equal([]);
      expect(tasks.completed / tasks.submitted, "tasks completed").to.be.above(0.9);
      const { produce = 0, ...others } = Object.fromEntries(ledger.reverted);
      expect(produce, "slots that a block came too late for").to.be.at.most(2 * epochs);
      const reverted = Object.values(others).reduce((sum, one) => sum + one, 0);
      expect(reverted, "other transactions that reverted").to.be.at.most(Math.ceil(epochs / 2));
    } finally {
      node.stop();
    }
  });
});
