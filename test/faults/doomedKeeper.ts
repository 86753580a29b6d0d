/** A keeper in its own process that may kill itself: it gets orders from its parent, and reports every event to it. */
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { startKeeper } from "../../scripts/keeper/run/keeper";
import { dieAtFileOperation, type FileDeath } from "./deadlyFiles";

/** The orders for such a keeper. */
export interface Orders {
  readonly endpoint: string;
  readonly privateKey: string;
  readonly dataDirectory: string;
  readonly death: FileDeath | undefined;
}

process.once("message", ({ endpoint, privateKey, dataDirectory, death }: Orders) => {
  if (death !== undefined) dieAtFileOperation(death);
  const tell = (event: KeeperEvent): void => void process.send?.(event);
  void startKeeper({
    endpoints: [endpoint],
    keys: { MDT_PRIVATE_KEY: privateKey },
    dataRoot: dataDirectory,
    listeners: [tell],
    stopping: new AbortController().signal,
  });
});
