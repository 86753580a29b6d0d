import { expect } from "chai";
import { toJson } from "../../../scripts/commands/terminal";
import { describeStress, exitCodeOf, networksOf, stress } from "../../../scripts/lab/attacks/stress";
import { type Row, Target } from "../../../scripts/lab/attacks/attack";
import { eviction } from "../../../scripts/lab/attacks/registering";
import { loadNetworkConfig } from "../../../scripts/config/loadNetworkConfig";
import { ConfigError } from "../../../scripts/config/networkConfig";

describe("The known attacks", () => {
  let rows: readonly Row[];

  before(() => {
    rows = stress();
  });

  it("are played on local and on reference", () => {
    expect([...new Set(rows.map(({ network }) => network))]).to.deep.equal(["local", "reference"]);
    const ofNetwork = (name: string) => rows.filter(({ network }) => network === name).map(({ attack }) => attack);
    expect(ofNetwork("local")).to.deep.equal(ofNetwork("reference"));
  });

  it("break no bound on either network", () => {
    expect(rows.filter(({ holds }) => !holds)).to.deep.equal([]);
    expect(exitCodeOf(rows)).to.equal(0);
    expect(describeStress(rows)).to.match(new RegExp(`\\n\\nAll ${rows.length} bounds hold\\.$`));
  });

  it("include all that the design names", () => {
    expect([...new Set(rows.map(({ attack }) => attack))]).to.include.members([
      "buying tasks",
      "sybil miners",
      "idle miner",
      "lone revealer",
      "absent seats",
      "lazy and cartel",
      "minority with a friend",
      "51 % with idle sybils",
      "junk tasks",
      "unscored newcomer",
      "leaving miners out",
      "dust seats",
      "copied scores",
      "seat eviction",
      "price pumping",
      "stolen task governor",
      "stolen policy key",
      "stolen guardian",
      "stolen keeper",
      "stolen keeper and guardian",
      "keeper noise",
      "leaders' seed",
    ]);
  });

  it("are rows with amounts in wei as decimal strings, each with its own setting", () => {
    const json = JSON.parse(toJson({ rows })) as { rows: readonly Readonly<Record<string, unknown>>[] };
    for (const row of json.rows) {
      const { network, attack, setting, bound, holds, ...amounts } = row;
      for (const text of [network, attack, setting, bound]) expect(text).to.be.a("string").and.not.equal("");
      expect(holds).to.be.a("boolean");
      expect(Object.keys(amounts)).to.deep.equal([
        "stakeWei",
        "capitalWei",
        "costWei",
        "gainWei",
        "profitWei",
        "harmWei",
      ]);
      for (const amount of Object.values(amounts)) expect(amount).to.match(/^(0|-?[1-9]\d*)$/);
    }
    const settings = rows.map(({ network, attack, setting }) => `${network}: ${attack}, ${setting}`);
    expect(new Set(settings).size).to.equal(settings.length);
  });

  it("have a profit of gain minus cost, and tie up their stake and their cost", () => {
    for (const { stakeWei, capitalWei, costWei, gainWei, profitWei } of rows) {
      expect(profitWei).to.equal(gainWei - costWei);
      expect(capitalWei).to.equal(stakeWei + costWei);
    }
  });

  it("are marked as not in force for rules that aren't, with the bound that they would have", () => {
    const variants = rows.filter(({ setting }) => /rule yuma[23]$/.test(setting));
    expect(variants).to.have.length(8);
    for (const { bound } of variants) expect(bound).to.match(/^not in force here; if it were, profit ≤ /);
  });

  it("are played on the named network alone, and refuse an unknown one", () => {
    expect(() => stress("nowhere")).to.throw(ConfigError, 'Unknown network "nowhere"');
    expect(networksOf("reference")[0]!.name).to.equal("reference");
  });

  it("end with exit code 1 if one breaks its bound, and name it", () => {
    const broken: Row = { ...rows[0]!, holds: false };
    expect(exitCodeOf([...rows, broken])).to.equal(1);
    expect(describeStress([broken, rows[1]!])).to.match(
      /1 of 2 bounds are broken:\n {2}local: buying tasks, outsider, 1 scored task of type text, before a halving: not profit ≤ 0, harm ≤ cost$/,
    );
  });

  it("are played under each version of a network's policy", () => {
    const config = loadNetworkConfig("reference");
    const first = config.policies[0]!;
    const later = { ...first, fromEpoch: 30, policy: { ...first.policy, validatorRule: "yuma2" as const } };
    const networks = networksOf("reference", { ...config, policies: [first, later] });
    expect(networks.map(({ name, policy }) => [name, policy.validatorRule])).to.deep.equal([
      ["reference", "stake"],
      ["reference from epoch 30", "yuma2"],
    ]);
  });

  for (const validatorRule of ["yuma2", "yuma3"] as const) {
    it(`have a bound for eviction that counts the epochs until bonds recover under ${validatorRule}`, () => {
      const [reference] = networksOf("reference");
      const evictions = (rule: "stake" | "yuma2" | "yuma3") =>
        eviction(new Target({ ...reference!, policy: { ...reference!.policy, validatorRule: rule } }));
      const [byStake, byYuma] = [evictions("stake"), evictions(validatorRule)];
      expect([byStake.holds, byYuma.holds, byYuma.bound === byStake.bound]).to.deep.equal([true, true, false]);
    });
  }
});
