/** A keeper as a process of its own, which can be killed: told by its parent what to do, it tells its parent every event. */
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { type KeeperOptions, keepSettling } from "./keepSettling";

process.once("message", ({ skewSeconds, ...options }: KeeperOptions & { readonly skewSeconds: number }) => {
  const rightNow = Date.now;
  Date.now = () => rightNow() + skewSeconds * 1_000;
  const tell = (event: KeeperEvent): void => void process.send?.(event);
  void keepSettling(options, tell, new AbortController().signal);
});
