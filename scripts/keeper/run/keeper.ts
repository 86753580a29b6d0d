import { type Connection, type Witnesses } from "../../chain/connection";
import { type Signer } from "../../chain/signer";
import { type EpochArchive } from "../archive/epochArchive";
import { type Listener } from "./keeperEvents";

/** What a keeper works with. */
export interface Keeper {
  readonly connection: Connection;
  /** By whom a chain that has become shorter is confirmed. */
  readonly witnesses: Witnesses;
  readonly archive: EpochArchive;
  readonly signer: Signer;
  /** An epoch that a human has looked at: it is signed however much its figures exceed those of recent epochs. */
  readonly acceptedEpoch: number | undefined;
  readonly tell: Listener;
  /** Ends the keeper at the next safe point; its reason says why. */
  readonly stopping: AbortSignal;
  /** Seconds on a clock that only goes forward, for measuring how long something takes; never for what is due. */
  readonly clock: () => number;
  /** A number from 0 to 1, so that keepers which failed together do not come back together. */
  readonly random: () => number;
}
