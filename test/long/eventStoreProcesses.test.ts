import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { EventStore } from "../../scripts/store/eventStore";
import { eventsOf } from "../store/events";

describe("The event store with several processes", () => {
  let directory: string;
  let path: string;
  const problems: string[] = [];
  const living = new Set<ChildProcess>();
  const open = (): EventStore => new EventStore(path, "the deployment", (sentence) => problems.push(sentence));
  const allEvents = () => open().select({ names: ["Slashed", "StakeChanged"], untilBlock: 1_000_000 });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "moderntensor-store-"));
    path = join(directory, "chain", "events.sqlite");
  });

  afterEach(() => {
    for (const writer of living) writer.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  });

  function write(until: number): ChildProcess {
    const program = join(__dirname, "..", "store", "writer.ts");
    const writer = spawn(process.execPath, ["-r", "ts-node/register/transpile-only", program, path, String(until)]);
    living.add(writer);
    writer.once("close", () => living.delete(writer));
    return writer;
  }

  it("has each range once, whichever process added it", async () => {
    const writers = [write(1_499), write(1_499)];
    const added = await Promise.all(
      writers.map(async (writer) => {
        let said = "";
        writer.stdout!.on("data", (text: Buffer) => (said += text.toString()));
        await once(writer, "close");
        return Number(said);
      }),
    );
    expect(added[0]! + added[1]!).to.equal(300);
    expect(allEvents()).to.deep.equal(eventsOf(0, 1_499));
  });

  it("has whole ranges only, however often its writer is killed", async () => {
    let before = 0;
    for (let kill = 0; kill < 3; kill++) {
      const writer = write(1_000_000);
      const closed = once(writer, "close");
      const began = before;
      while (!existsSync(path) || statSync(path).size === 0 || newestBlock() <= began) await sleep(20);
      await sleep(7 * kill);
      writer.kill("SIGKILL");
      await closed;
      before = newestBlock();
      expect(allEvents()).to.deep.equal(eventsOf(0, before));
    }
    expect(problems).to.deep.equal([]);
  });

  function newestBlock(): number {
    const store = open();
    const number = store.lastRead()?.number ?? 0;
    store.close();
    return number;
  }
});
