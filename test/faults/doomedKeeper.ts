/** A keeper as a process of its own that may kill itself: told by its parent what to do, it tells its parent every event. */
import { type KeeperEvent } from "../../scripts/keeper/run/keeperEvents";
import { startKeeper } from "../../scripts/keeper/run/keeper";
import { dieAtFileOperation, type FileDeath } from "./deadlyFiles";

/** What such a keeper is told. */
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
