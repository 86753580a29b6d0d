import { expect } from "chai";
import { type Page } from "playwright-core";
import { parseEther } from "viem";
import { everything, unstake } from "../../scripts/actions/unstakes";
import { registerValidator } from "../../scripts/actions/validators";
import { transact } from "../../scripts/chain/transact";
import { formatExactMdt } from "../../scripts/show/amounts";
import { agree, connect, fill, openAction, refusal, review, serverCaughtUp, startIt, validatorsOffered } from "./steps";
import { keyOf, openPage, openStage, type Stage } from "./stage";
import { type TestWallet } from "./testWallet";

const showButton = "Show what will happen";

describe("When something goes wrong in a browser,", () => {
  let stage: Stage;
  let wallet: TestWallet;
  let page: Page;
  /** The last epoch that was settled before the tests. */
  let last: number;
  const me = keyOf(14).address;
  const delegator = keyOf(5);
  const leaver = keyOf(17).address;

  before(async () => {
    stage = await openStage();
    await registerValidator(stage.world.connection, leaver, { stakeWei: parseEther("50"), commissionBps: 0 });
    last = await stage.liveEpochs(2);
  });

  after(() => stage.close());

  beforeEach(async () => {
    wallet = stage.wallet("Wallet One", [14, 5]);
    ({ page } = await openPage(stage, [wallet]));
    await connect(page, "Wallet One");
  });

  afterEach(() => page.context().close());

  async function prepareDelegation(amount: string): Promise<void> {
    await openAction(page, "delegate");
    const [validator] = await validatorsOffered(page);
    await fill(page, { Validator: validator!, "Amount in MDT": amount });
  }

  it("a wallet on another network is asked to switch", async () => {
    await wallet.changeChain(1);
    await openAction(page, "delegate");
    await validatorsOffered(page);
    const notice = page.locator(".action .notice-warn");
    expect(await notice.textContent()).to.equal(
      "Your wallet is on another network. What you do here happens on ModernTensor local (chain id 31337).",
    );
    wallet.forgetChain(31337);
    await page.getByRole("button", { name: "Switch to ModernTensor local" }).click();
    await page.getByRole("button", { name: showButton }).waitFor();
    expect([wallet.count("wallet_switchEthereumChain"), wallet.count("wallet_addEthereumChain")]).to.deep.equal([1, 1]);
  });

  it("a wallet that leaves the network during the review sends nothing", async () => {
    await prepareDelegation("1");
    await review(page);
    await wallet.changeChain(1);
    await page.getByRole("button", { name: "Switch to ModernTensor local" }).waitFor();
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
  });

  it("a declined signature sends nothing, and can be tried again", async () => {
    wallet.declined.push("eth_signTypedData_v4");
    await prepareDelegation("1");
    await review(page);
    await startIt(page);
    expect(await refusal(page)).to.equal(
      "You declined in your wallet; nothing was sent. You can try again at any time.",
    );
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await agree(page)).to.match(/^You staked 1 MDT on /);
  });

  it("a declined transaction is reported too", async () => {
    wallet.declined.push("eth_sendTransaction");
    await prepareDelegation("1");
    await review(page);
    await startIt(page);
    expect(await refusal(page)).to.equal(
      "You declined in your wallet; nothing was sent. You can try again at any time.",
    );
  });

  it("a wallet that can't sign permissions pays by an exact allowance", async () => {
    const { token, staking } = stage.world.connection.contracts;
    wallet.unsupported.add("eth_signTypedData_v4");
    await prepareDelegation("2.5");
    await review(page);
    expect(await agree(page)).to.match(/^You staked 2\.5 MDT on /);
    expect(wallet.count("eth_sendTransaction")).to.equal(2);
    expect(await token.read.allowance([me, staking.address])).to.equal(0n);
  });

  it("impossible amounts are refused at the field, before the wallet is asked", async () => {
    const balanceWei = await stage.world.connection.contracts.token.read.balanceOf([me]);
    const problem = page.locator("#field-amount-problem");
    for (const [text, sentence] of [
      ["1.0000000000000000001", /is not an amount: enter MDT above zero with at most 18 decimals/],
      ["-3", /is not an amount/],
      ["0", /is not an amount/],
      ["1000000", new RegExp(`^You have only ${formatExactMdt(balanceWei)} MDT\\.$`)],
    ] as const) {
      await prepareDelegation(text);
      await page.getByRole("button", { name: showButton }).click();
      await problem.filter({ hasText: sentence }).waitFor();
    }
    await page.getByRole("button", { name: /^Max/ }).click();
    expect(await page.getByLabel("Amount in MDT").inputValue()).to.equal(
      formatExactMdt(balanceWei).replaceAll(",", ""),
    );
    expect(wallet.count("eth_signTypedData_v4")).to.equal(0);
  });

  it("a balance that shrinks during the review is noticed before anything is sent", async () => {
    const { connection } = stage.world;
    const { token } = connection.contracts;
    await prepareDelegation("9000");
    await review(page);
    const args = [keyOf(18).address, parseEther("2000")] as const;
    await transact(connection, me, { ...token, functionName: "transfer", args });
    await startIt(page);
    expect(await refusal(page)).to.match(
      /^The account has [\d,.]+ MDT, but this needs 9,000 MDT: choose a smaller amount/,
    );
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
    await transact(connection, keyOf(18).address, { ...token, functionName: "transfer", args: [me, args[1]] });
  });

  it("an account with nothing to claim learns that at once", async () => {
    const stranger = stage.wallet("Wallet Two", [16]);
    const second = await openPage(stage, [stranger]);
    await connect(second.page, "Wallet Two");
    await openAction(second.page, "claim");
    await second.page
      .getByText(`There is nothing to claim. You have earned 0 MDT up to epoch ${last}, of which 0 MDT were paid.`)
      .waitFor();
    expect(await second.page.getByRole("button", { name: showButton }).count()).to.equal(0);
    await second.context.close();
  });

  it("a contract's refusal is explained, as when the validator leaves during the review", async () => {
    const { connection } = stage.world;
    await openAction(page, "delegate");
    await validatorsOffered(page);
    await fill(page, { Validator: leaver, "Amount in MDT": "1" });
    await review(page);
    await unstake(connection, leaver, leaver, everything);
    await startIt(page);
    expect(await refusal(page)).to.equal(
      `${leaver} has no validator seat now: choose another validator or, if this is your account, register first.`,
    );
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
  });

  it("the form refuses to leave a validator less than its minimum own stake", async () => {
    const validator = stage.wallet("Wallet Three", [1]);
    const third = await openPage(stage, [validator]);
    await connect(third.page, "Wallet Three");
    await openAction(third.page, "unstake");
    await validatorsOffered(third.page);
    await fill(third.page, { From: keyOf(1).address, "Amount in MDT": "90" });
    await third.page.getByRole("button", { name: showButton }).click();
    await third.page
      .locator("#field-amount-problem")
      .filter({
        hasText:
          "A validator's minimum own stake is 32 MDT: leave at least that, or take everything and stop being a validator.",
      })
      .waitFor();
    await third.context.close();
  });

  it("paused claims are reported, even if the pause begins during the review", async () => {
    const { connection, people } = stage.world;
    const { treasury } = connection.contracts;
    const sentence = "The Treasury is paused: nobody can settle or claim until the pause ends. No rewards are lost.";
    await wallet.changeAccounts([delegator]);
    await openAction(page, "claim");
    await review(page);
    await transact(connection, people.keeper, { ...treasury, functionName: "pause", args: [] });
    await startIt(page);
    expect(await refusal(page)).to.equal(sentence);
    await page.waitForTimeout(1_500);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Not done" }).waitFor();
    expect(await refusal(page)).to.equal(sentence);
    await transact(connection, people.keeper, { ...treasury, functionName: "unpause", args: [] });
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
  });

  it("a root that changes during the review is read again, and pays after renewed consent", async () => {
    const { token } = stage.world.connection.contracts;
    await wallet.changeAccounts([delegator]);
    await openAction(page, "claim");
    const [first] = await review(page);
    const newest = await stage.liveEpochs(2);
    await startIt(page);
    expect(await refusal(page)).to.equal(
      "This proof is outdated, because a newer epoch was settled meanwhile. Check what you can claim now, then decide.",
    );
    await serverCaughtUp(page, stage.world.connection);
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByRole("heading", { name: "This will happen" }).waitFor();
    const [second] = await page.locator(".statements li").allTextContents();
    expect(second)
      .to.match(new RegExp(`everything earned up to epoch ${newest}\\.$`))
      .and.not.equal(first);
    const before = await token.read.balanceOf([delegator.address]);
    const result = await agree(page);
    const paidWei = (await token.read.balanceOf([delegator.address])) - before;
    expect(result).to.equal(`You were paid ${formatExactMdt(paidWei)} MDT.`);
    expect(wallet.count("eth_sendTransaction")).to.equal(1);
  });
});
