import { type KeeperEvent } from "../../../scripts/keeper/run/keeperEvents";
import { type KeeperOptions } from "./keepSettling";

/** A keeper that runs, until it is killed. */
export interface LivingKeeper {
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
}

/** Starts keepers. */
export interface KeeperFactory {
  /**
   * @param skewSeconds By how much its machine's clock is wrong.
   * @param tell Is told every event of the keeper's.
   */
  start(options: KeeperOptions, skewSeconds: number, tell: (event: KeeperEvent) => void): LivingKeeper;
  /** Throws where a keeper ended by itself, which none ever should. */
  requireNoneEnded(): void;
  close(): void;
}
