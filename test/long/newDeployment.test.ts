import { expect } from "chai";
import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type Address, getAddress } from "viem";
import { submitTask, inputOf } from "../../scripts/actions/tasks";
import { unstake } from "../../scripts/actions/unstakes";
import { registerValidator } from "../../scripts/actions/validators";
import { deploymentDirectory } from "../../scripts/chain/deployment";
import { transact } from "../../scripts/chain/transact";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { readState } from "../../scripts/commands/tokens";
import { createWorld, goToDue, MDT, settleThreeEpochs, type World } from "../integration/world";
import { connect } from "../shared/connect";
import { startNode } from "../shared/node";

interface ExportedAccount {
  readonly account: Address;
  readonly totalWei: string;
  readonly stakedWei: string;
  readonly unclaimedWei: string;
  readonly escrowWei: string;
}

interface Exported {
  readonly totalSupplyWei: string;
  readonly restWei: string;
  readonly treasuryMintableWei: string;
  readonly accounts: readonly ExportedAccount[];
}

const sumOf = (accounts: readonly ExportedAccount[], field: Exclude<keyof ExportedAccount, "account">) =>
  accounts.reduce((sumWei, one) => sumWei + BigInt(one[field]), 0n);

/** Each test continues where the previous one ended. */
describe("A network whose contracts have a bug", () => {
  let world: World;
  let file: string;
  let exported: Exported;

  before(async () => {
    world = await createWorld(await startNode());
    const { connection, node, people } = world;
    await settleThreeEpochs(world);
    await unstake(connection, people.delegators[0]!, people.validators[0]!, 5n * MDT);
    await submitTask(connection, people.client, { minerId: 1, typeId: 0, seconds: 600, ...inputOf("open") });
    file = join(node.dataDirectory, "state.json");
  });

  after(() => {
    world.node.stop();
  });

  it("is paused and exported: everyone's holdings add up to the supply, to the wei", async () => {
    const { connection, node, people } = world;
    const { treasury, token, staking } = connection.contracts;
    const early = await node.command("state", "export", "--out", file);
    expect([early.exitCode, early.stderr]).to.deep.equal([0, ""]);
    expect(early.stdout).to.include("claims and settlements are possible now. Pause the Treasury");
    await transact(connection, people.keeper, { ...treasury, functionName: "pause", args: [] });
    const { exitCode, stderr, stdout } = await node.command("state", "export", "--out", file);
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    expect(stdout).not.to.include("are possible now");
    exported = JSON.parse(readFileSync(file, "utf8")) as Exported;
    const { accounts, restWei } = exported;
    const supplyWei = await token.read.totalSupply();
    expect(sumOf(accounts, "totalWei") + BigInt(restWei)).to.equal(supplyWei);
    expect(BigInt(exported.totalSupplyWei)).to.equal(supplyWei);
    const stakingWei = await token.read.balanceOf([staking.address]);
    const stakedWei = sumOf(accounts, "stakedWei");
    expect(stakingWei - stakedWei < 100n && stakedWei <= stakingWei, "all but dust").to.equal(true);
    expect(sumOf(accounts, "unclaimedWei")).to.equal(await token.read.balanceOf([treasury.address]));
    const client = accounts.find(({ account }) => account === people.client)!;
    expect(BigInt(client.escrowWei)).to.be.greaterThan(0n);
  });

  it("is deployed again: everyone's wallet has all their former holdings, and as much may still be minted", async () => {
    const { connection, node } = world;
    const { id, choices } = connection.deployment;
    const again = await node.hardhat("deploy", "--genesis", file);
    expect(again.stderr).to.include(`${id} was started with another genesis`);
    renameSync(deploymentDirectory(id), join(node.dataDirectory, "old-record"));
    renameSync(join(node.dataDirectory, id), join(node.dataDirectory, "old-data"));
    const { exitCode, stderr } = await node.hardhat("deploy", "--genesis", file);
    expect(exitCode, stderr).to.equal(0);
    const next = await connect(node.url);
    expect(next.deployment.addresses.Treasury).not.to.equal(connection.deployment.addresses.Treasury);
    const { token, treasury } = next.contracts;
    expect(await token.read.totalSupply()).to.equal(BigInt(exported.totalSupplyWei));
    expect(await token.read.mintable([treasury.address])).to.equal(BigInt(exported.treasuryMintableWei));
    for (const { account, totalWei } of exported.accounts) {
      const restWei = getAddress(account) === getAddress(choices.dao) ? BigInt(exported.restWei) : 0n;
      expect(await token.read.balanceOf([account]), account).to.equal(BigInt(totalWei) + restWei);
    }
  });

  it("continues in the new deployment, while nobody can claim from the old root any more", async () => {
    const { connection: old, node, people } = world;
    const { treasury } = old.contracts;
    const claim = await treasury.simulate
      .claim([people.validators[0]!, 1n, []], { account: people.stranger })
      .catch((error: unknown) => String(error));
    expect(claim).to.include("TreasuryPaused");
    const next = await connect(node.url);
    const there = { ...world, connection: next };
    await registerValidator(next, people.validators[0]!, { stakeWei: 100n * MDT, commissionBps: 0 });
    const archive = await openArchive(next, node.dataDirectory);
    await goToDue(there, 0);
    await settleNextEpoch(next, archive, { signer: people.keeper, payRecipientsUpTo: 0 });
    const { holdings, restWei, totalSupplyWei } = await readState(next, archive);
    const heldWei = holdings.reduce((sumWei, one) => sumWei + one.balanceWei + one.stakedWei + one.unclaimedWei, 0n);
    expect(heldWei + restWei).to.equal(totalSupplyWei);
  });

  it("can be reached again with its old record and data; once its pause ends, a claim pays old tokens", async () => {
    const { connection: old, node, people } = world;
    const [record, data] = [deploymentDirectory(old.deployment.id), join(node.dataDirectory, old.deployment.id)];
    for (const [place, name] of [
      [record, "record"],
      [data, "data"],
    ] as const) {
      renameSync(place, join(node.dataDirectory, `new-${name}`));
      renameSync(join(node.dataDirectory, `old-${name}`), place);
    }
    const account = people.validators[1]!;
    const claim = () => node.command("rewards", "claim-for", "--account", account, "--from", "0");
    const paused = await claim();
    expect([paused.exitCode, paused.stdout]).to.deep.equal([1, ""]);
    const unpaused = await node.command("treasury", "unpause", "--from", "0");
    expect([unpaused.exitCode, unpaused.stderr]).to.deep.equal([0, ""]);
    const before = await old.contracts.token.read.balanceOf([account]);
    const { exitCode, stderr } = await claim();
    expect([exitCode, stderr]).to.deep.equal([0, ""]);
    expect((await old.contracts.token.read.balanceOf([account])) > before).to.equal(true);
  });
});
