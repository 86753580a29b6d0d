import { type Connection } from "../../chain/connection";
import { type StoppedClock } from "../demo/steps";
import { type DevChain } from "./devChain";
import { type Offices } from "./opening";

/** A freshly deployed network on which years can be lived, and where commands reach it. */
export interface YearsStage {
  readonly connection: Connection;
  readonly chain: DevChain;
  readonly offices: Offices;
  readonly url: string;
  /** For whoever reaches it by its address: time is what was set last. */
  readonly clock: StoppedClock;
  close(): Promise<void>;
}
