import axe from "axe-core";
import { expect } from "chai";
import { type Page } from "playwright-core";
import { connect, fill, openAction, review, validatorsOffered } from "./steps";
import { keyOf, type Look, openPage, openStage, screenshot, type Stage } from "./stage";

/** Every view, by its place in the address and a text that shows when it is there. */
const views = [
  ["network", "#/network"],
  ["epoch", "#/network/2"],
  ["mine", "#/mine"],
  ["delegate", "#/do/delegate"],
  ["claim", "#/do/claim"],
  ["task", "#/do/task"],
] as const;

const looks: readonly Look[] = ([390, 1440] as const).flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

describe("The page for every eye and hand", function () {
  this.timeout(300_000);
  let stage: Stage;

  before(async () => {
    stage = await openStage();
    await stage.liveEpochs(2);
  });

  after(() => stage.close());

  for (const look of looks) {
    it(`has no accessibility violation, no figure wider than its tile, and does not scroll sideways at ${look.width} px, ${look.colorScheme}`, async () => {
      const wallet = stage.wallet("Wallet One", [5]);
      const { page, context } = await openPage(stage, [wallet], look);
      await connect(page, "Wallet One");
      for (const [name, hash] of views) {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.waitForTimeout(1_200);
        await screenshot(page, `${name}-${look.width}-${look.colorScheme}`);
        expect(await violationsOf(page), name).to.deep.equal([]);
        expect(await page.evaluate("document.documentElement.scrollWidth"), name).to.equal(look.width);
        expect(await tilesTooSmall(page), name).to.deep.equal([]);
      }
      await openAction(page, "delegate");
      const [validator] = await validatorsOffered(page);
      await fill(page, { Validator: validator!, "Amount in MDT": "12.5" });
      await review(page);
      await screenshot(page, `review-${look.width}-${look.colorScheme}`);
      expect(await violationsOf(page), "review").to.deep.equal([]);
      await context.close();
    });
  }

  it("leads from connecting to a stake by the keyboard alone", async () => {
    const wallet = stage.wallet("Wallet One", [16]);
    const { page, context } = await openPage(stage, [wallet]);
    await tabTo(page, "Connect");
    await page.keyboard.press("Enter");
    await tabTo(page, "Wallet One");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Disconnect" }).waitFor();
    await tabTo(page, "Do");
    await page.keyboard.press("Enter");
    await validatorsOffered(page);
    await tabTo(page, "Validator");
    await page.keyboard.press("ArrowDown");
    await tabTo(page, "Amount in MDT");
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "This will happen" }).waitFor();
    expect(await focused(page)).to.equal("This will happen");
    await tabTo(page, "Do it");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Done", exact: true }).waitFor();
    expect(await focused(page)).to.equal("Done");
    const [account, { token }] = [keyOf(16).address, stage.world.connection.contracts];
    expect(await token.read.balanceOf([account])).to.equal(9_997n * 10n ** 18n);
    await context.close();
  });
});

/** What axe-core finds wrong with the page as it is: rule and place. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** The figures that stick out of their tiles. */
function tilesTooSmall(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`[...document.querySelectorAll(".tile")]
    .filter((tile) => [...tile.querySelectorAll("*")]
      .some((part) => part.getBoundingClientRect().right > tile.getBoundingClientRect().right))
    .map((tile) => tile.textContent)`);
}

/** The name of what has the focus, as people see it. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()`);
}

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === name) return;
  }
  expect.fail(`Tab never reached "${name}".`);
}
