import { expect } from "chai";
import { readFileSync } from "node:fs";
import { type Page } from "playwright-core";
import { getAddress, parseEther } from "viem";
import { completeTask, inputOf, resultOf, submitTask } from "../../scripts/actions/tasks";
import { setProfile } from "../../scripts/actions/profile";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { formatExactMdt } from "../../scripts/show/amounts";
import { scoringDuty } from "../../scripts/actions/validators";
import { act, connect, openAction, serverCaughtUp, validatorsOffered } from "./steps";
import { keyOf, openPage, openStage, type Stage } from "./stage";
import { type TestWallet } from "./testWallet";

describe("Staking, earning and claiming in a browser", function () {
  // Each step starts from the chain as the previous step left it.
  this.bail(true);
  let stage: Stage;
  let wallet: TestWallet;
  let page: Page;
  let errors: readonly string[];
  const me = keyOf(14).address;

  const balance = () => stage.world.connection.contracts.token.read.balanceOf([me]);

  before(async () => {
    stage = await openStage();
    wallet = stage.wallet("Wallet One", [14]);
    ({ page, errors } = await openPage(stage, [wallet]));
  });

  after(() => stage.close());

  it("connects the wallet", async () => {
    await connect(page, "Wallet One");
    expect(await page.locator(".wallet code").getAttribute("title")).to.equal(me);
  });

  it("delegates with one signature and one transaction, and shows beforehand what will happen", async () => {
    const [validator] = stage.world.people.validators;
    const { staking } = stage.world.connection.contracts;
    await openAction(page, "delegate");
    const options = await validatorsOffered(page);
    expect(options).to.have.length(4);
    const chosen = options.find((option) => option.toLowerCase() === validator!)!;
    const { statements, result } = await act(page, "delegate", {
      Validator: chosen,
      "Amount in MDT": "1234.000000000000000001",
    });
    expect(statements[0]).to.equal(`You stake 1,234.000000000000000001 MDT on validator ${chosen}.`);
    expect(statements[3]).to.equal("Your balance changes from 10,000 to 8,765.999999999999999999 MDT.");
    expect(result).to.match(
      /^You staked 1,234\.000000000000000001 MDT on 0x[0-9a-fA-F]{40}, effective in epoch \d+\.$/,
    );
    expect([wallet.count("eth_signTypedData_v4"), wallet.count("eth_sendTransaction")]).to.deep.equal([1, 1]);
    const countsFrom = await staking.read.addedCountsFrom();
    expect(await staking.read.delegationAt([chosen, me, countsFrom])).to.equal(1234n * 10n ** 18n + 1n);
    expect(await balance()).to.equal(parseEther("10000") - 1234n * 10n ** 18n - 1n);
  });

  it("claims what the keeper settled, to the wei", async () => {
    const last = await stage.liveEpochs(2);
    const before = await balance();
    const { statements, result } = await act(page, "claim", {});
    const paidWei = (await balance()) - before;
    expect(paidWei > 0n).to.equal(true);
    expect(statements).to.deep.equal([
      `You are paid ${formatExactMdt(paidWei)} MDT: everything earned up to epoch ${last}.`,
    ]);
    expect(result).to.equal(`You were paid ${formatExactMdt(paidWei)} MDT.`);
    expect(await stage.world.connection.contracts.treasury.read.claimedOf([me])).to.equal(paidWei);
  });

  it("downloads its income as a spreadsheet, whose claimed rows add up to what was paid", async () => {
    await serverCaughtUp(page, stage.world.connection);
    await page.evaluate('location.hash = "#/mine"');
    const link = page.getByRole("link", { name: "Download all rewards (CSV)" });
    const downloading = page.waitForEvent("download");
    await link.click();
    const [, ...lines] = readFileSync(await (await downloading).path(), "utf8")
      .trimEnd()
      .split("\n");
    const claimedWei = lines
      .map((line) => line.split(","))
      .reduce((sum, [, , , amountMdt, , state]) => sum + (state === "claimed" ? parseEther(amountMdt!) : 0n), 0n);
    expect(claimedWei).to.equal(await stage.world.connection.contracts.treasury.read.claimedOf([me]));
  });

  it("claims and stakes in one transaction", async () => {
    await stage.liveEpochs(1);
    const { treasury, staking } = stage.world.connection.contracts;
    const [before, claimedBefore] = [await balance(), await treasury.read.claimedOf([me])];
    await openAction(page, "claim-and-stake");
    const [validator] = await validatorsOffered(page);
    const countsFrom = await staking.read.addedCountsFrom();
    const stakedBefore = await staking.read.delegationAt([validator!, me, countsFrom]);
    const { result } = await act(page, "claim-and-stake", { Validator: validator! });
    const claimedWei = (await treasury.read.claimedOf([me])) - claimedBefore;
    expect(claimedWei > 0n).to.equal(true);
    expect(result).to.equal(
      `${formatExactMdt(claimedWei)} MDT were added to your stake on ${validator!}. They take effect in epoch ${countsFrom}.`,
    );
    expect(await balance()).to.equal(before);
    expect(await staking.read.delegationAt([validator!, me, countsFrom])).to.equal(stakedBefore + claimedWei);
  });

  it("claims for another account, which is paid", async () => {
    const { token } = stage.world.connection.contracts;
    const other = getAddress(stage.world.people.delegators[0]!);
    const before = await token.read.balanceOf([other]);
    const { statements, result } = await act(page, "claim-for", { Account: other });
    const paidWei = (await token.read.balanceOf([other])) - before;
    expect(paidWei > 0n).to.equal(true);
    expect(statements[1]).to.equal("You only pay the gas.");
    expect(result).to.equal(`${other} was paid ${formatExactMdt(paidWei)} MDT.`);
  });

  it("has rewards paid to a recipient, and removes it", async () => {
    const { treasury } = stage.world.connection.contracts;
    const recipient = keyOf(19).address;
    const chosen = await act(page, "recipient", { Recipient: recipient });
    expect(chosen.result).to.equal(`Your rewards are now paid to ${recipient}.`);
    expect(await treasury.read.claimRecipientOf([me])).to.equal(recipient);
    const back = await act(page, "recipient", { Recipient: me });
    expect(back.result).to.equal("Your rewards are now paid to your own address.");
    expect(await treasury.read.claimRecipientOf([me])).to.equal(me);
  });

  it("moves a delegation to another validator, for which it counts two epochs later", async () => {
    const { staking } = stage.world.connection.contracts;
    const [from, to] = stage.world.people.validators.map((validator) => getAddress(validator));
    const arrival = await staking.read.addedCountsFrom();
    const stakedWei = await staking.read.delegationAt([from!, me, arrival]);
    const { statements, result } = await act(page, "redelegate", { From: from!, To: to!, "Amount in MDT": "34" });
    expect(statements[0]).to.equal(
      `You move 34 MDT from validator ${from!} to ${to!}; ${formatExactMdt(stakedWei - parseEther("34"))} MDT remain.`,
    );
    expect(result).to.equal(`You moved 34 MDT from ${from!} to ${to!}. It takes effect there in epoch ${arrival}.`);
    expect(await staking.read.delegationAt([from!, me, arrival])).to.equal(stakedWei - parseEther("34"));
    expect(await staking.read.delegationAt([to!, me, arrival])).to.equal(parseEther("34"));
  });

  it("takes stake out, and withdraws it after the exit delay", async () => {
    await openAction(page, "unstake");
    const [validator] = await validatorsOffered(page);
    const taken = await act(page, "unstake", { From: validator!, "Amount in MDT": "0.5" });
    expect(taken.result).to.match(
      /^You took 0\.5 MDT out of your stake on 0x\w{40}\. You can withdraw it from epoch \d+\.$/,
    );
    await stage.liveEpochs(3);
    await openAction(page, "withdraw");
    await validatorsOffered(page);
    const before = await balance();
    const { result } = await act(page, "withdraw", { What: validator! });
    expect(result).to.equal("You were paid 0.5 MDT.");
    expect((await balance()) - before).to.equal(parseEther("0.5"));
  });

  it("pays a miner's task with one signature and one transaction", async () => {
    const { taskRegistry } = stage.world.connection.contracts;
    const signedBefore = wallet.count("eth_signTypedData_v4");
    const { result } = await act(page, "task", {
      Miner: "1",
      "Type of task": "0",
      "Fee in MDT": "3.25",
      "Time for the miner, in minutes": "5",
      "Input for the miner": "6 times 7?",
    });
    const taskId = await taskRegistry.read.taskCount();
    expect(result).to.match(new RegExp(`^Task ${taskId} is submitted: miner 1 has until `));
    const { client, feeWei } = await taskRegistry.read.taskOf([taskId]);
    expect({ client, feeWei }).to.deep.equal({ client: me, feeWei: parseEther("3.25") });
    expect(wallet.count("eth_signTypedData_v4")).to.equal(signedBefore + 1);
  });

  it("shows tasks as they come, with the picture that is the input and the digit that is the result", async () => {
    const { connection, people } = stage.world;
    const { image, digit } = digitImages[7]!;
    await page.evaluate('location.hash = "#/tasks"');
    await page.getByRole("heading", { name: "Tasks", exact: true }).waitFor();
    const request = { minerId: 1, typeId: 0, seconds: 600, ...inputOf(image) };
    const { taskId } = await submitTask(connection, people.client, request);
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: `Task ${taskId}`, exact: true }) });
    const picture = row.getByRole("img", { name: `Picture of 7 by 7 grey squares, the input of task ${taskId}` });
    await picture.waitFor();
    expect(await picture.locator("rect").count()).to.equal(49);
    await row.getByText("open", { exact: true }).waitFor();
    await completeTask(connection, people.miners[0]!, taskId, resultOf(Uint8Array.of(digit)));
    await row.getByText("completed", { exact: true }).waitFor();
    expect(await row.locator(".digit").textContent()).to.equal(String(digit));
    await row.getByRole("link", { name: `Task ${taskId}`, exact: true }).click();
    await page.getByRole("heading", { name: `Task ${taskId}`, exact: true }).waitFor();
  });

  it("registers a miner with two transactions, says what to do next, and publishes an endpoint", async () => {
    const { taskRegistry, directory } = stage.world.connection.contracts;
    const sent = () => wallet.count("eth_sendTransaction");
    const before = sent();
    const { result } = await act(page, "register-miner", {});
    const minerId = await taskRegistry.read.minerIdOf([me]);
    expect(result).to.match(new RegExp(`^You are miner ${minerId}; registering cost [\\d.,]+ MDT\\.`));
    expect(sent() - before).to.equal(2);
    const next = page.locator(".next a");
    expect(await next.textContent()).to.match(/publish its endpoint\.$/);
    expect(await next.getAttribute("href")).to.equal("#/do/endpoint");
    const endpoint = "https://miner.example:8090";
    expect((await act(page, "endpoint", { Endpoint: endpoint })).result).to.equal(`Your endpoint is now ${endpoint}.`);
    expect(await directory.read.endpointOf([me])).to.equal(endpoint);
    await page.evaluate('location.hash = "#/mine"');
    await page.getByRole("heading", { name: `Miner ${minerId}`, exact: true }).waitFor();
    await page.getByText(endpoint).waitFor();
  });

  it("names miners and validators beside their addresses, and says how each validator judged an epoch", async () => {
    const { connection, people } = stage.world;
    const profile = { site: undefined, contact: undefined };
    await setProfile(connection, people.miners[0]!, { ...profile, name: "Mineworks" });
    await setProfile(connection, people.validators[0]!, { ...profile, name: "Nordstake" });
    await serverCaughtUp(page, stage.world.connection);
    await page.reload();
    const rowOf = (table: string, name: string) =>
      page.getByRole("group", { name: table }).getByRole("row").filter({ hasText: name });
    await page.evaluate('location.hash = "#/network"');
    await rowOf("Table of miners", "Mineworks").waitFor();
    await rowOf("Table of validators", "Nordstake").waitFor();
    const epoch = (await connection.contracts.treasury.read.nextEpochToSettle()) - 1n;
    await page.evaluate(`location.hash = "#/network/${epoch}"`);
    await rowOf("Rewards of miners", "Mineworks").waitFor();
    const validator = rowOf("Rewards of validators", "Nordstake");
    await validator.getByText("revealed", { exact: true }).waitFor();
    expect(await validator.getByRole("cell").allTextContents()).to.have.lengthOf(5);
    await rowOf("Rewards of delegators", "you").waitFor();
    await openAction(page, "task");
    const offered = page.locator("#field-miner option[value='1']");
    await offered.waitFor({ state: "attached" });
    expect(await offered.textContent()).to.match(/^Miner 1 · Mineworks · 0x/);
  });

  it("shows a validator its duties: what it revealed, and how far it is from jail", async () => {
    await page.evaluate(`location.hash = "#/mine/${stage.world.people.validators[0]!}"`);
    const duties = page.getByRole("group", { name: "Duties of the last epochs" });
    await duties.getByText("revealed", { exact: true }).first().waitFor();
    // Nobody revealed anything in the epochs without activity.
    await page.getByText(/^\d recently, in epochs? [\d, ]+; .*a slash of 1 % of the stake/).waitFor();
  });

  it("registers as a validator with one signature and one transaction, then stakes more", async () => {
    const { stakingLens } = stage.world.connection.contracts;
    const asked = () => [wallet.count("eth_signTypedData_v4"), wallet.count("eth_sendTransaction")] as const;
    const [signed, sent] = asked();
    const registered = await act(page, "register", { "Your own stake in MDT": "100", "Commission in %": "7.25" });
    expect(registered.statements).to.include(scoringDuty);
    expect(registered.result).to.match(/^You are a validator with 100 MDT at stake; registering cost [\d.]+ MDT\./);
    expect(asked()).to.deep.equal([signed + 1, sent + 1]);
    const more = await act(page, "stake", { "Amount in MDT": "0.000000000000000001" });
    expect(more.statements[0]).to.equal(
      "You add 0.000000000000000001 MDT to your own stake. It will be 100.000000000000000001 MDT.",
    );
    await page.evaluate('location.hash = "#/mine"');
    await page.getByText(scoringDuty).waitFor();
    const { ownWei, commissionBps } = await stakingLens.read.statusOf([me]);
    expect({ ownWei, commissionBps }).to.deep.equal({ ownWei: parseEther("100") + 1n, commissionBps: 725 });
  });

  it("logs no error in the browser", () => {
    expect(errors).to.deep.equal([]);
  });
});
