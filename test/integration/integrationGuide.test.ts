import { expect } from "chai";
import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { type Address, type Hex, parseEther } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { deploymentIdOf } from "../../scripts/chain/deployment";
import { readSupply } from "../../scripts/views/supply";
import { registerValidator } from "../../scripts/actions/validators";
import type * as Library from "../../scripts/integration";
import { buildProject } from "../shared/commandLine";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

const root = join(__dirname, "..", "..");
const guide = readFileSync(join(root, "docs", "integration.md"), "utf8");
const blocks = [...guide.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!);

/** Runs a code block of the guide as a file in the project's folder. @returns What it exports. */
function run(code: string): Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const file = join(root, "guide.ts");
  const example = Object.assign(new Module(file), { filename: file, paths: [join(root, "node_modules")] });
  (example as unknown as { _compile(text: string, name: string): void })._compile(outputText, file);
  return example.exports as ReturnType<typeof run>;
}

/** The package as other projects import it. */
function library(): typeof Library {
  return Module.createRequire(join(root, "guide.ts"))("moderntensor-tokenomics") as typeof Library;
}

function keyOf(addressIndex: number): Hex {
  const phrase = "test test test test test test test test test test test junk";
  const { privateKey } = mnemonicToAccount(phrase, { addressIndex }).getHdKey();
  return `0x${Buffer.from(privateKey!).toString("hex")}`;
}

describe("The integration guide", () => {
  let node: DevelopmentNode;
  let chain: Connection;
  const validator = nodeAccount(1);

  before(async () => {
    node = await startNode();
    chain = await node.deploy();
    await buildProject("library");
    await registerValidator(chain, validator, { stakeWei: parseEther("100"), commissionBps: 0 });
  });

  after(() => {
    node.stop();
  });

  it("connects to the contracts that are deployed", async () => {
    const { token, staking } = (await run(blocks[0]!).connect!(node.url)) as Record<string, { address: Address }>;
    expect([token!.address, staking!.address]).to.deep.equal([
      chain.contracts.token.address,
      chain.contracts.staking.address,
    ]);
  });

  it("reads the supply as the command does", async () => {
    const { totalSupplyWei, totalBurnedWei, maxSupplyWei, circulatingWei } = await readSupply(chain);
    expect(await run(blocks[1]!).supply!(node.url)).to.deep.equal({
      totalWei: totalSupplyWei,
      burnedWei: totalBurnedWei,
      capWei: maxSupplyWei,
      circulatingWei,
    });
  });

  for (const [library, index] of [
    ["viem", 2],
    ["ethers", 3],
  ] as const) {
    it(`delegates with one signature and one transaction, by ${library}`, async () => {
      const { staking, token } = chain.contracts;
      const account = nodeAccount(index);
      const sentBefore = await chain.reader.getTransactionCount({ address: account });
      await run(blocks[index]!).delegate!(node.url, keyOf(index), validator, parseEther("7"));
      const countsFrom = await staking.read.addedCountsFrom();
      expect(await staking.read.delegationAt([validator, account, countsFrom])).to.equal(parseEther("7"));
      expect(await token.read.allowance([account, staking.address])).to.equal(0n);
      expect(await chain.reader.getTransactionCount({ address: account })).to.equal(sentBefore + 1);
    });
  }

  it("finds no addresses where nothing is recorded", () => {
    expect(() => library().addressesOf(424_242)).to.throw(
      library().DeploymentChoiceError,
      "No deployment on chain 424242 is recorded: deploy first, or copy its record, then build this package again.",
    );
  });

  it("gives the ABI of every contract that is deployed", async () => {
    const id = await deploymentIdOf(chain.reader);
    expect(Object.keys(library().abis).sort()).to.deep.equal(
      Object.keys(library().addressesOf(31_337, `0x${id.slice(-8)}`)).sort(),
    );
  });
});
