import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  TASK_COMPILE_REMOVE_OBSOLETE_ARTIFACTS,
  TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD,
  TASK_COMPILE_SOLIDITY_LOG_COMPILATION_RESULT,
} from "hardhat/builtin-tasks/task-names";
import { subtask } from "hardhat/config";
import { type Artifact, type HardhatRuntimeEnvironment, type SolcBuild } from "hardhat/types";

/** Takes the compiler from the npm package `solc`, so that a build downloads nothing. */
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, ({ solcVersion }: { solcVersion: string }): Promise<SolcBuild> => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { version } = require("solc/package.json") as { version: string };
  if (version !== solcVersion) {
    return Promise.reject(
      new Error(`The npm package solc is ${version}, but the contracts need ${solcVersion}. Run "npm ci".`),
    );
  }
  return Promise.resolve({
    version,
    longVersion: version,
    compilerPath: require.resolve("solc/soljson.js"),
    isSolcJs: true,
  });
});

let hasCompiled = false;

/** Says nothing after a compilation: stdout belongs to the command that asked for it. */
subtask(TASK_COMPILE_SOLIDITY_LOG_COMPILATION_RESULT, (args: { compilationJobs: readonly unknown[] }) => {
  hasCompiled = args.compilationJobs.length > 0;
  return Promise.resolve();
});

/** After a compilation, writes the ABIs and types of the deployed contracts again if anything is new. */
subtask(TASK_COMPILE_REMOVE_OBSOLETE_ARTIFACTS, async (args, hre, runSuper) => {
  await runSuper(args);
  // Coverage compiles contracts with probes inside, which must not get into committed files.
  if (process.env.MDT_COVERAGE === "1") return;
  const names = await deployedNames();
  const written = [hre.config.typechain.outDir, ...names.map((name) => abiFile(hre, name))];
  if (hasCompiled || !written.every((path) => existsSync(path))) await writeTypes(hre, names);
});

/** The contracts that Ignition deploys, by their names in Solidity. */
async function deployedNames(): Promise<readonly string[]> {
  const { modernTensor } = await import("../scripts/ignition/modules/ModernTensor");
  return Object.values(modernTensor([]).results).map(({ contractName }) => contractName);
}

function abiFile({ config }: HardhatRuntimeEnvironment, contractName: string): string {
  return join(config.paths.root, "typechain-types", "abi", `${contractName}.ts`);
}

/** Writes each deployed contract's ABI constant, which is committed, and its types for ethers, which are not. */
async function writeTypes(hre: HardhatRuntimeEnvironment, names: readonly string[]): Promise<void> {
  const { artifacts, config } = hre;
  const { runTypeChain } = await import("typechain");
  const deployed = await Promise.all(names.map((name) => artifacts.readArtifact(name)));
  for (const artifact of deployed) {
    const file = abiFile(hre, artifact.contractName);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, abiModule(artifact));
  }
  const files = deployed.map(({ sourceName, contractName }) =>
    artifacts.formArtifactPathFromFullyQualifiedName(`${sourceName}:${contractName}`),
  );
  rmSync(config.typechain.outDir, { recursive: true, force: true });
  await runTypeChain({
    cwd: config.paths.root,
    allFiles: files,
    filesToProcess: files,
    outDir: config.typechain.outDir,
    target: "ethers-v6",
    flags: { alwaysGenerateOverloads: false, discriminateTypes: false, tsNocheck: false, environment: "hardhat" },
  });
}

/** One entry a line, without Solidity's own names of types, which nobody reads. */
function abiModule({ contractName, abi }: Artifact): string {
  const entries = (abi as readonly unknown[]).map((entry) => {
    const text = JSON.stringify(entry, (key, value: unknown) => (key === "internalType" ? undefined : value));
    return `  ${text},\n`;
  });
  const constant = `${contractName.charAt(0).toLowerCase()}${contractName.slice(1)}Abi`;
  return `// Written from ${contractName}.sol by "npx hardhat compile".\nexport const ${constant} = [\n${entries.join("")}] as const;\n`;
}
