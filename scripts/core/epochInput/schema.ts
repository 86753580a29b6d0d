import { type Address } from "viem";
import { z } from "zod";
import { WAD } from "../fixedPoint";
import { decimalString, wholeNumber } from "../strictJson";

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const wei = decimalString(2n ** 128n - 1n, "2^128 - 1");
const fixedPointBits = decimalString(2n ** 64n - 1n, "2^64 - 1");
const wad = decimalString(WAD, "10^18");

const addressError = 'must be an address: "0x" and 40 hexadecimal digits, not all zero';

/** Letter case carries no meaning: one account has one spelling, the lower-case one. */
const account = z
  .string(addressError)
  .regex(/^0x[0-9a-fA-F]{40}$/, addressError)
  .refine((text) => !/^0x0+$/.test(text), addressError)
  .transform((text) => text.toLowerCase() as Address);

const list = "must be a list";
const object = "must be an object";

const miner = z.strictObject({ account, performance: fixedPointBits, agreedScoreWad: wad }, object);

const delegation = z.strictObject({ account, stakeWei: wei }, object);

const staker = z.strictObject(
  {
    account,
    stakeWei: wei,
    commissionBps: wholeNumber(0, 10_000),
    dividend: fixedPointBits.optional(),
    delegations: z.array(delegation, list),
  },
  object,
);

/** The JSON of one epoch's inputs as `epoch inputs` prints it and `epoch preview` reads it; the policy is read apart. */
export const epochInputSchema = z.strictObject(
  {
    epoch: count,
    baseRewardWei: wei,
    halvingIntervalEpochs: wholeNumber(1, Number.MAX_SAFE_INTEGER),
    mintableWei: wei,
    poolWei: wei,
    policy: z.unknown().optional(),
    tasks: z.strictObject({ completed: count, difficultySumBps: count }, object),
    validators: z.strictObject({ active: count, revealed: count }, object),
    qualityWad: wad,
    miners: z.array(miner, list),
    stakers: z.array(staker, list),
  },
  object,
);
