import { expect } from "chai";
import { openArchive } from "../../scripts/client/openArchive";
import { transact } from "../../scripts/chain/transact";
import { type CumulativeRewards, rewardsOf } from "../../scripts/keeper/core/cumulative";
import { policyHash } from "../../scripts/keeper/core/policy/policyHash";
import { DEFAULT_POLICY } from "../../scripts/keeper/core/policy/fields";
import { buildRewardTree } from "../../scripts/keeper/core/rewardTree/buildRewardTree";
import { type Settlement } from "../../scripts/keeper/core/settlement";
import { type ComputedEpoch } from "../../scripts/keeper/computeSettlement";
import { settleNextEpoch } from "../../scripts/keeper/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verifyEpochs";
import { startNode } from "../shared/node";
import { createWorld, goToDue, liveThrough, type World } from "./world";

/** The first epoch in which stake counts, so the first with rewards. */
const epoch = 2;

describe("epoch verify", () => {
  let world: World;
  let honest: ComputedEpoch;

  before(async () => {
    world = await createWorld(await startNode());
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

  after(() => {
    world.node.stop();
  });

  /** What a stolen keeper's key posts in place of the honest settlement, and what a stranger then finds. */
  async function verifyAfter(settlement: Settlement) {
    const { connection, node, people } = world;
    const snapshot = await node.control.snapshot();
    const { treasury } = connection.contracts;
    await transact(connection, people.keeper, { ...treasury, functionName: "settleEpoch", args: [settlement] });
    const verification = await verifyEpochs(connection, epoch);
    await node.control.revert({ id: snapshot });
    return verification;
  }

  async function rootOf(cumulative: CumulativeRewards) {
    const { connection } = world;
    const chainId = BigInt(await connection.reader.getChainId());
    const treasury = connection.contracts.treasury.address;
    return (await buildRewardTree({ chainId, treasury }, rewardsOf(cumulative))).root;
  }

  it("agrees with an honest settlement, and with every epoch before it", async () => {
    expect(honest.result.miners.rewardsWei > 0n && honest.result.validators.rewardsWei > 0n).to.equal(true);
    expect(await verifyAfter(honest.settlement)).to.deep.equal({ kind: "verified", fromEpoch: 0, toEpoch: epoch });
  });

  it("says so where the epoch is not settled yet", async () => {
    expect(await verifyEpochs(world.connection, epoch)).to.deep.equal({ kind: "notSettled", epoch, settledEpochs: 2 });
  });

  const isDifferent = (field: string, settled: unknown, computed: unknown) => ({
    kind: "different",
    epoch,
    difference: `${field} is ${String(settled)} on chain, but should be ${String(computed)}`,
  });

  it("catches one wei that was moved from the miners to the validators", async () => {
    const { minerRewards, validatorRewards } = honest.settlement;
    const moved = { minerRewards: minerRewards - 1n, validatorRewards: validatorRewards + 1n };
    expect(await verifyAfter({ ...honest.settlement, ...moved })).to.deep.equal(
      isDifferent("minerRewards", minerRewards - 1n, minerRewards),
    );
  });

  it("catches an emission below what the utility calls for", async () => {
    const { emission, daoShare } = honest.settlement;
    const lowered = { emission: emission - 1n, daoShare: daoShare - 1n };
    expect(await verifyAfter({ ...honest.settlement, ...lowered })).to.deep.equal(
      isDifferent("emission", emission - 1n, emission),
    );
  });

  it("catches two accounts that were swapped in the tree", async () => {
    const [[a, aWei], [b, bWei], ...others] = [...honest.carried.cumulative] as [
      [`0x${string}`, bigint],
      [`0x${string}`, bigint],
      ...[`0x${string}`, bigint][],
    ];
    const rewardsRoot = await rootOf(new Map([[a, bWei], [b, aWei], ...others]));
    expect(await verifyAfter({ ...honest.settlement, rewardsRoot })).to.deep.equal(
      isDifferent("rewardsRoot", rewardsRoot, honest.settlement.rewardsRoot),
    );
  });

  it("catches a miner that was left out of the tree", async () => {
    const [, ...others] = [...honest.carried.cumulative];
    const rewardsRoot = await rootOf(new Map(others));
    expect(await verifyAfter({ ...honest.settlement, rewardsRoot })).to.deep.equal(
      isDifferent("rewardsRoot", rewardsRoot, honest.settlement.rewardsRoot),
    );
  });

  it("catches another policy than the published one", async () => {
    const other = policyHash(DEFAULT_POLICY);
    expect(await verifyAfter({ ...honest.settlement, policyHash: other })).to.deep.equal(
      isDifferent("policyHash", other, honest.settlement.policyHash),
    );
  });

  it("catches a wrong quality", async () => {
    const { qualityWad } = honest.settlement;
    expect(await verifyAfter({ ...honest.settlement, qualityWad: qualityWad - 1n })).to.deep.equal(
      isDifferent("qualityWad", qualityWad - 1n, qualityWad),
    );
  });

  it("does as a command: 0 and a sentence, or 1 and the difference", async () => {
    const { connection, node, people } = world;
    const { treasury } = connection.contracts;
    const settlement = { ...honest.settlement, utilityWad: honest.settlement.utilityWad + 1n };
    await transact(connection, people.keeper, { ...treasury, functionName: "settleEpoch", args: [settlement] });
    const before = await node.command("epoch", "verify", "--epoch", String(epoch - 1));
    expect(before).to.include({ exitCode: 0, stdout: "Epochs 0 to 1 were settled exactly as their facts say.\n" });
    const after = await node.command("epoch", "verify", "--epoch", String(epoch), "--json");
    expect(after.exitCode).to.equal(1);
    expect(JSON.parse(after.stdout)).to.deep.equal(
      isDifferent("utilityWad", settlement.utilityWad, honest.settlement.utilityWad),
    );
  });
});
