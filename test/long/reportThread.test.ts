import { expect } from "chai";
import { type Worker } from "node:worker_threads";
import type * as ReportThread from "../../scripts/api/reportThread";
import { rejection } from "../shared/rejection";

describe("The thread that reads reports", () => {
  it("is replaced after a crash: waiting requests fail, and later ones are answered", async () => {
    // Loads the module again, because its thread may already run for another test.
    const path = require.resolve("../../scripts/api/reportThread");
    const known = require.cache[path];
    require.cache[path] = undefined;
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { askReport } = require(path) as typeof ReportThread;
    require.cache[path] = known;
    const started: Worker[] = [];
    const onWorker = (worker: Worker): void => void started.push(worker);
    process.on("worker", onWorker);
    const ask = () => rejection<Error>(askReport({ kind: "whole", file: "/there/is/none.json" }), Error);
    const waiting = ask();
    await new Promise(setImmediate);
    // No question: the thread fails before it can say why.
    started[0]!.postMessage(null);
    const second = ask();
    expect((await waiting).name).to.equal("DamagedReportError");
    expect((await second).name).to.equal("TypeError");
    expect((await ask()).name).to.equal("DamagedReportError");
    expect(started).to.have.lengthOf(2);
    process.off("worker", onWorker);
    await Promise.all(started.map((worker) => worker.terminate()));
  });
});
