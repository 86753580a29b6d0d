import { earningsStoreIn } from "../api/earningsStore";
import { EarningsIndex } from "../api/earningsIndex";
import { type Connection } from "../chain/connection";
import { type EpochArchive } from "../keeper/archive/epochArchive";
import { tell } from "./progress";

/** Who asks by a command waits however long a report takes to read or to compute: as long as a timer can. */
export const foreverMilliseconds = 2 ** 31 - 1;

/** What accounts earned in the epochs that this machine has reports of, as the API reports it. */
export function earningsHere({ deployment }: Connection, archive: EpochArchive): EarningsIndex {
  return new EarningsIndex(archive, earningsStoreIn(deployment, process.env.MDT_DATA, tell));
}
