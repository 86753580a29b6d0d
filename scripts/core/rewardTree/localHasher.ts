import { compileKeccak } from "../keccak/compileKeccak";
import { type Hasher, openHashRange } from "./hashing";

/** Hashes on the calling thread alone. */
export async function openLocalHasher(): Promise<Hasher> {
  const hashRange = await openHashRange(await compileKeccak());
  return {
    begin: (step, from, to) => () => {
      hashRange(step, from, to);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}
