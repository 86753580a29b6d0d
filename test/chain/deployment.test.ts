import { expect } from "chai";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { custom, numberToHex, zeroAddress } from "viem";
import { deployedContracts } from "../../scripts/chain/abis";
import { readerThrough } from "../../scripts/chain/connection";
import { clockOf, loadNetworkConfig } from "../../scripts/config/loadNetworkConfig";
import {
  configOf,
  DamagedRecordError,
  deploymentDirectory,
  deploymentIdOf,
  NotDeployedError,
  readDeployment,
  recordedAddresses,
} from "../../scripts/chain/deployment";

describe("A deployment's name", () => {
  it("is its chain's id and the start of block 0's hash, so that a restarted node has another name", async () => {
    const block0 = { number: "0x0", hash: `0x${"d4e56740".padEnd(64, "0")}`, timestamp: "0x0", transactions: [] };
    const request = ({ method }: { readonly method: string }) =>
      Promise.resolve(method === "eth_chainId" ? "0x1" : block0);
    expect(await deploymentIdOf(readerThrough(custom({ request })))).to.equal("chain-1-d4e56740");
  });
});

describe("A deployment's configuration", () => {
  it("is its network's, with the clock and the wait for a quorum chosen for it", () => {
    const local = configOf({ network: "local" });
    expect(local).to.deep.equal(loadNetworkConfig("local"));
    const own = configOf({ network: "local", clock: clockOf("local", 20) });
    const { clock, ...others } = own;
    expect({ ...others, clock: local.clock }).to.deep.equal(local);
    expect(clock).to.include({ slotSeconds: 1, slotsPerEpoch: 20, revealSlots: 8, closingSlots: 4 });
    expect(configOf({ network: "local", soloAfterSeconds: 90 }).quorum.soloAfterSeconds).to.equal(90);
  });

  it("mints what an earlier deployment left, with a lower base reward if that wouldn't suffice", () => {
    const { supply, emission } = loadNetworkConfig("local");
    const { baseRewardWei, halvingIntervalEpochs } = emission;
    const takenOver = (treasuryAllowanceWei: bigint) => {
      const amounts = { treasuryAllowanceWei: String(treasuryAllowanceWei), blockRewardsAllowanceWei: "7" };
      return configOf({ network: "local", genesis: { allocations: [], ...amounts } });
    };
    // Halving after halving, an epoch's base reward mints twice as much as in the first interval.
    const enough = 2n * BigInt(halvingIntervalEpochs) * baseRewardWei;
    for (const [left, reward] of [
      [2n * enough, baseRewardWei],
      [enough / 2n, baseRewardWei / 2n],
    ] as const) {
      const config = takenOver(left);
      expect(config.emission).to.deep.equal({ ...emission, baseRewardWei: reward });
      expect(config.supply).to.deep.equal({
        ...supply,
        ...{ daoAllocationWei: 0n, nodeAccountAllocationWei: 0n },
        ...{ treasuryAllowanceWei: left, blockRewardsAllowanceWei: 7n },
      });
    }
  });
});

describe("The name of a deployment's chain, which wallets show", () => {
  const block0 = { number: "0x0", hash: `0x${"c4a1".padEnd(64, "0")}`, timestamp: "0x0", transactions: [] };

  for (const [network, chainId, name] of [
    ["reference", 10, "OP Mainnet"],
    ["reference", 31_337, "Chain 31337"],
    ["reference", 1, "Ethereum"],
    ["local", 31_337, "ModernTensor local"],
  ] as const) {
    it(`is ${name} if a network configured as "${network}" is deployed on chain ${chainId}`, async () => {
      const directory = deploymentDirectory(`chain-${chainId}-c4a10000`);
      mkdirSync(directory, { recursive: true });
      const choices = { network, genesisTimestamp: 0, dao: zeroAddress, fromBlock: 0, nodeAccounts: [] };
      writeFileSync(join(directory, "choices.json"), JSON.stringify(choices));
      const addresses = Object.fromEntries(
        Object.values(deployedContracts).map(([contract]) => [`ModernTensor#${contract}`, zeroAddress]),
      );
      writeFileSync(join(directory, "deployed_addresses.json"), JSON.stringify(addresses));
      const request = ({ method }: { readonly method: string }) =>
        Promise.resolve(method === "eth_chainId" ? numberToHex(chainId) : block0);
      const { config } = await readDeployment(readerThrough(custom({ request })));
      rmSync(directory, { recursive: true });
      expect(config.chain).to.deep.equal({ ...loadNetworkConfig(network).chain, name });
    });
  }
});

describe("A deployment that isn't recorded here", () => {
  for (const id of ["chain-1-d4e56740", "chain-31337-0badc0de"]) {
    it(`is reported with how to deploy on any network, and where its record must be: ${id}`, () => {
      expect(() => recordedAddresses(id)).to.throw(
        NotDeployedError,
        new RegExp(
          `^Nothing is deployed on this chain, or its record is not in scripts/ignition/deployments/${id}: ` +
            'run "npx hardhat deploy --network localhost" with your network\'s name instead of localhost, ' +
            "or copy the record from the machine that deployed\\.$",
        ),
      );
    });
  }
});

describe("A damaged record of a deployment", () => {
  const id = "chain-1-da3a6ed0";
  const file = join(deploymentDirectory(id), "deployed_addresses.json");

  before(() => {
    mkdirSync(deploymentDirectory(id), { recursive: true });
  });

  after(() => {
    rmSync(deploymentDirectory(id), { recursive: true });
  });

  for (const content of ["", '{ "ModernTensor#Treasury": "0x', "null", '{ "ModernTensor#Treasury": "0x1" }']) {
    it(`is reported with what to do: ${content === "" ? "nothing in it" : content}`, () => {
      writeFileSync(file, content);
      expect(() => recordedAddresses(id)).to.throw(
        DamagedRecordError,
        `${file} is damaged: copy it again from the machine that deployed.`,
      );
    });
  }
});
