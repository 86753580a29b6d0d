import { expect } from "chai";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { type Connection } from "../../scripts/chain/connection";
import { dataDirectory as dataDirectoryOf } from "../../scripts/chain/deployment";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { type DevelopmentNode, startNode } from "../shared/node";
import { bundleProgram } from "../shared/bundleProgram";
import { type CrampedKeeper, startOnFullDisk } from "./smallDisk";

const privateKey = toHex(
  mnemonicToAccount("test test test test test test test test test test test junk").getHdKey().privateKey!,
);

describe("A keeper on a disk of 64 KiB that is full", () => {
  let node: DevelopmentNode;
  let connection: Connection;
  let folder: string;
  let keeper: CrampedKeeper;

  before(async () => {
    node = await startNode();
    connection = await node.deploy();
    folder = mkdtempSync(join(tmpdir(), "moderntensor-cramped-"));
    const program = join(folder, "keeper.js");
    await bundleProgram(join(__dirname, "doomedKeeper.ts"), program);
    const { url: endpoint, dataDirectory } = node;
    keeper = startOnFullDisk(program, { endpoint, privateKey, dataDirectory, death: undefined });
  });

  after(() => {
    keeper.kill();
    rmSync(folder, { recursive: true });
    node.stop();
  });

  /** Lets `epochs` more epochs become due, and waits until they are settled. */
  async function settle(epochs: number): Promise<void> {
    const { treasury } = connection.contracts;
    const settled = keeper.events.filter(({ kind }) => kind === "mined").length;
    const last = (await treasury.read.nextEpochToSettle()) + BigInt(epochs - 1);
    await node.advanceTo(await treasury.read.revealEnd([last]));
    await keeper.until("mined", settled + epochs);
  }

  const failures = () =>
    keeper.events.flatMap((event) => (event.kind === "failed" ? [[event.during, event.reason]] : []));

  /** The names of its epochs' files. */
  const files = () => readdirSync(join(dataDirectoryOf(connection.deployment.id, keeper.disk), "epochs")).sort();

  const full = "ENOSPC: no space left on device, write";

  it("still settles, reports for each epoch that its files could not be written, and leaves none half written", async () => {
    await keeper.until("waiting", 1);
    await settle(2);
    expect(failures()).to.deep.equal([0, 1].map((epoch) => [`writing the files of epoch ${epoch}`, full]));
    expect(files()).to.deep.equal([]);
  });

  it("writes again as soon as there is room, and every epoch is settled once and correctly", async () => {
    rmSync(keeper.ballast);
    await settle(1);
    expect(failures()).to.have.lengthOf(2);
    expect(files()).to.deep.equal(["2.json", "2.tree.json"]);
    const settled = await readSettledEpochs(connection);
    expect(settled.map(({ settlement }) => Number(settlement.epoch))).to.deep.equal([0, 1, 2]);
    const archive = await openArchive(connection, keeper.disk);
    expect(archive.holds(2, settled[2]!.settlement.rewardsRoot)).to.equal(true);
    expect(await verifyEpochs(connection, 2)).to.include({ kind: "verified", toEpoch: 2 });
  });
});
