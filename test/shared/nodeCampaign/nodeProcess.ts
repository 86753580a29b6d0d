/** A miner or validator in its own process, which can be killed: it gets orders from its parent, and reports every event. */
import "../amendedLocal";
import "./hurry";
import { startMiner } from "../../../scripts/nodes/miner/miner";
import { type MinerEvent, type ValidatorEvent } from "../../../scripts/nodes/run/nodeEvents";
import { startValidator } from "../../../scripts/nodes/validator/validator";
import { startServedNode } from "../../../scripts/serve/services";

/** The orders for such a node. */
export interface NodeOrders {
  readonly role: "miner" | "validator";
  readonly endpoints: readonly string[];
  readonly privateKey: string;
  readonly dataRoot: string;
  /** Where others reach it. */
  readonly publicUrl: string;
  /** Who works, or scores. */
  readonly source: string;
}

/** What it reports: its events. */
export type Told = MinerEvent | ValidatorEvent;

process.once("message", ({ role, endpoints, privateKey, dataRoot, publicUrl, source }: NodeOrders) => {
  const tell = (told: Told): void => void process.send?.(told);
  const common = {
    ...{ endpoints, keys: { MDT_PRIVATE_KEY: privateKey }, dataRoot, publicUrl, once: false, dryRun: false },
    ...{ concurrency: 4, stopping: new AbortController().signal },
  };
  const serving = { blobs: { host: "127.0.0.1", port: 0 }, monitoring: undefined };
  const running =
    role === "miner"
      ? startServedNode<MinerEvent>([tell], serving, (served) =>
          startMiner({ ...common, ...served, worker: source, taskSeconds: 60, types: null }),
        )
      : startServedNode<ValidatorEvent>([tell], serving, (served) =>
          startValidator({ ...common, ...served, scorer: source }),
        );
  running.then(
    () => process.exit(3),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(4);
    },
  );
});
