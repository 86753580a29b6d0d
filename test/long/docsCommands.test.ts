import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Connection } from "../../scripts/chain/connection";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { briefDecimal } from "../../scripts/show/amounts";
import { type DevelopmentNode, startNode } from "../shared/node";

/** Commands that run until they are stopped, or that other tests and CI run word for word. */
const runElsewhere = new Set([
  "npx hardhat node",
  "npx hardhat network start",
  "npx hardhat deploy --network localhost",
  "npx mdt dashboard",
  "npx mdt keeper start --port 9464",
  "npx mdt keeper watch --veto",
]);

/** README and docs in the order in which a newcomer reads them. */
const docs = ["README.md", "docs/first-steps.md", "docs/operations.md"]
  .map((path) => readFileSync(join(__dirname, "..", "..", path), "utf8"))
  .join("\n");

/** The content of a file, as they state it. */
function contentOf(name: string): unknown {
  const [, content] = new RegExp(`\`${name}\` holds\\s\`([^\`]+)\``).exec(docs)!;
  return JSON.parse(content!);
}

const commands = [...docs.matchAll(/^```sh\n([\s\S]*?)^```/gm)]
  .flatMap(([, block]) => block!.trim().split("\n"))
  .map((line) => line.replace(/ +#.*/, ""))
  .filter(
    (line) => /^npx (hardhat|mdt) /.test(line) && !/ --network reference\b/.test(line) && !runElsewhere.has(line),
  );

/** Files that a command writes. */
const written = new Set(["checkpoint.json"]);

describe("The commands of README and docs", () => {
  let node: DevelopmentNode;
  let chain: Connection;

  before(async () => {
    node = await startNode();
    chain = await node.deploy();
  });

  after(() => {
    node.stop();
  });

  /** The moments that a reader waits for, in epochs from genesis. */
  const waits = new Map([
    ["npx hardhat task submit", 2],
    ["npx hardhat score reveal", 3],
    ["npx hardhat epoch settle", 3.3],
  ]);

  /** By the time a reader watches the keeper, it is running. */
  async function settleWhatIsDue(): Promise<void> {
    let kind: unknown = "settled";
    while (kind === "settled") {
      const { stdout } = await node.command("epoch", "settle", "--send", "--json");
      kind = (JSON.parse(stdout) as { kind: unknown }).kind;
    }
  }

  it("work one after the other as a newcomer types them", async () => {
    const { clock } = chain.deployment.config;
    const epochSeconds = clock.slotSeconds * clock.slotsPerEpoch;
    const vectors = join(__dirname, "..", "shared", "vectors");
    const epochCases = JSON.parse(readFileSync(join(vectors, "epoch.json"), "utf8")) as { cases: { input: unknown }[] };
    const yumaCases = JSON.parse(readFileSync(join(vectors, "yuma.json"), "utf8")) as {
      cases: { epochs: { expected?: unknown }[] }[];
    };
    for (const { epochs } of yumaCases.cases) for (const epoch of epochs) delete epoch.expected;
    const files: Readonly<Record<string, unknown>> = {
      "scores.json": contentOf("scores.json"),
      "policy.json": contentOf("policy.json"),
      "inputs.json": epochCases.cases[0]!.input,
      "rewards.json": [["0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "5000000000000000000"]],
      "cases.json": yumaCases.cases,
    };
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(node.dataDirectory, name), JSON.stringify(content));
    }
    expect(commands).to.have.length.above(10);
    for (const command of commands) {
      const start = [...waits.keys()].find((words) => command.startsWith(words));
      if (start !== undefined) {
        const wait = waits.get(start)!;
        waits.delete(start);
        const { genesisTimestamp } = chain.deployment.choices;
        await node.advanceTo(BigInt(Math.floor(genesisTimestamp + wait * epochSeconds)));
      }
      if (command.startsWith("npx mdt keeper watch")) await settleWhatIsDue();
      const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!).slice(2);
      const args = words.map((word) => (word in files || written.has(word) ? join(node.dataDirectory, word) : word));
      const isOfHardhat = command.startsWith("npx hardhat ");
      const { exitCode, stderr } = await (isOfHardhat ? node.hardhat(...args) : node.command(...args));
      expect(exitCode, `${command}: ${stderr}`).to.equal(0);
    }
    const history = await readSettledEpochs(chain);
    const rewardsWei = history.map(({ settlement }) => settlement.minerRewards + settlement.validatorRewards);
    expect(rewardsWei.slice(0, 3).map((wei) => wei > 0n)).to.deep.equal([false, false, true]);
    const { emission, minerRewards, validatorRewards, daoShare, returned } = history[2]!.settlement;
    const figures = [emission, minerRewards, validatorRewards, daoShare, returned].map((wei) => briefDecimal(wei));
    const [, ...told] = /emits ([\d.]+) MDT: ([\d.]+) .*?\s([\d.]+) .*?\s([\d.]+) .*?\s([\d.]+) MDT return/s.exec(
      docs,
    )!;
    expect(told).to.deep.equal(figures);
  });
});
