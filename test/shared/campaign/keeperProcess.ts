/** A keeper in its own process, which can be killed: it gets orders from its parent, and reports every event to it. */
import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { type KeeperOptions, keepSettling } from "./keepSettling";

process.once("message", ({ skewSeconds, ...options }: KeeperOptions & { readonly skewSeconds: number }) => {
  const rightNow = Date.now;
  Date.now = () => rightNow() + skewSeconds * 1_000;
  const tell = (event: KeeperEvent): void => void process.send?.(event);
  void keepSettling(options, tell, new AbortController().signal);
});
