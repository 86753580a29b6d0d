import { ADDRESS, hasBothCases, wrongChecksum } from "../address";
import { compileKeccak } from "../keccak/compileKeccak";
import { openKeccakBatch } from "../keccak/keccakBatch";
import { ACCOUNT_BYTES, type CumulativeReward, InvalidRewardError } from "./rewardList";

/** Bytes of what a checksum hashes: an address's digits in lower case, without 0x. */
const DIGITS = 2 * ACCOUNT_BYTES;

/** The digit from which on a digit of the hash makes a letter upper case. */
const UPPER_FROM = 8;

/** Passes rewards on that somebody wrote, while their accounts' checksums are right. */
export type JudgeChecksums = (rewards: Iterable<CumulativeReward>) => Generator<CumulativeReward>;

/**
 * Prepares to judge lists of any length: compiled, Keccak takes a tenth of the time that `addressProblem` does. Whether an
 * account is well formed is judged when it is packed. What it returns throws InvalidRewardError.
 */
export async function openChecksums(): Promise<JudgeChecksums> {
  const keccak = await openKeccakBatch(await compileKeccak(), DIGITS);
  const message = Buffer.from(keccak.blocks.buffer, keccak.blocks.byteOffset, DIGITS);
  const isRight = (digits: string): boolean => {
    const lower = digits.toLowerCase();
    message.write(lower, "latin1");
    const { buffer, byteOffset } = keccak.digests(1);
    const hash = Buffer.from(buffer, byteOffset, ACCOUNT_BYTES).toString("hex");
    return Array.prototype.every.call(
      digits,
      (digit, i) => (digit === lower[i]) !== (digit > "9" && parseInt(hash[i]!, 16) >= UPPER_FROM),
    );
  };
  return function* (rewards) {
    let position = 0;
    for (const reward of rewards) {
      const { account } = reward;
      if (hasBothCases(account) && ADDRESS.test(account) && !isRight(account.slice(2))) {
        throw new InvalidRewardError(position, account, wrongChecksum);
      }
      position++;
      yield reward;
    }
  };
}
