/**
 * What is wrong with a configuration: with its fields, and with how its numbers fit together; each with a value that
 * would do.
 */
import { type z } from "zod";
import reference from "./reference.json";
import { formatUnits, isAddress, numberToHex, zeroAddress, zeroHash } from "viem";
import { feeFloorWei } from "../core/policy/bounds";
import { valueAt } from "../core/strictJson";
import { type NetworkConfig } from "./networkConfig";

/** What only a network itself can know: no other network's value would do. */
const itsOwn: ReadonlySet<PropertyKey> = new Set(["chain", "dao"]);

/** One sentence for each field that is missing, unknown or wrong. @param json The file. */
export function complaintsAbout(json: unknown, issues: readonly z.core.$ZodIssue[]): readonly string[] {
  return issues.flatMap((issue) => {
    const { path } = issue;
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${nameOf([...path, key])}: is unknown.`);
    if (valueAt(json, path) === undefined) return missingAt(path, valueAt(reference, path));
    return [`${nameOf(path)}: ${issue.message}.${wouldDo(path, boundOf(issue))}`];
  });
}

/** Words for problems that the schema has none for, as the end of the sentence "The field …". */
export function wordingOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === "invalid_type") return `must be ${nouns[issue.expected] ?? issue.expected}`;
  if (issue.code !== "too_small" && issue.code !== "too_big") return undefined;
  if (issue.code === "too_big") return `must be at most ${issue.maximum}`;
  if (issue.origin === "array" || issue.origin === "string") return "must not be empty";
  return issue.inclusive === true ? `must be at least ${issue.minimum}` : `must be above ${issue.minimum}`;
}

const nouns: Readonly<Record<string, string>> = {
  array: "a list",
  int: "a whole number",
  number: "a number",
  object: "an object",
  string: "a text in quotes",
};

/** A section that is missing is reported field by field. */
function missingAt(path: readonly PropertyKey[], example: unknown): readonly string[] {
  if (typeof example === "object" && example !== null && !Array.isArray(example)) {
    return Object.entries(example).flatMap(([key, inside]) => missingAt([...path, key], inside));
  }
  return [`${nameOf(path)}: is missing.${wouldDo(path, example)}`];
}

function boundOf(issue: z.core.$ZodIssue): unknown {
  if (issue.code === "too_big") return issue.maximum;
  const isLength = issue.code === "too_small" && (issue.origin === "array" || issue.origin === "string");
  if (issue.code === "too_small" && issue.inclusive === true && !isLength) return issue.minimum;
  return issue.code === "invalid_type" || issue.code === "too_small" ? valueAt(reference, issue.path) : undefined;
}

function wouldDo(path: readonly PropertyKey[], value: unknown): string {
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "bigint";
  return isPlain && !itsOwn.has(path[0]!) ? ` ${typeof value === "string" ? `"${value}"` : value} would do.` : "";
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.join(".") || "the file";
}

/** Whether a rule for configurations holds, the complaint if it doesn't, and the value that would do. */
type Requirement = readonly [holds: boolean, complaint: string, wouldDo: string];

/** `leadersOf` takes 3,500 gas per slot: in all well below the 2^24 of a transaction, and nodes allow calls no less. */
const maximumSlotsPerEpoch = 2_048;

/** A watcher that sees nothing alerts after half a claim delay, and a human needs at least half an hour to act. */
const minimumClaimDelaySeconds = 3_600;

/**
 * How the numbers of a network must fit together, in the order in which complaints are made.
 * @param name The network's name; only `local` may pay without a claim delay and give tokens to a node's accounts.
 */
export function requirementsOf(name: string, config: NetworkConfig): readonly Requirement[] {
  const isLocal = name === "local";
  return [...timeAndMoney(config), ...settling(isLocal, config), ...prices(config), ...taskTypes(isLocal, config)];
}

function timeAndMoney({ clock, supply, emission, policies }: NetworkConfig): readonly Requirement[] {
  const scheduleWei = 2n * emission.baseRewardWei * BigInt(emission.halvingIntervalEpochs);
  const committed = supply.daoAllocationWei + supply.treasuryAllowanceWei + supply.blockRewardsAllowanceWei;
  return [
    [
      clock.revealSlots < clock.slotsPerEpoch,
      "clock.revealSlots must be below clock.slotsPerEpoch",
      String(clock.slotsPerEpoch - 1),
    ],
    [
      clock.slotsPerEpoch <= maximumSlotsPerEpoch,
      `clock.slotsPerEpoch must be at most ${maximumSlotsPerEpoch}, because one call reads the leaders of an epoch`,
      String(maximumSlotsPerEpoch),
    ],
    [
      2 * clock.closingSlots <= clock.slotsPerEpoch,
      "clock.closingSlots must be at most half of clock.slotsPerEpoch, so that most of an epoch's work counts for it",
      String(Math.floor(clock.slotsPerEpoch / 2)),
    ],
    [
      supply.maxSupplyWei < 2n ** 96n,
      "supply.maxSupplyMdt must be below 2^96 wei, because claims are stored in 96 bits",
      formatUnits(2n ** 96n - 1n, 18),
    ],
    [
      committed <= supply.maxSupplyWei,
      "supply.maxSupplyMdt must be at least the DAO's allocation and both allowances together",
      formatUnits(committed, 18),
    ],
    [emission.baseRewardWei > 0n, "emission.baseRewardMdt must be above 0", "1"],
    [emission.blockRewardWei > 0n, "emission.blockRewardMdt must be above 0", "1"],
    [
      supply.treasuryAllowanceWei >= scheduleWei,
      "supply.treasuryAllowanceMdt must be at least 2 · emission.baseRewardMdt · emission.halvingIntervalEpochs, the whole schedule",
      formatUnits(scheduleWei, 18),
    ],
    [
      supply.blockRewardsAllowanceWei >= emission.blockRewardWei,
      "supply.blockRewardsAllowanceMdt must be at least emission.blockRewardMdt, or no slot could ever be paid",
      formatUnits(emission.blockRewardWei, 18),
    ],
    // Without one, the problem is that it can't be read.
    [policies[0] === undefined || policies[0].fromEpoch === 0, "policies[0].fromEpoch must be 0", "0"],
  ];
}

function settling(isLocal: boolean, { clock, dao, quorum, settlement, supply }: NetworkConfig): readonly Requirement[] {
  const quorumSeconds = clock.slotSeconds * (clock.slotsPerEpoch + clock.revealSlots);
  return [
    [
      isLocal || settlement.claimDelaySeconds >= minimumClaimDelaySeconds,
      `settlement.claimDelaySeconds must be at least ${minimumClaimDelaySeconds}, the guardian's time to veto a wrong root`,
      String(minimumClaimDelaySeconds),
    ],
    [
      2 * settlement.claimDelaySeconds <= clock.slotSeconds * clock.slotsPerEpoch,
      "settlement.claimDelaySeconds must be at most half an epoch, clock.slotSeconds · clock.slotsPerEpoch / 2, or each root would be replaced before anyone can claim against it",
      String(Math.floor((clock.slotSeconds * clock.slotsPerEpoch) / 2)),
    ],
    [dao === null || BigInt(dao) !== 0n, "dao must not be the zero address", "The address of a multisig or governor"],
    [isLocal || supply.nodeAccountAllocationWei === 0n, "supply.nodeAccountAllocationMdt must be 0 outside local", "0"],
    [
      settlement.claimDelaySeconds === 0 || settlement.payRecipientsUpTo === 0,
      "settlement.payRecipientsUpTo must be 0 if there is a claim delay: a pending root pays nobody",
      "0",
    ],
    [
      isLocal || quorum.soloAfterSeconds > quorumSeconds,
      `quorum.soloAfterSeconds must be above ${quorumSeconds}, an epoch and its reveal window, so that validators settle the next epoch before anyone may replace a vetoed root alone`,
      String(quorumSeconds + 1),
    ],
    [
      quorum.floorWei > 0n && quorum.floorWei <= supply.maxSupplyWei,
      "quorum.floorMdt must be above 0 and at most supply.maxSupplyMdt, or it could never be reached",
      formatUnits(supply.maxSupplyWei / 100n, 18),
    ],
  ];
}

