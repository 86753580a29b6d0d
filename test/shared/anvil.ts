import { type DevelopmentNode, spawnNode, startUnique } from "./node";

/** anvil's program, which comes as a package for this platform; undefined where there is none. */
function anvilProgram(): string | undefined {
  try {
    return require.resolve("@foundry-rs/anvil-linux-amd64/bin/anvil");
  } catch {
    return undefined;
  }
}

/**
 * Starts anvil as a second opinion: a node that nobody of this project and nobody of Hardhat wrote. It has the accounts and
 * the rules of this project's Hardhat node, and mines a block per transaction and none besides. A test is skipped, and says
 * why, on a platform for which there is no package of anvil.
 * @param slotsInAnEpoch A block is final when so many times two blocks lie on it.
 */
export async function startAnvil(test: Mocha.Context, slotsInAnEpoch = 1): Promise<DevelopmentNode> {
  const program = anvilProgram();
  if (program === undefined) {
    process.stderr.write(`Skipped: there is no package of anvil for ${process.platform}-${process.arch}.\n`);
    return test.skip();
  }
  const rules = ["--hardfork", "osaka", "--chain-id", "31337", "--accounts", "40"];
  const args = ["--host", "127.0.0.1", "--port", "0", ...rules, "--slots-in-an-epoch", String(slotsInAnEpoch)];
  return startUnique("anvil", async () => {
    const { url, child } = await spawnNode(program, args, /Listening on (\S+)\s/);
    return { url: `http://${url}`, child };
  });
}
