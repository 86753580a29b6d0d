import { type Connection } from "../chain/connection";
import { type EarningsIndex } from "./earningsIndex";
import { type EpochArchive } from "../keeper/archive/epochArchive";

/** Where the API's answers come from. It only reads the chain; what it computes it keeps in the archive, as the keeper does. */
export interface ApiSource {
  readonly connection: Connection;
  readonly archive: EpochArchive;
  readonly earnings: EarningsIndex;
}

/** How generous the API is. */
export interface ApiSettings {
  /** One client (address) is answered so often per minute; then 429 until the minute is over. */
  readonly requestsPerMinute: number;
  /** The chain's head is looked up at most this often, however many ask. */
  readonly headAgeMilliseconds: number;
  /**
   * How long a request waits for an epoch that is being computed; then it is answered 503, and the computation
   * continues.
   */
  readonly patienceMilliseconds: number;
  /** Validators' nodes are asked for their signatures at most this often, however many ask. */
  readonly surveyMilliseconds: number;
}

export const defaultApiSettings: ApiSettings = {
  requestsPerMinute: 600,
  headAgeMilliseconds: 1_000,
  patienceMilliseconds: 5_000,
  surveyMilliseconds: 30_000,
};
