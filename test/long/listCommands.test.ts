import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { getAddress } from "viem";
import { withEventsAsOfNow } from "../../scripts/chain/connection";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { readPast } from "../../scripts/keeper/facts/validatorPast";
import { type MinerStanding, type ValidatorStanding } from "../../scripts/views/lastStanding";
import { publishPolicy } from "../../scripts/actions/policies";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { createWorld, goToDue, liveThrough, type World } from "../integration/world";
import { startNode } from "../shared/node";

interface Listed<Standing> {
  readonly status: string;
  readonly lastRevealedEpoch: number;
  readonly standing: Standing;
}

interface Recorded {
  readonly validator: string;
  readonly record: {
    readonly yearlyReturnWad: string;
    readonly commissions: readonly { readonly epoch: number; readonly commissionBps: number }[];
  };
}

/** Epoch 2 is settled under the stake rule, epoch 3 under yuma3. */
describe("validator list and miner list, on a network with settled epochs", () => {
  let world: World;

  before(async () => {
    world = await createWorld(await startNode());
    const policy = join(world.node.dataDirectory, "policy.json");
    writeFileSync(policy, JSON.stringify({ fromEpoch: 3, policy: { validatorRule: "yuma3", maxExpectedTasks: 50 } }));
    await publishPolicy(world.connection, world.people.keeper, policy);
    await goToDue(world, 1);
    await liveThrough(world, 2);
    await settle(2);
  });

  after(() => {
    world.node.stop();
  });

  async function settle(lastEpoch: number): Promise<void> {
    const archive = await openArchive(world.connection, world.node.dataDirectory);
    for (;;) {
      const options = { signer: world.people.keeper, payRecipientsUpTo: 0 };
      const outcome = await settleNextEpoch(world.connection, archive, options);
      if (outcome.kind === "settled" && outcome.epoch === lastEpoch) return;
    }
  }

  async function listed<Standing>(...command: string[]): Promise<readonly Listed<Standing>[]> {
    const { exitCode, stdout, stderr } = await world.node.command(...command, "--json");
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout) as readonly Listed<Standing>[];
  }

  const sum = (shares: readonly number[]): number => shares.reduce((total, share) => total + share, 0);

  it("show stake, commission, status, last reveal and trust, and no dividends if there are none", async () => {
    const second = getAddress(world.people.validators[1]!);
    const { stdout } = await world.node.command("validator", "list");
    expect(stdout).to.match(
      new RegExp(
        `${second} +active +200\\.0000 +320\\.0000 +5\\.00 +epoch 2 +1 of 1 +\\d[\\d,]*\\.\\d\\d\\s% +\\d{2,3}\\.\\d\\d % +itself`,
      ),
    );
    expect(stdout).not.to.match(/dividend|before/);
  });

  it("sort validators by stake, commission or return, the best first, and refuse an unknown order", async () => {
    const { validators } = world.people;
    const sorted = async (order: string) =>
      (await listed<ValidatorStanding>("validator", "list", "--sort", order)) as unknown as readonly Recorded[];
    const byStake = await sorted("stake");
    expect(byStake.map(({ validator }) => validator.toLowerCase())).to.deep.equal([...validators].reverse());
    const byCommission = await sorted("commission");
    expect(byCommission.map(({ validator }) => validator.toLowerCase())).to.deep.equal(validators);
    expect(byCommission.map(({ record }) => record.commissions)).to.deep.equal(
      validators.map((_, index) => [{ epoch: 1, commissionBps: index * 500 }]),
    );
    // Under the stake rule a token earns the same with each of them, so their commission decides.
    const returns = (await sorted("return")).map(({ record }) => BigInt(record.yearlyReturnWad));
    expect(returns).to.deep.equal(returns.toSorted((a, b) => Number(b - a)));
    expect((await sorted("return"))[0]!.validator.toLowerCase()).to.equal(validators[0]);
    const refused = await world.node.command("validator", "list", "--sort", "name");
    expect([refused.exitCode, refused.stdout]).to.deep.equal([1, ""]);
  });

  it("show each miner's consensus and incentive, by the scores that half of the stake supports and the fees of its tasks", async () => {
    const { stdout } = await world.node.command("miner", "list");
    const rows = world.people.miners.map((miner, index) =>
      new RegExp(`${index + 1} +${getAddress(miner)} +1 +0 +1 +(\\d\\d\\.\\d\\d) % +(\\d\\d\\.\\d\\d) %`)
        .exec(stdout)!
        .slice(1)
        .map(Number),
    );
    expect(sum(rows.map(([, incentive]) => incentive!))).to.be.closeTo(100, 0.02);
    // The third and fourth validator hold more than half, and the third scores higher; the tasks cost 3.2, 4.8 and 6 MDT.
    const worth = [58_000 * 3.2, 49_000 * 4.8, 40_000 * 6];
    const shares = worth.map((one) => (100 * one) / sum(worth));
    rows.forEach((row, index) => {
      for (const percent of row) expect(percent).to.be.closeTo(shares[index]!, 0.05);
    });
  });

  it("show dividends if a Yuma rule is in force", async () => {
    await liveThrough(world, 3);
    await settle(3);
    const validators = await listed<ValidatorStanding>("validator", "list");
    const miners = await listed<MinerStanding>("miner", "list");
    expect(validators.map(({ status, lastRevealedEpoch }) => [status, lastRevealedEpoch])).to.deep.equal(
      world.people.validators.map(() => ["active", 3]),
    );
    expect(sum(validators.map(({ standing }) => standing.dividendU16!))).to.be.closeTo(65_535, 4);
    expect(Math.min(...validators.map(({ standing }) => standing.validatorTrustU16!))).to.be.greaterThan(60_000);
    expect(sum(miners.map(({ standing }) => standing.incentiveU16))).to.be.closeTo(65_535, 3);
    expect(Math.min(...miners.map(({ standing }) => standing.consensusU16))).to.be.greaterThan(0);
  });

  it("know each reveal of an epoch, even if ten later epochs were revealed but not settled", async () => {
    for (let epoch = 4; epoch < 14; epoch += 1) await liveThrough(world, epoch);
    const view = await withEventsAsOfNow(world.connection);
    const validators = world.people.validators.map((validator) => getAddress(validator));
    const pasts = await readPast(view, validators, await readSettledEpochs(view), 1);
    expect([...pasts.values()].map(({ activeEpochs, missedEpochs }) => [activeEpochs, missedEpochs])).to.deep.equal(
      validators.map(() => [[3], []]),
    );
  });
});
