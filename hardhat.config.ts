import "@nomicfoundation/hardhat-toolbox";
import { type HardhatUserConfig } from "hardhat/config";
import { httpEndpointOf } from "./scripts/commands/commandLine";
import { networkNames } from "./scripts/config/loadNetworkConfig";
import "./tasks";

// Hardhat would otherwise ask on the first run, and a question on a terminal is not clean output.
process.env.HARDHAT_DISABLE_TELEMETRY_PROMPT ??= "true";

// MDT_RPC_URL may name several endpoints; Hardhat itself, which deploys, takes the first one over HTTP.
const url = httpEndpointOf(process.env.MDT_RPC_URL);

/** @param runs How often code runs, as the optimizer weighs gas against size. */
const compiler = (runs: number) => ({
  version: "0.8.30",
  settings: { evmVersion: "cancun", optimizer: { enabled: true, runs } },
});

const config: HardhatUserConfig = {
  solidity: {
    compilers: [compiler(10_000)],
    // For fewer runs its address masks are computed instead of stored: 100 gas more for each claim.
    overrides: { "contracts/treasury/Treasury.sol": compiler(20_000) },
  },
  networks: {
    // Blocks may share a second, so that the demo and the benchmark can say exactly when everything happens.
    hardhat: { chainId: 31337, accounts: { count: 40 }, allowBlocksWithSameTimestamp: true },
    localhost: { url },
    ...Object.fromEntries(networkNames().map((name) => [name, { url }])),
  },
  paths: { ignition: "scripts/ignition" },
  // The plugin would write types of everything; tasks/build.ts writes those of what is deployed.
  typechain: { outDir: "typechain-types/ethers", dontOverrideCompile: true },
  mocha: {
    parallel: true,
    // One more than the machine has cores: tests wait for nodes and programs.
    jobs: 3,
    // No test is about how long something takes: this only ends one that hangs.
    timeout: 1_200_000,
    require: [
      "hardhat/register",
      "./test/shared/printableFailures.ts",
      "./test/shared/stopTimeInProcess.ts",
      "./test/shared/lightDeployments.ts",
    ],
  },
};

export default config;
