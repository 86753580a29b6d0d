import { expect } from "chai";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createWalletClient, http } from "viem";
import { readerOf } from "../../scripts/chain/connection";
import { deploymentDirectory, deploymentIdOf } from "../../scripts/chain/deployment";
import { connect } from "../shared/connect";
import { nodeAccount, startNode } from "../shared/node";

/** A line of Hardhat Ignition's journal. */
interface Line {
  readonly type: string;
  readonly futureId?: string;
}

/** Which lines about its second transaction the process had written when it was killed. */
const moments: Readonly<Record<string, (line: Line) => boolean>> = {
  "was noted": () => true,
  "was sent and not noted": ({ type }) => type !== "TRANSACTION_SEND",
  "was sent by someone else": ({ type }) => !/^(TRANSACTION|NETWORK)/.test(type),
};

describe("A deployment whose process was killed, and whose account has sent something else since", () => {
  for (const [moment, isWritten] of Object.entries(moments)) {
    it(`resumes if its second transaction ${moment}`, async () => {
      const node = await startNode();
      try {
        const reader = readerOf(node.url);
        const journal = join(deploymentDirectory(await deploymentIdOf(reader)), "journal.jsonl");
        const lines = () => (existsSync(journal) ? readFileSync(journal, "utf8").split("\n").filter(Boolean) : []);
        const sent = () => lines().filter((line) => (JSON.parse(line) as Line).type === "TRANSACTION_SEND");

        await node.control.setAutomine(false);
        const child = node.start({}, "deploy");
        while (sent().length < 2) {
          await sleep(200);
          if (sent().length === 1) await node.control.mine({ blocks: 1 });
        }
        child.kill("SIGKILL");
        await once(child, "exit");

        const { futureId } = JSON.parse(sent()[1]!) as Line;
        const kept = lines().filter((line) => {
          const message = JSON.parse(line) as Line;
          return message.futureId !== futureId || isWritten(message);
        });
        writeFileSync(journal, `\n${kept.join("\n")}\n{"type":"TRANSACTION_CONF`);
        await node.control.mine({ blocks: 1 });
        await node.control.setAutomine(true);
        const wallet = createWalletClient({ account: nodeAccount(0), transport: http(node.url) });
        await wallet.sendTransaction({ to: nodeAccount(1), value: 1n, chain: null });

        const { exitCode, stderr } = await node.hardhat("deploy");
        expect(exitCode, stderr).to.equal(0);
        expect(stderr).to.match(/^contracts and calls: \d+ of \d+/m);
        const { contracts } = await connect(node.url);
        expect(await contracts.treasury.read.token()).to.equal(contracts.token.address);
        expect(await contracts.pool.read.treasury()).to.equal(contracts.treasury.address);
        const again = await node.hardhat("deploy", "--json");
        expect([again.exitCode, again.stderr]).to.deep.equal([0, ""]);
      } finally {
        node.stop();
      }
    });
  }

  it("says what to do if it is resumed long after epoch 0 began", async () => {
    const node = await startNode();
    try {
      const id = await deploymentIdOf(readerOf(node.url));
      await node.control.setAutomine(false);
      const child = node.start({}, "deploy");
      while (!existsSync(join(deploymentDirectory(id), "journal.jsonl"))) await sleep(100);
      child.kill("SIGKILL");
      await once(child, "exit");
      await node.control.setAutomine(true);
      await node.control.increaseTime({ seconds: 2 * 86_400 });
      await node.control.mine({ blocks: 1 });
      const { exitCode, stderr } = await node.hardhat("deploy");
      expect(exitCode).to.equal(1);
      expect(stderr).to.contain(
        `Epoch 0 began too long ago for the missing contracts: they refuse to settle every epoch since then at once. Deploy from the start: move ${deploymentDirectory(id)} away, and run deploy again.`,
      );
    } finally {
      node.stop();
    }
  });
});
