import { getAddress, type Hex, parseUnits } from "viem";
import { z } from "zod";
import { type PolicyConstants } from "../core/policy/bounds";
import { type PolicyVersion } from "../core/policy/timeline";
import { writtenAddress } from "../core/strictJson";
import { ONE_IN_BPS } from "../core/fixedPoint";

/** An amount as people write it, with at most 18 decimals. */
const mdt = z.string().regex(/^\d{1,12}(\.\d{1,18})?$/, 'must be an amount in MDT like "32" or "0.4"');
const gwei = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a price in gwei like "50" or "0.1"');
const whole = z.int().nonnegative();
const bps = z.int().min(0).max(ONE_IN_BPS);
const address = writtenAddress.transform((text) => getAddress(text));
/** The form of the name of a folder of circuits/, so that its verifier can be named after it. */
export const circuitName = /^[a-z]\w*$/;
const circuit = z.string().regex(circuitName, "must be an address, or the name of a folder of circuits/");
const hash = z.string().regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case hexadecimal digits");

/** A section with its amounts in wei: `feeMdt` in the file becomes `feeWei`. */
type InWei<T> = {
  [K in keyof T as K extends `${infer Name}Mdt` ? `${Name}Wei` : K]: K extends `${string}Mdt` ? bigint : T[K];
};

function inWei<T extends object>(section: T): InWei<T> {
  const fields = Object.entries(section).map(([name, value]: [string, unknown]) =>
    name.endsWith("Mdt") ? [name.replace(/Mdt$/, "Wei"), parseUnits(value as string, 18)] : [name, value],
  );
  return Object.fromEntries(fields) as InWei<T>;
}

const SECONDS_PER_DAY = 86_400;

/** Registrations per day that keep a price constant; the contracts have the interval between two. */
const registrationsPerDay = whole
  .min(1)
  .refine(
    (rate) => SECONDS_PER_DAY % rate === 0,
    `must divide ${SECONDS_PER_DAY}, so that the interval is whole seconds`,
  );

const price = z
  .strictObject({ floorMdt: mdt, ceilingMdt: mdt, registrationsPerDay })
  .transform(({ registrationsPerDay: rate, ...amounts }) => ({
    ...inWei(amounts),
    intervalSeconds: SECONDS_PER_DAY / rate,
  }));

/** A name as people see it: no space at its ends, no line break. */
const shownName = z.string().regex(/^\S(.{0,38}\S)?$/, "must be a name of 1 to 40 characters");

