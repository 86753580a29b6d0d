import { expect } from "chai";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, toHex } from "viem";
import { mnemonicToAccount } from "viem/accounts";
import { openArchive } from "../../scripts/keeper/archive/epochArchive";
import { readSettledEpochs } from "../../scripts/keeper/facts/settledEpochs";
import { settleNextEpoch } from "../../scripts/keeper/settle/settleEpoch";
import { verifyEpochs } from "../../scripts/keeper/verify/verifyEpochs";
import { expectInvariants } from "../integration/invariants";
import { createWorld, liveThrough, type World } from "../integration/world";
import { type FaultyLink, noFaults, openFaultyLink } from "../shared/faultyLink";
import { startNode } from "../shared/node";
import { type FileDeath } from "./deadlyFiles";
import { type DoomedKeepers, type Ending, openDoomedKeepers } from "./doomedKeepers";

const keeperKey = toHex(
  mnemonicToAccount("test test test test test test test test test test test junk").getHdKey().privateKey!,
);

/** The first epoch with rewards. Earlier ones are settled; the report of the one before it has to be computed again. */
const epoch = 2;

describe("A keeper that is killed", () => {
  let world: World;
  let line: FaultyLink;
  let keepers: DoomedKeepers;
  /** The data directory as each keeper finds it. */
  let template: string;
  let dataDirectory: string;
  let snapshot: Hex;
  let nonce: number;

  before(async () => {
    [world, keepers] = await Promise.all([startNode().then(createWorld), openDoomedKeepers()]);
    line = await openFaultyLink(world.node.url);
    template = mkdtempSync(join(tmpdir(), "moderntensor-"));
    await liveThrough(world, epoch);
    const archive = await openArchive(world.connection, template);
    const signer = world.people.keeper;
    for (let e = 0; e < epoch; e++)
      await settleNextEpoch(world.connection, archive, { signer, payRecipientsUpTo: 250 });
    rmSync(archive.reportFile(epoch - 1));
    nonce = await world.connection.reader.getTransactionCount({ address: signer });
  });

  beforeEach(() => begin());

  after(() => {
    keepers.close();
    line.close();
    world.node.stop();
    rmSync(template, { recursive: true });
  });

  async function begin(): Promise<void> {
    const { control } = world.node;
    snapshot = await control.snapshot();
    // Until the settlement is mined, however long that takes: otherwise the next epoch would become due.
    await world.node.holdTimeAt((await world.connection.reader.getBlock()).timestamp + 1n);
    dataDirectory = mkdtempSync(join(tmpdir(), "moderntensor-"));
    cpSync(template, dataDirectory, { recursive: true });
  }

  async function forget(): Promise<void> {
    await world.node.control.revert({ id: snapshot });
    rmSync(dataDirectory, { recursive: true });
  }

  const run = (death?: FileDeath, onBorn?: Parameters<DoomedKeepers["run"]>[1]): Promise<Ending> =>
    keepers.run({ endpoint: line.url, privateKey: keeperKey, dataDirectory, death }, onBorn);

  /** Runs a keeper that is killed at its n-th request: before the node has it, or before the keeper has the answer. */
  async function runUntilRequest(n: number, when: "before" | "after"): Promise<Ending> {
    let requests = 0;
    try {
      return await run(undefined, (child) => {
        line.follow(() => {
          if (++requests !== n) return { kind: "pass" };
          child.kill("SIGKILL");
          return { kind: when === "before" ? "dropCall" : "dropAnswer" };
        });
      });
    } finally {
      line.follow(noFaults);
    }
  }

  async function expectSettledOnce(what: string): Promise<void> {
    const { connection, people } = world;
    const settled = await readSettledEpochs(connection);
    expect(
      settled.map(({ settlement }) => Number(settlement.epoch)),
      what,
    ).to.deep.equal([0, 1, 2]);
    expect(await connection.reader.getTransactionCount({ address: people.keeper }), what).to.equal(nonce + 1);
    const archive = await openArchive(connection, dataDirectory);
    expect(archive.holds(epoch, settled[epoch]!.settlement.rewardsRoot), what).to.equal(true);
    expect(await verifyEpochs(connection, epoch), what).to.deep.equal({
      kind: "verified",
      fromEpoch: 0,
      toEpoch: epoch,
    });
    await expectInvariants(world);
  }

  for (const [place, least, runUntil] of [
    ["request that it makes", 30, runUntilRequest],
    ["operation on files", 15, (operation: number, when: FileDeath["when"]) => run({ operation, when })],
  ] as const) {
    for (const when of ["before", "after"] as const) {
      it(`${when} any ${place}, and started again, loses nothing and does nothing twice`, async () => {
        let n = 1;
        for (; (await runUntil(n, when)) === "killed"; n++) {
          expect(await run()).to.equal("idle");
          await expectSettledOnce(`killed ${when} ${place} ${n}`);
          await forget();
          await begin();
        }
        await expectSettledOnce("never killed");
        expect(n).to.be.greaterThan(least);
        await forget();
      });
    }
  }
});
