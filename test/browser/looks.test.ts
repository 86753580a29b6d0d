import axe from "axe-core";
import { expect } from "chai";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { registerMiner } from "../../scripts/actions/miners";
import { inputOf, submitTask } from "../../scripts/actions/tasks";
import { digitImages } from "../../scripts/nodes/digits/samples";
import { actions } from "../../scripts/page/actions/actions";
import { writeReport } from "../../scripts/page/serve/assets";
import { simulationReport } from "../../scripts/lab/simulator/simulationReport";
import { perfect, run } from "../lab/simulator/scenarios";
import { findChromium } from "../shared/chromium";
import { connect, fill, openAction, review, startIt, validatorsOffered } from "./steps";
import { keyOf, type Look, openPage, openStage, screenshot, type Stage } from "./stage";

/** Every view, by its hash in the URL. */
const views: readonly (readonly [name: string, hash: string])[] = [
  ["network", "#/network"],
  ["epoch", "#/network/3"],
  ["epoch to come", "#/network/9999"],
  ["tasks", "#/tasks"],
  ["one task", "#/tasks/1"],
  ["mine", "#/mine"],
  ["account", `#/mine/${keyOf(1).address}`],
  ["miner", `#/mine/${keyOf(8).address}`],
  ...actions.map(({ id }) => [id, `#/do/${id}`] as const),
];

const looks: readonly Look[] = ([390, 1440] as const).flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

describe("The page", () => {
  let stage: Stage;

  before(async () => {
    stage = await openStage();
    await stage.liveEpochs(2);
    const { connection, people } = stage.world;
    const request = { minerId: 1, typeId: 0, seconds: 600, ...inputOf(digitImages[7]!.image) };
    await submitTask(connection, people.client, request);
  });

  after(() => stage.close());

  for (const look of looks) {
    /** Checks the page for everything that a machine can judge, and keeps a screenshot for people. */
    async function judge(page: Page, name: string): Promise<void> {
      // Until the page knows its network it is a single line.
      await page.locator("h1").first().waitFor({ timeout: 0 });
      await screenshot(page, `${name.replaceAll(" ", "-")}-${look.width}-${look.colorScheme}`);
      expect(await violationsOf(page), name).to.deep.equal([]);
      expect(await page.evaluate("document.documentElement.scrollWidth"), name).to.equal(look.width);
      expect(await tilesTooSmall(page), name).to.deep.equal([]);
      // Eighteen decimals in seven columns fit only if each row is a block.
      const fits = look.width === 390 || !name.endsWith(" to the wei");
      if (fits) expect(await tablesTooWide(page), name).to.deep.equal([]);
    }

    const size = `${look.width} px, ${look.colorScheme}`;

    it(`has no accessibility violation, no figure wider than its tile, and no sideways scrolling at ${size}`, async () => {
      const { page, context } = await openPage(stage, [stage.wallet("Wallet One", [5])], look);
      await judge(page, "before connecting");
      await page.getByRole("button", { name: "Connect" }).first().click();
      await judge(page, "wallets");
      await page.keyboard.press("Escape");
      await connect(page, "Wallet One");
      for (const [name, hash] of views) {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.waitForTimeout(800);
        await judge(page, name);
      }
      await page.getByLabel("Show every digit of amounts").check();
      for (const [name, hash] of views.slice(0, 8)) {
        await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
        await page.waitForTimeout(800);
        await judge(page, `${name} to the wei`);
      }
      await context.close();
    });

    it(`has none of these flaws from the review to the result, or after a refusal, at ${size}`, async () => {
      const wallet = stage.wallet("Wallet One", [5]);
      const { page, context } = await openPage(stage, [wallet], look);
      await connect(page, "Wallet One");
      await openAction(page, "delegate");
      const [validator] = await validatorsOffered(page);
      await fill(page, { Validator: validator!, "Amount in MDT": "1.5" });
      await review(page);
      await judge(page, "review");
      wallet.declined.push("eth_signTypedData_v4");
      await startIt(page);
      await page.getByRole("heading", { name: "Not done" }).waitFor();
      await judge(page, "declined");
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "This will happen" }).waitFor();
      let send = (): void => undefined;
      const asked = new Promise<void>((isAsked) => {
        wallet.beforeSending = () =>
          new Promise((resolve) => {
            send = resolve;
            isAsked();
          });
      });
      await startIt(page);
      await asked;
      await judge(page, "under way");
      send();
      await page.getByRole("heading", { name: "Done", exact: true }).waitFor();
      await judge(page, "done");
      await context.close();
    });
  }

  it("has its best return on one line, with its unit, at 704, 768 and 1,024 px", async () => {
    const { page, context } = await openPage(stage, []);
    const best = page.locator(".key-figures dd").filter({ hasText: /^\d[\d,.]+\u00a0%$/ });
    for (const width of [704, 768, 1024]) {
      await page.setViewportSize({ width, height: 900 });
      await best.waitFor();
      expect(await page.evaluate(linesOfBestReturn), `${width} px`).to.equal(1);
    }
    await context.close();
  });

  it("can be used by keyboard alone, from connecting to staking", async () => {
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
    await comesIntoFocus(page, "This will happen");
    await tabTo(page, "Delegate 3 MDT");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Done", exact: true }).waitFor();
    await comesIntoFocus(page, "Done");
    const [account, { token }] = [keyOf(16).address, stage.world.connection.contracts];
    expect(await token.read.balanceOf([account])).to.equal(9_997n * 10n ** 18n);
    await context.close();
  });

  it("finds a miner among many by part of its address, by keyboard alone", async () => {
    const { connection, accounts } = stage.world;
    for (const account of accounts.slice(20, 32)) await registerMiner(connection, account);
    const { page, context } = await openPage(stage, []);
    await openAction(page, "task");
    const miners = page.getByLabel("Miner", { exact: true });
    await miners.waitFor();
    const all = await miners.locator("option").count();
    await tabTo(page, "Search: Miner");
    await page.keyboard.type(accounts[25]!.slice(10, 20));
    await page.waitForFunction("document.querySelectorAll('#field-miner option').length === 2");
    expect(all).to.be.above(12);
    await tabTo(page, "Miner");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    const minerId = await connection.contracts.taskRegistry.read.minerIdOf([accounts[25]!]);
    expect(await miners.inputValue()).to.equal(String(minerId));
    await context.close();
  });
});