/** The file of one network. */
export const networkSchema = z.strictObject({
  /** The chain that the network is deployed on, in the form that wallets accept (EIP-3085). */
  chain: z.strictObject({
    name: shownName,
    /** What gas is paid in; 18 decimals, as on every chain that wallets know. */
    currency: z.strictObject({
      name: shownName,
      symbol: z.string().regex(/^\S{2,6}$/, "must be 2 to 6 characters, or wallets refuse it"),
    }),
  }),
  clock: z.strictObject({
    /** From the deployment to epoch 0: people who stake and register in this time count from epoch 0. */
    genesisDelaySeconds: whole,
    slotSeconds: whole.min(1),
    slotsPerEpoch: whole.min(2),
    revealSlots: whole.min(1),
    /**
     * Last slots of an epoch whose completed tasks count for the next one, so that validators see all tasks that they
     * score.
     */
    closingSlots: whole.min(1),
  }),
  supply: z
    .strictObject({
      maxSupplyMdt: mdt,
      daoAllocationMdt: mdt,
      /** For every unlocked account of a development node; zero elsewhere. */
      nodeAccountAllocationMdt: mdt,
      treasuryAllowanceMdt: mdt,
      blockRewardsAllowanceMdt: mdt,
    })
    .transform(inWei),
  emission: z
    .strictObject({
      baseRewardMdt: mdt,
      halvingIntervalEpochs: whole.min(1),
      /** The most of an emission that the DAO can be paid, whatever the policy, and no matter who settles. */
      maxDaoShareBps: bps,
      blockRewardMdt: mdt,
    })
    .transform(inWei),
  settlement: z.strictObject({
    /** The Treasury stores it in 32 bits. */
    claimDelaySeconds: whole.max(2 ** 32 - 1),
    /** Without a claim delay, the settling transaction itself pays up to this many recipients. */
    payRecipientsUpTo: whole.max(250),
  }),
  /** Validators with this part of the active stake sign a settlement; see ISettlementQuorum. */
  quorum: z
    .strictObject({
      /** More than half of the stake, or two quorums might have no validator in common. */
      bps: bps.min(ONE_IN_BPS / 2 + 1),
      /** If all active stake is less, the keeper settles alone, at once. */
      floorMdt: mdt,
      /**
       * Seconds that an epoch must have been due before the keeper may settle alone; 0: at once, without any signature.
       * In 32 bits.
       */
      soloAfterSeconds: whole.max(2 ** 32 - 1),
    })
    .transform(inWei),
  keeper: z
    .strictObject({
      /** Blocks on top of a block that make it final; `finalized` leaves that to the chain. */
      confirmations: z.union([whole, z.literal("finalized")], 'must be a number of blocks, or "finalized"'),
      /** Seconds between two looks at the chain while there is nothing to do. */
      pollSeconds: z.number().positive(),
      /** Highest price that is ever paid for gas, whatever the network asks. */
      maxFeePerGasGwei: gwei,
      /** Seconds after which an unmined transaction is sent again: same nonce, same bytes, higher fee. */
      replaceAfterSeconds: whole.min(1),
      /**
       * An epoch whose emission or rewards exceed the median of recent epochs by more than this factor waits for a
       * human.
       */
      maxJumpFactor: z.number().min(1),
      /** A deployment of Multicall3, if the chain has one; null if calls travel in JSON-RPC batches. */
      multicall3: address.nullable(),
    })
    .transform(({ maxFeePerGasGwei, ...rest }) => ({ maxFeePerGasWei: parseUnits(maxFeePerGasGwei, 9), ...rest })),
  staking: z
    .strictObject({
      minimumStakeMdt: mdt,
      seats: whole.min(1).max(100),
      /** Epochs for which nobody can take a seat away from a new holder. */
      seatSafeEpochs: whole.max(65_535),
      /** Fewest epochs that an exit takes; it takes at most half as many more. */
      exitDelayEpochs: whole.min(3).max(65_535),
      jailEpochs: whole.min(1),
      maxSlashPerEpochBps: bps.min(100).max(9_999),
    })
    .transform(inWei),
  validatorPrice: price,
  minerPrice: price,
  tasks: z
    .strictObject({
      feeBurnBps: bps,
      /**
       * A type's minimum fee is at least volumeFee + difficultyFee · difficulty, no matter who governs; it halves like
       * the emission.
       */
      volumeFeeMdt: mdt,
      difficultyFeeMdt: mdt,
      types: z
        .array(
          z
            .strictObject({
              name: z.string().min(1),
              difficultyBps: bps.min(1),
              minimumFeeMdt: mdt,
              /**
               * The contract that verifies proofs of its results, or the folder of circuits/ whose contract is deployed
               * too; null if scores judge.
               */
              verifier: z
                .union([address, circuit], "must be an address, or the name of a folder of circuits/")
                .nullable()
                .default(null),
              /** The model that the proofs are of; if missing, the folder's model. */
              modelHash: hash
                .transform((text) => text as Hex)
                .nullable()
                .default(null),
            })
            .transform(inWei),
        )
        .min(1),
    })
    .transform(inWei),
  policies: z.array(z.unknown()).min(1),
  /** Who receives the DAO's allocation and its share of every epoch; null means the deployer, on `local` only. */
  dao: address.nullable(),
});

/** Every parameter of one network: amounts in wei (the file has them in MDT), times in seconds, slots or epochs. */
export type NetworkConfig = Omit<z.output<typeof networkSchema>, "policies"> & {
  /** The versions of the policy in the order of publication, the first from epoch 0 on. */
  readonly policies: readonly ConfiguredPolicy[];
};

/** A policy version, and the canonical text in which it is published. */
export interface ConfiguredPolicy extends PolicyVersion {
  readonly json: string;
}

/** What a network's policies are judged by. */
export function policyConstants(
  name: string,
  { emission, tasks }: Pick<NetworkConfig, "emission" | "tasks">,
): PolicyConstants {
  return {
    baseRewardWei: emission.baseRewardWei,
    maxDaoShareBps: emission.maxDaoShareBps,
    volumeFeeWei: tasks.volumeFeeWei,
    difficultyFeeWei: tasks.difficultyFeeWei,
    isLocal: name === "local",
  };
}

/** A configuration that can't be used, and which number to change. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
