import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "solc";

const project = join(__dirname, "..", "..");
const compileWith = compile as (input: string, callbacks: { import: (path: string) => { contents: string } }) => string;
const compiler = require.resolve("typescript/bin/tsc");

/** The source of another project that uses everything in the package. */
const program = `
import { abis, type Addresses, addressesOf, DeploymentChoiceError, deployments, isProvenReward, rewardTreeOf } from "moderntensor-tokenomics";

const domain = { chainId: 1n, treasury: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" } as const;
const entry: "function" | "event" | "error" | "constructor" = abis.Treasury[0].type;

async function main(): Promise<void> {
  const tree = await rewardTreeOf(domain, [[domain.treasury, 5n]]);
  const reward = tree.proofOf(domain.treasury);
  const proven = [isProvenReward(domain, reward, tree.root), isProvenReward(domain, { ...reward, cumulativeWei: 6n }, tree.root)];
  let refused = "";
  try {
    const addresses: Addresses = addressesOf(424_242);
    refused = addresses.Treasury;
  } catch (error) {
    if (error instanceof DeploymentChoiceError) refused = error.name;
  }
  console.log(JSON.stringify({ entry: typeof entry, proven, refused, deployments: Array.isArray(deployments) }));
}

void main();
`;

describe("The package that npm pack makes", function () {
  this.timeout(300_000);
  const outside = mkdtempSync(join(tmpdir(), "moderntensor-outside-"));
  const packageFile = readFileSync(join(project, "package.json"), "utf8");
  let installed: string;

  before(() => {
    execFileSync("npm", ["pack", "--pack-destination", outside], { cwd: project, stdio: "pipe" });
    const tarball = readdirSync(outside).find((name) => name.endsWith(".tgz"))!;
    expect(statSync(join(outside, tarball)).size).to.be.at.most(110_000);
    writeFileSync(join(outside, "package.json"), JSON.stringify({ name: "outside", private: true }));
    execFileSync("npm", ["install", "--offline", "--no-audit", join(outside, tarball)], {
      cwd: outside,
      stdio: "pipe",
    });
    installed = join(outside, "node_modules");
  });

  after(() => {
    rmSync(outside, { recursive: true, force: true });
  });

  it("installs nothing but itself, and leaves package.json unchanged", () => {
    expect(readdirSync(installed).filter((name) => !name.startsWith("."))).to.deep.equal(["moderntensor-tokenomics"]);
    expect(readFileSync(join(project, "package.json"), "utf8")).to.equal(packageFile);
  });

  for (const [module, moduleResolution, extension] of [
    ["commonjs", "node10", "js"],
    ["node16", "node16", "js"],
    ["nodenext", "nodenext", "mjs"],
    ["esnext", "bundler", "mjs"],
  ] as const) {
    it(`type-checks and runs in a project with ${module} and ${moduleResolution}`, () => {
      const folder = join(outside, `${module}-${moduleResolution}`);
      mkdirSync(folder);
      const source = join(folder, extension === "mjs" ? "main.mts" : "main.ts");
      writeFileSync(source, program);
      const options = ["--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", module];
      execFileSync(process.execPath, [compiler, ...options, "--moduleResolution", moduleResolution, source], {
        cwd: outside,
        stdio: "pipe",
      });
      const output = execFileSync(process.execPath, [join(folder, `main.${extension}`)], {
        cwd: outside,
        encoding: "utf8",
      });
      expect(JSON.parse(output)).to.deep.equal({
        entry: "string",
        proven: [true, false],
        refused: "DeploymentChoiceError",
        deployments: true,
      });
    });
  }

  it("has the interfaces, with which another project's contract compiles", () => {
    const source = `pragma solidity ^0.8.30;
      import {ITreasury} from "moderntensor-tokenomics/contracts/interfaces/ITreasury.sol";
      import {ITaskRegistry} from "moderntensor-tokenomics/contracts/interfaces/ITaskRegistry.sol";
      import {ClaimsForUsers} from "moderntensor-tokenomics/contracts/fixtures/examples/ClaimsForUsers.sol";
      contract Mine is ClaimsForUsers { constructor(ITreasury treasury, ITaskRegistry) ClaimsForUsers(treasury) {} }`;
    const settings = { outputSelection: { "*": { Mine: ["evm.bytecode.object"] } } };
    const input = { language: "Solidity", sources: { "Mine.sol": { content: source } }, settings };
    // Such a project installs OpenZeppelin itself.
    const folderOf = (path: string): string => (path.startsWith("@") ? join(project, "node_modules") : installed);
    const read = (path: string) => ({ contents: readFileSync(join(folderOf(path), path), "utf8") });
    const { contracts, errors = [] } = JSON.parse(compileWith(JSON.stringify(input), { import: read })) as {
      contracts: Record<string, { Mine: { evm: { bytecode: { object: string } } } }>;
      errors?: { severity: string; formattedMessage: string }[];
    };
    expect(errors.filter(({ severity }) => severity === "error")).to.deep.equal([]);
    expect(contracts["Mine.sol"]!.Mine.evm.bytecode.object).to.match(/^[0-9a-f]{200,}$/);
  });

  it("reads no files and loads no other module", () => {
    for (const name of ["index.cjs", "index.mjs"]) {
      const code = readFileSync(join(installed, "moderntensor-tokenomics", "dist", "library", name), "utf8");
      expect(code.match(/\brequire\(|\bimport[ ("{*]|}\s*from\s*"|"node:|\bethers\b/g)).to.equal(null);
    }
  });
});