function prices({ validatorPrice, minerPrice, staking }: NetworkConfig): readonly Requirement[] {
  return [
    [staking.minimumStakeWei > 0n, "staking.minimumStakeMdt must be above 0", "1"],
    [
      staking.seatSafeEpochs <= staking.exitDelayEpochs,
      "staking.seatSafeEpochs must be at most staking.exitDelayEpochs: a seat whose stake was taken out again must not stay safe for longer than the stake waits",
      String(staking.exitDelayEpochs),
    ],
    ...Object.entries({ validatorPrice, minerPrice }).map(([field, { floorWei, ceilingWei }]): Requirement => [
      floorWei > 0n && floorWei <= ceilingWei,
      `${field}.floorMdt must be above 0 and at most ${field}.ceilingMdt`,
      formatUnits(ceilingWei, 18),
    ]),
  ];
}

/** The order of BN254's scalar field; every public value of a proof is an element of it. */
const fieldOrder = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/**
 * As the TaskRegistry enforces them: no type costs less, before halvings, than its floor of fixed fees, and a type has
 * both a verifier and a model, or neither.
 */
function taskTypes(isLocal: boolean, { tasks }: NetworkConfig): readonly Requirement[] {
  return tasks.types.flatMap(({ name, difficultyBps, minimumFeeWei, verifier, modelHash }): readonly Requirement[] => [
    [
      isLocal || verifier === null || isAddress(verifier),
      `tasks.types "${name}": verifier must be an address outside local, because everyone can forge proofs for those of circuits/, which are for development`,
      "One that was written with the common reference string of a ceremony, and deployed,",
    ],
    [
      minimumFeeWei >= feeFloorWei(tasks, difficultyBps),
      `tasks.types "${name}": minimumFeeMdt must be at least volumeFeeMdt + difficultyFeeMdt · difficultyBps / 10000`,
      formatUnits(feeFloorWei(tasks, difficultyBps), 18),
    ],
    [
      (verifier === null) === (modelHash === null) && verifier !== zeroAddress && modelHash !== zeroHash,
      `tasks.types "${name}": verifier and modelHash must both be set, above zero, or both be null`,
      "null",
    ],
    [
      BigInt(modelHash ?? 0) < fieldOrder,
      `tasks.types "${name}": modelHash must be below the order of BN254's scalar field`,
      numberToHex(fieldOrder - 1n),
    ],
  ]);
}
