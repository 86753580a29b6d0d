import { expect } from "chai";
import { connect, fill, openAction, review, validatorsOffered } from "./steps";
import { keyOf, openPage, openStage, type Stage } from "./stage";

describe("Wallets in a browser", () => {
  let stage: Stage;

  before(async () => {
    stage = await openStage();
  });

  after(() => stage.close());

  it("are all listed, and only the chosen one is asked", async () => {
    const [one, two] = [stage.wallet("Wallet One", [14]), stage.wallet("Wallet Two", [15])];
    const { page, context } = await openPage(stage, [one, two]);
    await page.getByRole("button", { name: "Connect" }).first().click();
    expect(await page.locator(".wallets button").allTextContents()).to.deep.equal(["Wallet One", "Wallet Two"]);
    await page.getByRole("button", { name: "Wallet Two" }).click();
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
    expect(await page.locator(".wallet code").getAttribute("title")).to.equal(keyOf(15).address);
    expect([one.count("eth_requestAccounts"), two.count("eth_requestAccounts")]).to.deep.equal([0, 1]);
    await context.close();
  });

  it("are followed to another account, remembered after a reload, and forgotten once disconnected", async () => {
    const wallet = stage.wallet("Wallet One", [14]);
    const { page, context } = await openPage(stage, [wallet]);
    await connect(page, "Wallet One");
    await wallet.changeAccounts([keyOf(15)]);
    const shown = page.locator(".wallet code");
    await page.locator(`.wallet code[title="${keyOf(15).address}"]`).waitFor();
    await page.reload();
    await shown.waitFor();
    expect(await shown.getAttribute("title")).to.equal(keyOf(15).address);
    expect(wallet.count("eth_requestAccounts")).to.equal(1);
    await page.getByRole("button", { name: "Disconnect" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Connect" }).first().waitFor();
    expect(await shown.count()).to.equal(0);
    await context.close();
  });

  it("that lock themselves end the session, and the page says so", async () => {
    const wallet = stage.wallet("Wallet One", [14]);
    const { page, context } = await openPage(stage, [wallet]);
    await connect(page, "Wallet One");
    await wallet.changeAccounts([]);
    await page.getByText("Wallet One no longer shares an account. Connect again.").waitFor();
    await context.close();
  });

  it("that decline to connect stay disconnected, and the page shows the reason", async () => {
    const wallet = stage.wallet("Wallet One", [14]);
    wallet.declined.push("eth_requestAccounts");
    const { page, context } = await openPage(stage, [wallet]);
    await page.getByRole("button", { name: "Connect" }).first().click();
    await page.getByRole("button", { name: "Wallet One" }).click();
    await page.getByText("You declined in your wallet; nothing was sent.").waitFor();
    await context.close();
  });

  it("from before EIP-6963 are found at window.ethereum", async () => {
    const wallet = stage.wallet("Old Wallet", [14]);
    const { page, context } = await openPage(stage, []);
    await wallet.install(context, "legacy");
    await page.reload();
    await connect(page, "Browser wallet");
    expect(await page.locator(".wallet code").getAttribute("title")).to.equal(keyOf(14).address);
    await context.close();
  });

  it("can add the network and MDT with a click", async () => {
    const wallet = stage.wallet("Wallet One", [14]);
    const { page, context } = await openPage(stage, [wallet]);
    await connect(page, "Wallet One");
    await openAction(page, "claim");
    await page.getByRole("button", { name: "Add the network" }).click();
    await page.getByText("Your wallet now knows ModernTensor local.").waitFor();
    await page.getByRole("button", { name: "Add MDT" }).click();
    await page.getByText("Your wallet now shows MDT.").waitFor();
    const asked = (method: string) => wallet.requests.find((request) => request.method === method)!.params[0];
    expect(asked("wallet_addEthereumChain")).to.deep.equal({
      chainId: "0x7a69",
      chainName: "ModernTensor local",
      rpcUrls: [stage.toNode.url],
      nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    });
    const address = stage.world.connection.contracts.token.address;
    expect(asked("wallet_watchAsset")).to.deep.equal({
      type: "ERC20",
      options: { address, symbol: "MDT", decimals: 18 },
    });
    await context.close();
  });

  it("aren't needed to view an address, which must be valid", async () => {
    const { page, context } = await openPage(stage, []);
    await page.getByRole("button", { name: "Connect" }).first().click();
    await page.getByText("This browser has no wallet.").waitFor();
    const input = page.getByLabel("Or view an address without signing anything");
    await input.fill("0x1234");
    await page.getByRole("button", { name: "View", exact: true }).click();
    await page.getByText("It must be an address: 0x and 40 hexadecimal digits").waitFor();
    await input.fill(keyOf(5).address);
    await page.getByRole("button", { name: "View", exact: true }).click();
    expect(await page.locator(".wallet code").getAttribute("title")).to.equal(keyOf(5).address);
    await openAction(page, "delegate");
    await page.getByText(`You are only viewing ${keyOf(5).address}. Connect a wallet to do something.`).waitFor();
    await context.close();
  });

  it("aren't needed to see prices or to fill in a form, which can be reviewed once one is connected", async () => {
    const { page, context } = await openPage(stage, [stage.wallet("Wallet One", [15])]);
    await openAction(page, "register");
    await page.getByText(/^Registering now costs [\d.]+ MDT, in addition to the stake\.$/).waitFor();
    await openAction(page, "delegate");
    const [validator] = await validatorsOffered(page);
    await fill(page, { Validator: validator!, "Amount in MDT": "2" });
    expect(await page.getByRole("button", { name: "Show what will happen" }).count()).to.equal(0);
    await connect(page, "Wallet One");
    expect((await review(page))[0]).to.equal(`You stake 2 MDT on validator ${validator!}.`);
    await context.close();
  });
});
