import { expect } from "chai";
import { type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { readSettledEpochs } from "../../scripts/keeper/settledEpochs";
import { verifyEpochs } from "../../scripts/keeper/verifyEpochs";
import { expectInvariants } from "../integration/invariants";
import { createWorld, liveThrough, type World } from "../integration/world";
import { startNode } from "../shared/node";
import { startTestKeeper } from "../service/runningKeeper";

/** A line to a node that kills whoever calls, at one call: before the node gets it, or before the caller gets the answer. */
interface DeadlyLine {
  readonly url: string;
  /** How many requests have come since the line was armed. */
  requests(): number;
  /** Kills `victim` at its n-th request; never where n is 0. */
  arm(n: number, when: "before" | "after", victim: () => ChildProcess): void;
  close(): void;
}

async function openDeadlyLine(nodeUrl: string): Promise<DeadlyLine> {
  let armed: { readonly n: number; readonly when: "before" | "after"; readonly victim: () => ChildProcess };
  let count = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const isTheOne = ++count === armed.n;
      if (isTheOne && armed.when === "before") armed.victim().kill("SIGKILL");
      else {
        const headers = { "content-type": "application/json" };
        const answer = await (await fetch(nodeUrl, { method: "POST", headers, body })).text();
        if (isTheOne) armed.victim().kill("SIGKILL");
        else response.writeHead(200, headers).end(answer);
      }
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => count,
    arm(n, when, victim) {
      count = 0;
      armed = { n, when, victim };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

describe("A keeper that is killed", function () {
  this.timeout(3_600_000);
  let world: World;
  let line: DeadlyLine;

  before(async () => {
    world = await createWorld(await startNode());
    line = await openDeadlyLine(world.node.url);
    await liveThrough(world, 2);
  });

  after(() => {
    line.close();
    world.node.stop();
  });

  /** Runs `keeper start` until it is killed, or until its epoch is settled. @returns Whether it was killed by the line. */
  async function runDoomed(n: number, when: "before" | "after", epochs: number): Promise<boolean> {
    line.arm(n, when, () => child);
    const child = world.node.start({ MDT_RPC_URL: line.url }, "keeper", "start", "--json");
    const ended = once(child, "exit") as Promise<[number | null, string | null]>;
    const settled = (async () => {
      while (line.requests() < n && (await readSettledEpochs(world.connection)).length < epochs) {
        await new Promise((later) => setTimeout(later, 50));
      }
      if (line.requests() < n) child.kill("SIGTERM");
    })();
    const [, signal] = await ended;
    await settled;
    return signal === "SIGKILL";
  }

  it("at every request that it makes, before and after the node has it, leaves nothing lost and nothing double", async () => {
    const { control } = world.node;
    let kills = 0;
    for (const when of ["before", "after"] as const) {
      for (let n = 1, killed = true; killed; n++) {
        const snapshot = await control.snapshot();
        killed = await runDoomed(n, when, 3);
        if (killed) kills++;
        const signer = world.people.keeper;
        const dataDirectory = world.node.dataDirectory;
        const keeper = await startTestKeeper(world.connection, { url: world.node.url, signer, dataDirectory });
        await keeper.until("confirmed", 3);
        await keeper.stop();
        const epochs = (await readSettledEpochs(world.connection)).map(({ settlement }) => Number(settlement.epoch));
        expect(epochs, `killed ${when} request ${n}`).to.deep.equal([0, 1, 2]);
        expect(await verifyEpochs(world.connection, 2)).to.deep.equal({ kind: "verified", fromEpoch: 0, toEpoch: 2 });
        await expectInvariants(world);
        await control.revert({ id: snapshot });
      }
    }
    expect(kills).to.be.greaterThan(40);
  });
});
