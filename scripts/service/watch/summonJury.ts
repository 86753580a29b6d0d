import { reasonOf } from "../reasonOf";
import { EndpointsDisagreeError, Jury } from "./jury";
import { type Watcher, type WatchMemory } from "./watcher";

/**
 * The endpoints in use, as of the newest block that two of them have: so nobody waits for one that is a block behind, and no
 * single one decides how far the chain is seen. Where only one is in use, as of its head.
 * @throws EndpointsDisagreeError where too few tell their head; NoAnswerError where none does.
 */
export async function summonJury({ connection, witnesses, tell }: Watcher, { outvoted }: WatchMemory): Promise<Jury> {
  // Every endpoint may be left aside: this waits until one is used again.
  await connection.reader.getBlockNumber();
  const inUse = witnesses();
  const failures: string[] = [];
  const heads = await Promise.all(
    inUse.map(async (witness) => {
      try {
        return [{ witness, headBlock: await witness.connection.reader.getBlockNumber() }];
      } catch (error) {
        failures.push(`${witness.endpoint} fails: ${reasonOf(error)}`);
        return [];
      }
    }),
  );
  const seen = heads.flat().sort((a, b) => (a.headBlock > b.headBlock ? -1 : a.headBlock < b.headBlock ? 1 : 0));
  const newest = seen[Math.min(2, inUse.length) - 1];
  if (newest === undefined)
    throw new EndpointsDisagreeError(`Too few endpoints tell their head. ${failures.join("; ")}`);
  return new Jury(
    newest.headBlock,
    seen.map(({ witness }) => witness),
    outvoted,
    tell,
  );
}
