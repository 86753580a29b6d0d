import { z } from "zod";
import { type Score } from "../core/scorePayload";
import { readStrict, RefusedInputError, wholeNumber } from "../core/strictJson";
import { type Miner } from "../chain/miners";

const schema = z.record(z.string(), wholeNumber(0, 65_535), {
  error: 'must be an object of scores by miner, like { "1": 65535 }',
});

/**
 * Reads a validator's scores: a JSON object that gives miners, by id or by address, a score from 0 to 65,535. A miner that
 * it does not name has score 0.
 * @param miners Every miner, by id.
 * @throws RefusedInputError naming the first field that is no score, no miner, or a miner named before.
 */
export function parseScores(value: unknown, miners: readonly Miner[]): readonly Score[] {
  const idOf = new Map(
    miners.flatMap(({ minerId, account }) => [
      [String(minerId), minerId],
      [account.toLowerCase(), minerId],
    ]),
  );
  const scoreOf = new Map<number, number>();
  for (const [name, scoreU16] of Object.entries(readStrict(schema, value, ""))) {
    const minerId = idOf.get(name.toLowerCase());
    if (minerId === undefined) throw new RefusedInputError(name, 'names no miner: see "npx hardhat miner list"');
    if (scoreOf.has(minerId)) throw new RefusedInputError(name, `names miner ${minerId} a second time`);
    scoreOf.set(minerId, scoreU16);
  }
  return [...scoreOf].map(([minerId, scoreU16]) => ({ minerId, scoreU16 }));
}
