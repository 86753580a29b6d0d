import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { formatUnits, getAddress, parseEther } from "viem";
import { autoStake } from "../../scripts/actions/claim";
import { reportMissedReveals } from "../../scripts/actions/duties";
import { setProfile } from "../../scripts/actions/profile";
import { setCommission } from "../../scripts/actions/validators";
import { unstake } from "../../scripts/actions/unstakes";
import { type IncomeRow } from "../../scripts/api/income";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { createWorld, goTo, goToDue, settleThreeEpochs, type World } from "../integration/world";
import { startNode } from "../shared/node";
import { startProgram } from "../shared/runningProgram";

/** Three epochs are settled, the last one with activity, and nobody is paid yet. */
describe("Commands about accounts", () => {
  let world: World;

  before(async () => {
    world = await createWorld(await startNode());
    await settleThreeEpochs(world);
  });

  after(() => {
    world.node.stop();
  });

  async function settle(): Promise<void> {
    const archive = await openArchive(world.connection, world.node.dataDirectory);
    await settleNextEpoch(world.connection, archive, { signer: world.people.keeper, payRecipientsUpTo: 0 });
  }

  async function run<T>(...args: string[]): Promise<T> {
    const { exitCode, stdout, stderr } = await world.node.command(...args, "--json");
    expect({ exitCode, stderr: stderr.replaceAll(/^.* of .*\n/gm, "") }).to.deep.equal({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout) as T;
  }
  const says = async (...args: string[]) => (await world.node.command(...args)).stdout.trimEnd();
  const claimable = () => run<{ account: string; claimableWei: string }[]>("rewards", "claimable");

  it("succeed with nothing to do, and say why, if a claim isn't worth its gas", async () => {
    const [miner] = world.people.miners;
    const { claimableWei } = (await claimable()).find(({ account }) => account === getAddress(miner!))!;
    const claim = (...terms: string[]) => says("rewards", "claim", "--from", miner!, ...terms);
    const can = `Nothing to do: ${getAddress(miner!)} can claim ${formatUnits(BigInt(claimableWei), 18).padEnd(20, "0")} MDT`;
    expect(await claim("--min", "1000")).to.equal(`${can}, which is less than --min.`);
    expect(await claim("--max-gas", "0.000000001")).to.equal(`${can}, and gas costs more than --max-gas allows.`);
    const { exitCode, stderr } = await world.node.command("rewards", "claim", "--max-gas", "x");
    expect([exitCode, stderr]).to.deep.equal([1, '--max-gas must be a price in gwei like 50 or 0.1, not "x".\n']);
  });

  it("report whether a claim was paid or staked", async () => {
    const { connection, people } = world;
    const [, staker] = people.delegators;
    await autoStake(connection, staker!, people.validators[1]!);
    const told = await says("rewards", "claim-for", "--account", staker!, "--from", "0");
    const account = getAddress(staker!);
    expect(told).to.match(
      new RegExp(`^${account} was paid [\\d.]+ MDT, which are staked\\. ${account} has earned [\\d.]+ MDT so far\\.$`),
    );
    expect(await says("account", "show", "--account", account)).to.match(
      new RegExp(`^paid so far .*  claims are staked with ${getAddress(people.validators[1]!)}$`, "m"),
    );
  });

  it("show, set and remove a recipient, and have nothing to do if it is already so", async () => {
    const { people, node } = world;
    const [, , miner] = people.miners;
    const [account, other] = [getAddress(miner!), getAddress(people.stranger)];
    const recipient = (...args: string[]) => says("rewards", "recipient", "--from", miner!, ...args);
    expect(await recipient()).to.equal(`Claims of ${account} are paid to the account itself.`);
    const nothing = "Nothing to do: Your rewards are already paid to this address.";
    expect(await recipient("--recipient", "none")).to.equal(nothing);
    expect(await recipient("--recipient", other, "--dry-run")).to.match(
      new RegExp(`^Nothing was sent\\. Without --dry-run:\nFrom now on every claim pays your rewards to ${other}\\.\n`),
    );
    const file = join(node.dataDirectory, "recipient.json");
    await recipient("--recipient", other, "--safe", file);
    const { transactions } = JSON.parse(readFileSync(file, "utf8")) as { transactions: { to: string }[] };
    expect(transactions.map(({ to }) => to)).to.deep.equal([world.connection.contracts.treasury.address]);
    expect(await recipient("--recipient", other)).to.equal(`Your rewards are now paid to ${other}.`);
    expect(await recipient("--recipient", other)).to.equal(nothing);
    expect(await recipient()).to.equal(`Claims of ${account} are paid to ${other}.`);
    expect(await run("rewards", "recipient", "--recipient", "none", "--from", miner!)).to.include({
      recipient: account,
    });
    await autoStake(world.connection, miner!, people.validators[1]!);
    expect(await recipient()).to.equal(`Claims of ${account} are staked with ${getAddress(people.validators[1]!)}.`);
    expect(await recipient("--recipient", "none", "--dry-run")).to.match(
      /\nThey are no longer staked automatically\.\n/,
    );
    const { exitCode, stderr } = await node.command("rewards", "recipient", "--recipient", `0x${"0".repeat(40)}`);
    expect([exitCode, stderr.slice(0, 32)]).to.deep.equal([1, "--recipient must not be 0x000000"]);
  });

  it("pay the accounts in a file, and no others, in one transaction", async () => {
    const { validators, miners } = world.people;
    const file = join(world.node.dataDirectory, "accounts.txt");
    writeFileSync(file, `${validators.join("\n")}\n\n${miners[1]!} # a miner\n`);
    const before = await claimable();
    const paid = await run<{ paid: { account: string }[]; transactionHashes: string[] }>(
      ...["rewards", "claim-for", "--file", file],
    );
    expect(paid.transactionHashes).to.have.lengthOf(1);
    const accounts = [...validators, miners[1]!].map((account) => getAddress(account));
    expect(paid.paid.map(({ account }) => account)).to.have.members(accounts);
    expect(await claimable()).to.deep.equal(before.filter(({ account }) => !accounts.includes(account as never)));
    expect(await says("rewards", "claim-for", "--file", file)).to.equal(
      "Nothing to do: none of the 5 accounts can be paid now.",
    );
    writeFileSync(file, `${validators[0]!}\n0x12\n`);
    const { exitCode, stderr } = await world.node.command("rewards", "claim-for", "--file", file);
    expect([exitCode, stderr]).to.deep.equal([
      1,
      `Line 2 of ${file} must be an address: 0x and 40 hexadecimal digits, not "0x12".\n`,
    ]);
  });

  it("print an account's income, and write a file with the same rows", async () => {
    const [validator] = world.people.validators;
    const file = join(world.node.dataDirectory, "income.csv");
    const rows = await run<(Omit<IncomeRow, "amountWei"> & { amountWei: string })[]>(
      ...["rewards", "income", "--account", validator!, "--csv", file],
    );
    const claimedWei = await world.connection.contracts.treasury.read.claimedOf([validator!]);
    expect(rows.reduce((sum, { amountWei }) => sum + BigInt(amountWei), 0n)).to.equal(claimedWei);
    const [, ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => line.split(",")[3])).to.deep.equal(
      rows.map(({ amountWei }) => formatUnits(BigInt(amountWei), 18)),
    );
    const printed = await says("rewards", "income", "--account", validator!, "--to", "2020-01-01");
    expect(printed).to.match(/\n0 MDT claimed, 0 MDT accrued and not claimed$/);
  });

  it("show everything that an account has", async () => {
    const { connection, people } = world;
    const [delegator, validator] = [people.delegators[0]!, people.validators[1]!];
    await unstake(connection, delegator, validator, parseEther("5"));
    await setProfile(connection, validator, { name: "North Star", site: undefined, contact: undefined });
    const shown = await says("account", "show", "--account", delegator);
    expect(shown).to.match(/^balance +[\d,.]+ MDT +and [\d.]+ ETH for gas$/m);
    expect(shown).to.match(/^claimable +\d+\.\d{4} MDT$/m);
    expect(shown).to.match(
      new RegExp(
        `^delegated +20\\.0000 MDT +to ${getAddress(validator)} \\(North Star\\); 15\\.0000 MDT by epoch \\d+, 20\\d\\d-\\d\\d-`,
        "m",
      ),
    );
    expect(shown).to.match(
      new RegExp(
        `^unstaking +5\\.0000 MDT +from ${getAddress(validator)}, in epoch \\d+, 20\\d\\d-\\d\\d-\\d\\dT`,
        "m",
      ),
    );
    expect(shown).to.match(
      /^yearly return +\d[\d,.]*\u00a0% +on stake, measured over the recent settled epoch in which it had stake$/m,
    );
    expect(await says("account", "show", "--account", people.miners[2]!)).to.match(/^Miner 3\.$/m);
    const own = await says("account", "show", "--account", validator);
    expect(own).to.match(new RegExp(`^${getAddress(validator)} \\(North Star\\)\n`));
    const keeper = await says("account", "show", "--from", "0");
    expect(keeper)
      .to.match(new RegExp(`^${getAddress(people.keeper)}\n`))
      .and.to.match(/^Role keeper on settlementQuorum\.$/m);
    const {
      rewards,
      stakes,
      validator: seat,
    } = await run<Record<string, Record<string, unknown> | unknown[]>>(...["account", "show", "--account", validator]);
    expect(rewards).to.include({ claimableWei: "0", maturingWei: "0", waitingForRootWei: "0", paused: false });
    expect(seat).to.include({ status: "active" });
    expect(stakes).to.have.lengthOf(1);
  });

  it("say in a sentence that an account has no rewards yet", async () => {
    const { stranger } = world.people;
    expect(await says("rewards", "proof", "--account", stranger)).to.equal(
      `${getAddress(stranger)} has no rewards yet, so there is no proof.`,
    );
  });

  it("list only the last epochs if asked to", async () => {
    const all = await run<{ epoch: number }[]>("epoch", "history");
    const last = await run<{ epoch: number }[]>("epoch", "history", "--last", "2");
    expect([all.length, last]).to.deep.equal([3, all.slice(1)]);
    const qualities = (await says("epoch", "history")).split("\n").map((line) => line.split(/ +/)[2]);
    expect(qualities, "nobody worked in the first two").to.deep.equal(["quality", "–", "–", qualities.at(-1)]);
    expect(qualities.at(-1)).to.match(/^[01]\.\d{4}$/);
  });

  it("print the state of the network, a line for each change", async () => {
    const env = { MDT_RPC_URL: world.node.url, MDT_DATA: world.node.dataDirectory };
    const watching = await startProgram(["epoch", "watch"], env);
    await watching.said(/epoch 3 is running.*; epoch 2 emitted [\d.]+ MDT\n/);
    await goTo(world, 4);
    await watching.said(/\S+Z epoch 4 is running; epoch 2 emitted [\d.]+ MDT\n/);
    await goToDue(world, 3);
    await watching.said(/epoch 4 is running; epoch 2 emitted [\d.]+ MDT; epoch 3 is due\n/);
    const { exitCode, stdout } = await watching.end("SIGTERM");
    expect(exitCode).to.equal(0);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/^\S+ /, ""));
    expect(new Set(lines)).to.have.lengthOf(lines.length);
  });

  it("post events to a webhook about the validators with an account's stake, and no others", async () => {
    const { connection, node, people } = world;
    const [validator] = people.validators;
    await goToDue(world, 5);
    for (let epoch = 3; epoch <= 5; epoch += 1) await settle();
    await setCommission(connection, validator!, 300);
    await reportMissedReveals(connection, people.stranger, validator!);
    const alerts: { kind: string; text: string; count: number }[] = [];
    const receiver = createServer((request, response) => {
      void json(request).then((alert) => {
        alerts.push(alert as never);
        response.end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const { port } = receiver.address() as AddressInfo;
    const watch = async (account: string) => {
      const env = { MDT_RPC_URL: node.url, MDT_DATA: node.dataDirectory, MDT_WEBHOOK: `http://127.0.0.1:${port}` };
      const { outcome } = await startProgram(["keeper", "watch", "--once", "--account", account], env);
      return (await outcome).exitCode;
    };
    expect([await watch(people.stranger), alerts]).to.deep.equal([0, []]);
    expect(await watch(people.delegators[0]!), "with alerts").to.equal(1);
    receiver.close();
    const texts = Object.fromEntries(alerts.map(({ kind, text }) => [kind, text]));
    const name = `watcher: Validator ${getAddress(validator!)}`;
    expect(texts).to.have.all.keys("commissionRose", "validatorJailed", "revealMissed");
    expect(texts.commissionRose).to.match(
      new RegExp(`^${name} raises its commission from 0 % to 3 %, effective in epoch \\d+\\.$`),
    );
    expect(texts.validatorJailed).to.equal(
      `${name} is jailed: its stake and its delegators' stake earn nothing until it leaves jail.`,
    );
    const missed = alerts.filter(({ kind }) => kind === "revealMissed").map(({ count }) => count);
    expect(
      missed.reduce((sum, count) => sum + count, 0),
      "four validators missed three epochs each",
    ).to.equal(12);
  });
});
