import { setTimeout as sleep } from "node:timers/promises";
import { type Page } from "playwright-core";
import { type Address, getAddress } from "viem";
import { type Connection } from "../../scripts/chain/connection";

/** Chooses a wallet in the list, and waits until the page knows its account. */
export async function connect(page: Page, walletName: string): Promise<void> {
  await page.getByRole("button", { name: "Connect" }).first().click();
  await page.getByRole("button", { name: walletName }).click();
  await page.getByRole("button", { name: "Disconnect" }).waitFor();
}

/** Opens an action of the "Do" view by its hash in the URL, with an empty form. */
export async function openAction(page: Page, id: string): Promise<void> {
  await page.evaluate('location.hash = "#/mine"');
  await page.getByRole("heading", { name: "Do", exact: true }).waitFor({ state: "detached" });
  await page.evaluate(`location.hash = "#/do/${id}"`);
}

/** Fills the open form: by label, a text for inputs, a value for lists. */
export async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByLabel(label, { exact: true });
    await field.waitFor();
    const isList = (await field.locator("xpath=self::select").count()) === 1;
    if (isList) await field.selectOption(value);
    else await field.fill(value);
  }
}

/** Asks what will happen. @returns The statements, in order. */
export async function review(page: Page): Promise<readonly string[]> {
  await page.getByRole("button", { name: "Show what will happen" }).click();
  await page.getByRole("heading", { name: "This will happen" }).waitFor();
  return page.locator(".statements li").allTextContents();
}

/** Agrees to what is shown: the button is named after the action. */
export async function startIt(page: Page): Promise<void> {
  await page.locator(".action button.primary").click();
}

/** Agrees to what is shown. @returns The sentence that says what happened. */
export async function agree(page: Page): Promise<string> {
  await startIt(page);
  await page.getByRole("heading", { name: "Done", exact: true }).waitFor();
  return (await page.locator(".action .notice-good").textContent()) ?? "";
}

/** The sentence that says why something did not happen. */
export async function refusal(page: Page): Promise<string> {
  await page.getByRole("heading", { name: "Not done" }).waitFor();
  return (await page.locator(".action .notice-bad").textContent()) ?? "";
}

/** Fills a form, looks, and agrees. */
export async function act(
  page: Page,
  id: string,
  values: Readonly<Record<string, string>>,
): Promise<{ readonly statements: readonly string[]; readonly result: string }> {
  await openAction(page, id);
  await fill(page, values);
  const statements = await review(page);
  return { statements, result: await agree(page) };
}

/** The addresses that the open form's list of validators offers. */
export async function validatorsOffered(page: Page): Promise<readonly Address[]> {
  const offered = page.locator("#field-validator option[value^='0x']");
  await offered.first().waitFor({ state: "attached" });
  return Promise.all(
    (await offered.all()).map(async (option) => getAddress((await option.getAttribute("value")) ?? "")),
  );
}

/** Waits until the page's server, which looks at the chain once a second, has seen the newest block. */
export async function serverCaughtUp(page: Page, { reader }: Connection): Promise<void> {
  const { number } = await reader.getBlock();
  // Not `page.waitForFunction`, which takes any promise for true.
  const seen = async (): Promise<number> => {
    const response = await fetch(new URL("/v1/status", page.url()));
    return ((await response.json()) as { headBlock: number }).headBlock;
  };
  while ((await seen()) < Number(number)) await sleep(100);
}
