import { expect } from "chai";
import { type Page } from "playwright-core";
import { parseEther } from "viem";
import { act, agree, connect, fill, openAction, refusal, review, startIt, validatorsOffered } from "./steps";
import { keyOf, openPage, openStage, type Stage } from "./stage";
import { type TestWallet } from "./testWallet";

/** Waits until the page shows a text. */
const shows = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

describe("With missing data or a lost connection in a browser,", () => {
  let stage: Stage;
  let wallet: TestWallet;
  let page: Page;

  before(async () => {
    stage = await openStage();
  });

  after(() => stage.close());

  beforeEach(async () => {
    wallet = stage.wallet("Wallet One", [14, 15]);
    ({ page } = await openPage(stage, [wallet]));
    await connect(page, "Wallet One");
  });

  afterEach(async () => {
    stage.toNode.mend();
    stage.toServer.mend();
    await page.context().close();
  });

  async function prepareDelegation(): Promise<void> {
    await openAction(page, "delegate");
    const [validator] = await validatorsOffered(page);
    await fill(page, { Validator: validator!, "Amount in MDT": "1" });
    await review(page);
  }

  it("before the first settlement, each view says what will come", async () => {
    await shows(page, "The epoch is settled, and everyone can claim their rewards");
    await page.evaluate('location.hash = "#/network/0"');
    await shows(page, "This epoch is not settled yet. The page shows it as soon as it is. No epoch is settled yet.");
    await page.evaluate('location.hash = "#/stake"');
    await shows(page, "This page has no view “stake”. It shows the network instead.");
    await page.evaluate('location.hash = "#/mine"');
    await shows(page, "No rewards can be claimed yet.");
    await shows(page, "No stake.");
    await openAction(page, "claim");
    await shows(page, "No epoch with rewards has been settled yet.");
    await openAction(page, "withdraw");
    await shows(page, "Nothing can be withdrawn now.");
  });

  it("an account without gas learns before it signs how much it needs", async () => {
    await stage.world.node.control.setBalance({ address: keyOf(14).address, value: 0n });
    await openAction(page, "delegate");
    const [validator] = await validatorsOffered(page);
    await fill(page, { Validator: validator!, "Amount in MDT": "1" });
    await page.getByRole("button", { name: "Show what will happen" }).click();
    expect(await refusal(page)).to.match(
      /^Gas is paid in ETH, and the account has none: send at least 0\.\d+ ETH to it, then try again\.$/,
    );
    await stage.world.node.control.setBalance({ address: keyOf(14).address, value: 1_000n });
    await page.getByRole("button", { name: "Try again" }).click();
    await shows(
      page,
      /^Gas for this costs about 0\.\d+ ETH, more than the account has: send some ETH to it, then try again\.$/,
    );
    await stage.world.node.control.setBalance({ address: keyOf(14).address, value: parseEther("10") });
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await agree(page)).to.match(/^You staked 1 MDT on /);
  });

  it("a wallet that switches accounts during the review cancels it, and the page says so", async () => {
    await prepareDelegation();
    await wallet.changeAccounts([keyOf(15)]);
    const notice = page.locator(".action .notice-warn");
    await notice.waitFor();
    expect(await notice.textContent()).to.equal(
      `Your wallet has switched to ${keyOf(15).address}. What you began with ${keyOf(14).address} was not sent: fill in the form again.`,
    );
    const { result } = await act(page, "recipient", { Recipient: keyOf(19).address });
    expect(result).to.equal(`Your rewards are now paid to ${keyOf(19).address}.`);
    expect(await notice.count()).to.equal(0);
  });

  it("a wallet that switches accounts after the signature sends nothing", async () => {
    const asked = wallet.count("eth_sendTransaction");
    await prepareDelegation();
    wallet.beforeSigning = () => wallet.changeAccounts([keyOf(15)]);
    await startIt(page);
    await shows(page, /^Your wallet has switched to /);
    await page.waitForTimeout(1_000);
    expect(wallet.count("eth_sendTransaction")).to.equal(asked);
  });

  it("a wallet that locks during the review leads to a new connection, and nothing is sent", async () => {
    await prepareDelegation();
    await wallet.changeAccounts([]);
    await shows(page, "Wallet One no longer shares an account. Connect again.");
    await shows(page, "Connect a wallet first. It holds your key");
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
  });

  it("a node that stops answering is reported, with the block shown; once it is back, everything continues", async () => {
    await page.evaluate('location.hash = "#/network"');
    await shows(page, "Table of validators");
    stage.toNode.cut();
    await shows(page, /^The chain has stopped answering\. The page shows the state of block \d+ and keeps trying\.$/);
    await shows(page, "Total supply");
    stage.toNode.mend();
    await page.locator(".notice").first().waitFor({ state: "detached" });
    await prepareDelegation();
    stage.toNode.cut();
    await startIt(page);
    expect(await refusal(page)).to.equal(
      "The chain is not answering: try again later. If your wallet may already have sent the transaction, check there first.",
    );
    expect(wallet.count("eth_sendTransaction")).to.equal(0);
    stage.toNode.mend();
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await agree(page)).to.match(/^You staked 1 MDT on /);
  });

  it("a chain that is unreachable when the page opens is reported, and not waited for", async () => {
    stage.toNode.cut();
    await page.route("**/v1/status", (route) => route.abort());
    await page.reload();
    await page.evaluate('location.hash = "#/network"');
    await shows(page, /^The chain does not answer: start the node, or check its URL\./);
    expect(await page.locator(".notice").count()).to.equal(1);
    expect(await page.locator(".now").count()).to.equal(0);
    expect(await page.getByText(/^(Waiting|Asking) /).count()).to.equal(0);
    await page.unroute("**/v1/status");
    stage.toNode.mend();
    await page.locator(".now").waitFor();
  });

  it("a server that can't name its network at first is asked again without a reload", async () => {
    await page.route("**/v1/deployment", (route) => route.abort());
    await page.reload();
    await shows(page, /The page retries every few seconds\.$/);
    await page.unroute("**/v1/deployment");
    await page.getByRole("heading", { name: "Network", exact: true }).waitFor();
  });

  it("a server that stops answering is reported where it is needed, with how to claim without it", async () => {
    await page.evaluate('location.hash = "#/mine"');
    await shows(page, "paid, claimable and waiting");
    stage.toServer.cut();
    const silent =
      'The page\'s server does not answer: start it again with "npx mdt dashboard", or wait for its operator.';
    await shows(page, `${silent} The page shows the last known state.`);
    expect(await page.locator(".notice").count()).to.equal(1);
    await openAction(page, "claim");
    await shows(
      page,
      `The amount and its proof come from the page's server; "npx mdt rewards claim" works without the server. ${silent}`,
    );
    stage.toServer.mend();
    await page.getByRole("button", { name: "Try again" }).click();
    await shows(page, "No epoch with rewards has been settled yet.");
  });

  it("a restarted chain without the contracts is reported until they are there again", async () => {
    const { control } = stage.world.node;
    const { address } = stage.world.connection.contracts.treasury;
    const code = (await stage.world.connection.reader.getCode({ address }))!;
    await control.setCode({ address, bytecode: "0x" });
    await page.reload();
    await shows(page, /^The contracts are not on this chain, because the node was restarted\. Run "npx hardhat deploy/);
    await page.evaluate('location.hash = "#/network"');
    await shows(page, "unknown");
    expect(await page.locator(".notice").count()).to.equal(1);
    await control.setCode({ address, bytecode: code });
    await page.locator(".notice").first().waitFor({ state: "detached" });
  });
});

describe("A network whose first epoch has not begun, in a browser", () => {
  let stage: Stage;

  before(async () => {
    stage = await openStage({ genesisDelaySeconds: 3_600 });
  });

  after(() => stage.close());

  it("shows when it begins and what counts from then on, and accepts stake for it", async () => {
    const { page, context, errors } = await openPage(stage, [stage.wallet("Wallet One", [14])]);
    await connect(page, "Wallet One");
    await shows(page, /^Epoch 0$/);
    expect(await page.locator(".now").textContent()).to.match(
      /^Epoch 0 begins in \d+ (h|min) \d+ (min|s).*Stake and miners registered before then count from epoch 0\./,
    );
    await openAction(page, "delegate");
    const [validator] = await validatorsOffered(page);
    const { statements } = await act(page, "delegate", { Validator: validator!, "Amount in MDT": "1" });
    expect(statements[1]).to.match(/^It takes effect in epoch 0, which begins on /);
    await page.evaluate('location.hash = "#/mine"');
    await shows(page, "Stake by validator");
    expect(errors).to.deep.equal([]);
    await context.close();
  });
});