describe("A report in a browser", () => {
  let browser: Browser;
  let file: string;

  before(async () => {
    file = join(mkdtempSync(join(tmpdir(), "report-")), "simulation.html");
    const policies = [{ name: "One" }, { name: "Another" }];
    const tasks = { ...perfect.tasks, perEpoch: 50 };
    await writeReport(file, simulationReport(run({ ...perfect, tasks, epochs: 800, policies })));
    browser = await chromium.launch({
      executablePath: findChromium(process.env.CHROMIUM_PATH),
      args: ["--no-sandbox"],
    });
  });

  after(() => browser.close());

  for (const look of looks) {
    it(`shows every column of its tables at ${look.width} px, ${look.colorScheme}`, async () => {
      const { width, colorScheme } = look;
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      await page.goto(`file://${file}`);
      await page.locator(".chart canvas").first().waitFor();
      await screenshot(page, `report-${width}-${colorScheme}`);
      expect(await violationsOf(page)).to.deep.equal([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).to.equal(width);
      expect(await tablesTooWide(page)).to.deep.equal([]);
      const title = await page.evaluate("getComputedStyle(document.querySelector('td'), '::before').content");
      expect(title).to.equal(width === 390 ? '"supply at the end"' : "none");
      await page.close();
    });
  }

  it("draws a schedule for comparison once it is ticked, and names lines that are the same", async () => {
    const page = await browser.newPage();
    await page.goto(`file://${file}`);
    const chart = page.getByRole("figure").filter({ has: page.getByRole("heading", { name: "Supply" }) });
    const drawn = () => page.evaluate("document.querySelector('canvas').toDataURL()");
    await chart.getByText("Another (same as One)").waitFor();
    const before = await drawn();
    const fixed = chart.getByRole("checkbox", { name: "Fixed" });
    expect(await fixed.isChecked()).to.equal(false);
    await fixed.check();
    await page.waitForTimeout(200);
    expect(await drawn()).not.to.equal(before);
    await fixed.uncheck();
    await page.waitForTimeout(200);
    expect(await drawn()).to.equal(before);
    await page.close();
  });
});

/** A script for the browser: the number of lines that the page's first percentage takes. */
const linesOfBestReturn = `(() => {
  const range = document.createRange();
  range.selectNodeContents([...document.querySelectorAll(".key-figures dd")].find((it) => /^[\\d,.]+\\s%$/.test(it.textContent)));
  return new Set([...range.getClientRects()].map(({ top }) => top)).size;
})()`;

/** A heading is focused a moment after it is shown. */
async function comesIntoFocus(page: Page, heading: string): Promise<void> {
  await page.waitForFunction(`document.activeElement?.textContent === ${JSON.stringify(heading)}`);
}

/** The violations that axe-core finds in the page: rule and place. */
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

/** The tables that one would have to scroll sideways. */
function tablesTooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(`[...document.querySelectorAll(".rows")]
    .filter((rows) => rows.scrollWidth > rows.clientWidth)
    .map((rows) => rows.getAttribute("aria-label"))`);
}

/** The name of the focused element, as people see it. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(`document.activeElement.ariaLabel ??
    (document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()`);
}

/** Presses Tab until the element with this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === name) return;
  }
  expect.fail(`Tab never reached "${name}".`);
}
