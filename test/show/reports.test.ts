import { expect } from "chai";
import { createHash } from "node:crypto";
import { html } from "hono/html";
import { computeEpoch } from "../../scripts/core/computeEpoch";
import { type EpochFigures } from "../../scripts/keeper/facts/settledEpochs";
import { epochsReport } from "../../scripts/show/report/epochsReport";
import { simulationReport } from "../../scripts/lab/simulator/simulationReport";
import { reportHtml } from "../../scripts/page/serve/assets";
import { epochInputs, miner, staker } from "../shared/epochInputs";
import { accountOf } from "../shared/rewardLists";
import { perfect, run } from "../lab/simulator/scenarios";

const hostile = `</script><img src=x onerror="alert(1)">`;

const figures: EpochFigures = {
  epoch: 0,
  utilityWad: 10n ** 18n,
  qualityWad: 10n ** 18n,
  emissionWei: 1_000n * 10n ** 18n,
  mintedWei: 900n * 10n ** 18n,
  recycledWei: 100n * 10n ** 18n,
  burnedWei: 0n,
  minerRewardsWei: 400n * 10n ** 18n,
  validatorRewardsWei: 400n * 10n ** 18n,
  daoWei: 200n * 10n ** 18n,
  returnedWei: 0n,
  totalSupplyWei: 2_000n * 10n ** 18n,
};

const model = `0x${"5a".repeat(32)}` as const;

function epochsHtml(name: string): Promise<string> {
  const inputs = epochInputs({ miners: [miner(accountOf(1), 1n)], stakers: [staker(accountOf(2), 1n)] });
  const computed = { inputs, result: computeEpoch(inputs) };
  return reportHtml(
    epochsReport({
      title: name,
      subtitle: name,
      epochs: [
        { figures, computed },
        { figures: { ...figures, epoch: 1 }, computed: null },
      ],
      nameOf: () => name,
      titleOf: () => name,
      provenOf: (epoch) => (epoch === 0 ? [[model, 3]] : []),
    }),
  );
}

/** The texts between each such tag and its end. */
function insides(page: string, tag: string): readonly string[] {
  return [...page.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, "g"))].map(([, inside]) => inside!);
}

describe("A report", () => {
  let page: string;

  before(async () => {
    page = await epochsHtml("A calm network");
  });

  it("blocks all network access, and allows exactly its own script and style", () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll("&#39;", "'");
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    const [, script] = insides(page, "script");
    const [style] = insides(page, "style");
    expect(policy.split("; ")).to.deep.equal([
      "default-src 'none'",
      `script-src ${hash(script!)}`,
      `style-src ${hash(style!)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it("refers to no other file: it loads nothing, and has no style or script in an attribute", () => {
    expect(page).not.to.match(/<(link|img|iframe|script[^>]* src)/);
    expect(page.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, "")).not.to.match(/ (style|on\w+)=|url\(|https?:/);
  });

  it("contains its charts as data", () => {
    const charts = JSON.parse(insides(page, "script")[0]!) as { title: string; xs: number[] }[];
    expect(charts.map(({ title }) => title)).to.deep.equal([
      "Utility and its three parts",
      "Emission and its ceiling",
      "Where the emission came from",
      "Where the emission went",
      "Quality and its threshold",
      "Minted, recycled and burned so far",
      "Supply",
    ]);
    expect(charts.map(({ xs }) => xs)).to.deep.equal(charts.map(() => [0, 1]));
    expect(page.match(/data-chart="\d+"/g)).to.have.length(charts.length);
  });

  it("tells the story of an epoch whose inputs it has, and says how to get missing inputs", () => {
    expect(page).to.contain("Utility was 1.").and.to.contain("npx mdt epoch inputs --epoch 1");
  });

  it("names the models of proven work", () => {
    expect(page).to.contain(`<dd>3 tasks by <code>${model}</code></dd>`);
  });

  it("shows every text as text, even if it contains HTML", async () => {
    const attacked = await epochsHtml(hostile);
    expect(attacked).not.to.contain("<img");
    expect(attacked.match(/<script/g)).to.have.length(2);
    const simulated = await reportHtml(
      simulationReport(run({ ...perfect, name: hostile, policies: [{ name: hostile }] }, 2)),
    );
    expect(simulated).not.to.contain("<img");
    expect(simulated.match(/<script/g)).to.have.length(2);
    expect(JSON.parse(insides(simulated, "script")[0]!)).to.have.nested.property("[0].series[0].name", hostile);
  });

  it("of a simulation lists its shocks, and has no list without shocks", async () => {
    const bodyOf = async (shocks: object[]) =>
      String(await html`${simulationReport(run({ ...perfect, shocks }, 2)).body}`);
    const shocked = await bodyOf([{ name: "A rush", fromEpoch: 0, epochs: 1, tasksBps: 12_500 }]);
    expect(shocked).to.contain("A rush").and.to.contain("125 %").and.to.contain("What happens");
    expect(await bodyOf([])).not.to.contain("What happens");
  });

  it("without epochs says that none is settled yet", async () => {
    const empty = epochsReport({
      title: "New",
      subtitle: "",
      epochs: [],
      nameOf: String,
      titleOf: () => undefined,
      provenOf: () => [],
    });
    expect(String(await html`${empty.body}`)).to.contain("No epoch is settled yet.");
    expect(empty.charts).to.deep.equal([]);
  });
});
