import { type Address } from "viem";
import { type Connection } from "../chain/connection";
import { type Profile, shownProfile } from "../core/profile";

/** Who an account says it is, as it may be shown; null where it says nothing. */
export async function readProfile(
  { contracts }: Pick<Connection, "contracts">,
  account: Address,
): Promise<Profile | null> {
  return shownProfile(await contracts.directory.read.profileOf([account]));
}
