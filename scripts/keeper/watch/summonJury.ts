import { reasonOf } from "../run/reasonOf";
import { EndpointsDisagreeError, Jury } from "./jury";
import { type Watcher, type WatchMemory } from "./watcher";

/**
 * The endpoints in use, as of the newest block that two of them have: so nobody waits for one that is a block behind, and no
 * single one decides how far the chain is seen. Where only one is in use, as of its head.
 * @throws EndpointsDisagreeError where too few tell their head; NoAnswerError where none is in use.
 */
export async function summonJury({ connection, witnesses, tell }: Watcher, { outvoted }: WatchMemory): Promise<Jury> {
  // Asking the whole pool waits until one is used again.
  if (witnesses().length === 0) await connection.reader.getBlockNumber();
  const inUse = witnesses();
  const failures: string[] = [];
  const heads = await Promise.all(
    inUse.map(async (witness) => {
      try {
        return [{ witness, headBlock: await witness.connection.reader.getBlockNumber() }];
      } catch (error) {
        failures.push(`${witness.endpoint}: ${reasonOf(error)}`);
        return [];
      }
    }),
  );
  const seen = heads.flat().sort((a, b) => (a.headBlock > b.headBlock ? -1 : a.headBlock < b.headBlock ? 1 : 0));
  const newest = seen[Math.min(2, inUse.length) - 1];
  if (newest === undefined) {
    throw new EndpointsDisagreeError(`Too few endpoints tell their head: ${failures.join("; ")}`);
  }
  const members = seen.map(({ witness }) => witness);
  return new Jury(newest.headBlock, members, outvoted, tell);
}
