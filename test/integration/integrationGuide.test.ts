import { expect } from "chai";
import Module from "node:module";
import { join } from "node:path";
import { type Address, parseEther } from "viem";
import { type Connection } from "../../scripts/chain/connection";
import { deploymentIdOf } from "../../scripts/chain/deployment";
import { readSupply } from "../../scripts/views/supply";
import { registerValidator } from "../../scripts/actions/validators";
import type * as Library from "../../scripts/integration";
import { buildProject } from "../shared/commandLine";
import { transact } from "../../scripts/chain/transact";
import { exampleOf, keyOf } from "../shared/guideExamples";
import { type DevelopmentNode, nodeAccount, startNode } from "../shared/node";

const root = join(__dirname, "..", "..");

/** The package as other projects import it. */
function library(): typeof Library {
  return Module.createRequire(join(root, "guide.ts"))("moderntensor-tokenomics") as typeof Library;
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

  it("connects to the deployed contracts", async () => {
    const { token, staking } = (await exampleOf("connect")(node.url)) as Record<string, { address: Address }>;
    expect([token!.address, staking!.address]).to.deep.equal([
      chain.contracts.token.address,
      chain.contracts.staking.address,
    ]);
  });

  it("reads the supply as the command does", async () => {
    const { totalSupplyWei, totalBurnedWei, maxSupplyWei, circulatingWei } = await readSupply(chain);
    expect(await exampleOf("supply")(node.url)).to.deep.equal({
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
    it(`delegates with one signature and one transaction, using ${library}`, async () => {
      const { staking, token } = chain.contracts;
      const account = nodeAccount(index);
      const sentBefore = await chain.reader.getTransactionCount({ address: account });
      await exampleOf("delegate", library)(node.url, keyOf(index), validator, parseEther("7"));
      const countsFrom = await staking.read.addedCountsFrom();
      expect(await staking.read.delegationAt([validator, account, countsFrom])).to.equal(parseEther("7"));
      expect(await token.read.allowance([account, staking.address])).to.equal(0n);
      expect(await chain.reader.getTransactionCount({ address: account })).to.equal(sentBefore + 1);
    });
  }

  it("credits deposits that have their confirmations, each once", async () => {
    const { token } = chain.contracts;
    const [exchange, other] = [nodeAccount(7), nodeAccount(8)];
    const { blockNumber, transactionHash } = await transact(chain, validator, {
      ...{ ...token, functionName: "transfer", args: [exchange, parseEther("1.5")] },
    });
    const deposits = (from: bigint, confirmations: bigint) =>
      exampleOf("deposits")(node.url, [exchange, other], from, confirmations);
    expect(await deposits(blockNumber, 1n)).to.deep.equal({ deposits: [], nextBlock: blockNumber });
    const found = (await deposits(0n, 0n)) as { deposits: readonly { id: string }[]; nextBlock: bigint };
    expect(found.nextBlock > blockNumber).to.equal(true);
    expect(found.deposits.filter(({ id }) => id.startsWith(transactionHash))).to.deep.equal([
      { to: exchange, amountWei: parseEther("1.5"), id: found.deposits.at(-1)!.id },
    ]);
    expect(await deposits(found.nextBlock, 0n)).to.have.deep.property("deposits", []);
  });

  it("finds no addresses if no deployment is recorded", () => {
    expect(() => library().addressesOf(424_242)).to.throw(
      library().DeploymentChoiceError,
      "No deployment on chain 424242 is recorded: deploy first, or copy its record, then build this package again.",
    );
  });

  it("gives the ABI of every deployed contract", async () => {
    const id = await deploymentIdOf(chain.reader);
    expect(Object.keys(library().abis).sort()).to.deep.equal(
      Object.keys(library().addressesOf(31_337, `0x${id.slice(-8)}`)).sort(),
    );
  });
});
