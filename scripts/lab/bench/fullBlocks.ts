import { createTestClient } from "viem";
import { readerThrough, transportOf } from "../../chain/connection";
import { loadNetworkConfig } from "../../config/loadNetworkConfig";
import { startAnvil } from "./anvil";
import { type BenchRow } from "./benchRow";
import { copyChain } from "./copyChain";
import { type BlockStage, fillBlock } from "./fillBlock";
import { BATCH, type Fillings, prepareFillings } from "./fillings";
import { type GasStage, onNetwork, type OpenNetwork } from "./gas/gasStage";

/**
 * What a real block of Hardhat's node and one of anvil hold, both as they are by default, each filled until nothing more
 * went in: claims (repeated, of 2^14 leaves), accounts paid by `claimMany`, settlements.
 * @param onProgress Told what is measured next.
 */
export function fullBlockRows(open: OpenNetwork, onProgress: (what: string) => void): Promise<readonly BenchRow[]> {
  const local = loadNetworkConfig("local");
  // More epochs are settled in one block than the local network would pay for in its whole life.
  const config = {
    ...local,
    emission: { ...local.emission, halvingIntervalEpochs: 10_000 },
    supply: { ...local.supply, treasuryAllowanceWei: 10_000_000n * 10n ** 18n },
  };
  return onNetwork(open, config, async (stage) => {
    onProgress("blocks: filled on Hardhat's node");
    const fillings = await prepareFillings(stage);
    const { reader, transport } = stage.connection;
    const sender = stage.accounts[0]!;
    const rows = await rowsOn("Hardhat's node", { reader, transport, chain: stage.chain, sender }, fillings);
    onProgress("blocks: filled on anvil");
    stage.rows.push(...rows, ...(await rowsOnAnvil(stage, fillings)));
  });
}

/** The same on anvil with a chain like that of the stage; nothing where there is no anvil. */
async function rowsOnAnvil({ connection, accounts }: GasStage, fillings: Fillings): Promise<readonly BenchRow[]> {
  const anvil = await startAnvil();
  if (anvil === undefined) return [];
  try {
    const transport = transportOf(anvil.url);
    const chain = createTestClient({ mode: "anvil", transport });
    await copyChain(connection.reader, { transport, chain });
    return await rowsOn(
      "anvil",
      { reader: readerThrough(transport), transport, chain, sender: accounts[0]! },
      fillings,
    );
  } finally {
    anvil.stop();
  }
}

async function rowsOn(node: string, stage: BlockStage, fillings: Fillings): Promise<readonly BenchRow[]> {
  const { gasLimit } = await stage.reader.getBlock();
  const row = (what: string, count: number): BenchRow => ({
    ...{ name: `${what} in a full block: ${node}`, unit: "count", size: Number(gasLimit), ours: count },
    ...{ target: null, peer: null, peerValue: null },
  });
  return [
    row("single claims", await fillBlock(stage, fillings.claims)),
    row("accounts paid by claimMany", BATCH * (await fillBlock(stage, fillings.batches))),
    row("settlements", await fillBlock(stage, fillings.settlements)),
  ];
}
