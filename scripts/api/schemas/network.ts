import { z } from "@hono/zod-openapi";
import { byContractName } from "../../chain/contracts";
import { address, epochNumber, hash, seconds, time, wei, nextPart, transaction } from "../answers";
import { ONE_IN_BPS } from "../../core/fixedPoint";
import { maxInlineBytes } from "../../actions/tasks";
import { taskStatuses } from "../../views/taskRecords";

const contracts = z.strictObject(byContractName(() => address));

/** What never changes about a deployment. */
export const deploymentAnswer = z
  .strictObject({
    id: z.string().describe("Chain id and 8 digits of block 0's hash; a restarted development chain gets another id"),
    chainId: z.int(),
    network: z.string().openapi({ description: "Name of the configuration", example: "local" }),
    chain: z
      .strictObject({ name: z.string(), currency: z.strictObject({ name: z.string(), symbol: z.string() }) })
      .describe("The chain's details for wallets (EIP-3085); its currency, with 18 decimals, pays for gas"),
    contracts,
    dao: address,
    token: z.strictObject({ name: z.string(), symbol: z.string(), decimals: z.int() }),
    clock: z.strictObject({
      genesisTimestamp: time,
      slotSeconds: seconds,
      slotsPerEpoch: z.int(),
      revealSlots: z.int(),
    }),
    emission: z.strictObject({
      baseRewardWei: wei,
      halvingIntervalEpochs: z.int(),
      blockRewardWei: wei,
      maxDaoShareBps: z.int().describe("Maximum share of an emission for the DAO"),
    }),
    claimDelaySeconds: seconds,
    staking: z.strictObject({ minimumStakeWei: wei, seats: z.int() }),
    taskTypeNames: z.array(z.string()).describe("Names of the first task types, by id"),
  })
  .openapi("Deployment");

/** The kinds of tasks as they are now. */
export const taskTypesAnswer = z
  .strictObject({
    types: z.array(
      z.strictObject({
        typeId: z.int().nonnegative(),
        name: z.string(),
        difficultyBps: z.int(),
        minimumFeeWei: wei.describe("Current minimum fee of this type"),
        isOpen: z.boolean(),
        proof: z
          .strictObject({ verifier: address, modelHash: hash })
          .nullable()
          .describe("The verifier of its results' proofs, and the model; null if scores judge them"),
      }),
    ),
  })
  .openapi("TaskTypes");

/** Where the network stands in time, and what the keeper would do now. */
export const statusAnswer = z
  .strictObject({
    headBlock: z.int(),
    timestamp: time.describe("The time that the next block would have, unix seconds"),
    epoch: epochNumber.nullable().describe("The running epoch; null before genesis"),
    slot: z.int().nullable(),
    epochEndsAt: time,
    workClosesAt: time.describe("A task completed from then on counts for the next epoch"),
    nextEpochToSettle: epochNumber,
    dueAt: time,
    isDue: z.boolean(),
    overdueSeconds: seconds.describe("Seconds since the next epoch became due; 0 if it is not due"),
    paused: z.boolean(),
    pauseEndsAt: time.nullable().describe("When the pause ends automatically; null if only the admin ends it"),
    ceilingWei: wei.describe("The most that the running epoch may emit"),
    halvings: z.int(),
    nextHalvingEpoch: epochNumber,
    nextHalvingAt: time,
    awaitingReveal: z.array(address).describe("Validators that can reveal scores now, but have not yet"),
  })
  .openapi("Status");

/** Where every token is. */
export const supplyAnswer = z
  .strictObject({
    maxSupplyWei: wei,
    totalSupplyWei: wei,
    totalMintedWei: wei,
    totalBurnedWei: wei,
    treasuryMintableWei: wei,
    blockRewardsMintableWei: wei,
    poolWei: wei,
    stakedWei: wei,
    unclaimedWei: wei,
    circulatingWei: wei,
  })
  .openapi("Supply");

const share = z.int().min(0).max(ONE_IN_BPS);

/** How the keeper turns facts into rewards. */
export const policy = z
  .strictObject({
    weightsBps: z.tuple([share, share, share]),
    maxExpectedTasks: z.int(),
    minerShareBps: share,
    validatorShareBps: share,
    daoShareBps: share,
    qualityThresholdBps: share,
    qualityPenaltyThresholdBps: share,
    difficultyFloorTasks: z.int(),
    participationFloorWei: wei,
    minerRule: z.enum(["work", "incentive"]),
    minerFeeCapBps: share.nullable(),
    validatorRule: z.enum(["stake", "yuma2", "yuma3"]),
    kappaU16: z.int(),
    bondsPenaltyU16: z.int(),
    bondsMovingAverage: z.int(),
    liquidAlpha: z.strictObject({ low: z.number(), high: z.number(), steepness: z.int() }).nullable(),
  })
  .openapi("Policy");

const policyStep = z.strictObject({ epoch: epochNumber, policyHash: hash, policy });

/** The policy in force, every version published, and what is to come. */
export const policyAnswer = z
  .strictObject({
    epoch: epochNumber.describe("The running epoch, or 0 before genesis"),
    policyHash: hash,
    policy,
    published: z.array(
      z.strictObject({
        index: z.int(),
        fromEpoch: z.int(),
        rampEpochs: z.int().nullable().describe("Null if the version is ignored"),
        hash,
        json: z.string(),
        problem: z.string().nullable().describe("Why this version is ignored; null if it counts"),
      }),
    ),
    nextSteps: z.array(policyStep).describe("Each epoch in which the policy changes from now on"),
    hasMoreSteps: z.boolean(),
  })
  .openapi("PolicyInForce");

const carried = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .nullable()
  .describe(`At most ${maxInlineBytes} bytes, from the chain; null if they are off chain`);

/** One task. */
export const taskAnswer = z
  .strictObject({
    taskId: z.int().positive(),
    client: address,
    minerId: z.int().positive(),
    miner: address.describe("The miner's account"),
    typeId: z.int().nonnegative(),
    feeWei: wei,
    difficultyBps: z.int(),
    modelHash: hash.nullable().describe("The model whose proof its result needs; null if scores judge it"),
    deadline: time,
    status: z.enum(taskStatuses),
    submitted: transaction,
    ended: transaction.nullable().describe("Its completion or refund; null while it is open"),
    epoch: epochNumber.nullable().describe("The epoch that it counts for; null if it is not completed"),
    inputHash: hash,
    input: carried,
    resultHash: hash.nullable(),
    result: carried,
  })
  .openapi("Task");

/** A page of the tasks, the newest first. */
export const tasksAnswer = z
  .strictObject({
    tasks: z.array(taskAnswer),
    count: z.int().describe("Number of tasks ever submitted"),
    next: nextPart,
  })
  .openapi("Tasks");
