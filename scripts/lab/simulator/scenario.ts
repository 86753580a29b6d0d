import { type NetworkConfig } from "../../config/networkConfig";
import { z } from "zod";
import { readStrict, wholeNumber } from "../../core/strictJson";
import { ONE_IN_BPS } from "../../core/fixedPoint";

/** A share in whole basis points, 0 to 10 000. */
const bps = wholeNumber(0, ONE_IN_BPS);

/** A factor in basis points, up to tenfold. */
const factorBps = wholeNumber(0, 100_000);

/** A number of epochs. */
const epochs = wholeNumber(1, 1_000_000);

const text = z.string("must be a text").min(1, "must not be empty");

/** An amount above zero as people write it, with at most 18 decimals. */
const mdt = z
  .string("must be a text")
  .regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,18})?$/, 'must be an amount in MDT above zero, like "32" or "0.4"');

/** An object with these fields and no others. */
const fields = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape, "must be an object");

/** A scenario's numbers don't fit together; the message says which to change. */
export class ScenarioError extends Error {
  override readonly name = "ScenarioError";
}

/** What a policy changes in the network's file, section by section; the whole is then validated like any network's. */
const changes = fields({
  supply: z.looseObject({}),
  emission: z.looseObject({}),
  tasks: z.looseObject({}),
  minerPrice: z.looseObject({}),
  validatorPrice: z.looseObject({}),
}).partial();

const policy = fields({
  name: text,
  /** Versions in order, as in `scripts/config/*.json`; if missing, the network's own. */
  versions: z.array(z.unknown()).min(1, "must have a version").optional(),
  changes: changes.default({}),
  /**
   * "described": every version with the rules of the system as it was first described (`describedRules`). No network
   * accepts them; they are for comparison.
   */
  rules: z.enum(["network", "described"], 'must be "network" or "described"').default("network"),
});

/** When it acts; afterwards it leaves with its stake. */
const acts = { name: text, fromEpoch: wholeNumber(0, 1_000_000), epochs };
/** Tasks that it buys from each of its own miners in an epoch, and their type, by its name under the first policy. */
const buys = { tasksEach: wholeNumber(1, 1_000_000), type: text };
/** How many validators it seats, and each one's own stake. */
const seats = { seats: wholeNumber(1, 100), stakeMdt: mdt };

/** An adversary of the network, in the form of a scenario's file. */
const adversary = z.discriminatedUnion(
  "kind",
  [
    /** Buys good work from its own miner, and has stake that shares in the resulting emission; scores honestly. */
    fields({ kind: z.literal("selfBuyer"), ...acts, ...buys, ...seats }),
    /** Buys worthless work from its own miner, so that a part of the emission is burned. */
    fields({ kind: z.literal("junkClient"), ...acts, ...buys }),
    /** Takes seats and never reveals. */
    fields({ kind: z.literal("silentSeats"), ...acts, ...seats }),
    /** Doesn't look at the work: full marks for its own miner, whose work is good, and none for all others. */
    fields({ kind: z.literal("lazyCartel"), ...acts, ...buys, ...seats }),
    /** Runs many miners that do good work for few tasks, which it buys. */
    fields({ kind: z.literal("sybilMiners"), ...acts, ...buys, miners: wholeNumber(1, 100) }),
  ],
  "must be selfBuyer, junkClient, silentSeats, lazyCartel or sybilMiners",
);

/** An adversary, as its file describes it. */
export type AdversaryText = z.output<typeof adversary>;

const schema = fields({
  name: text,
  description: text,
  /** The network of `scripts/config/` whose numbers hold unless a policy changes them. */
  network: text,
  /** Seed of the random numbers: the same seed gives the same run, to the byte. */
  seed: wholeNumber(0, 2 ** 31 - 1),
  /** How many epochs to run. */
  epochs,
  /** The policies to compare: at most four, since a chart has six colours and the reference schedules take two. */
  policies: z.array(policy).min(1, "must have a policy").max(4, "must have at most four policies"),
  miners: fields({
    /** Number of accounts; each is computed separately. */
    accounts: wholeNumber(1, 100),
    /** How many miners share an account's income; used only for the income of one of them. */
    peopleEach: wholeNumber(1, 1_000_000),
    /** What the average miner's work is worth, out of 10 000. */
    skillBps: bps,
    /** How far the best is above, and the worst below, the average; the others are evenly between. */
    skillSpreadBps: bps,
  }),
  validators: fields({
    accounts: wholeNumber(1, 100),
    peopleEach: wholeNumber(1, 1_000_000),
    /** Own stake of the first validator; each further one has a tenth of that less, down to a tenth. */
    stakeMdt: mdt,
    commissionBps: wholeNumber(0, 1_800),
    /** Delegators of each validator, and what each of them has delegated. */
    delegatorsEach: wholeNumber(0, 100),
    delegatedMdt: mdt,
    /** The chance that a validator is there in an epoch: it then reveals and produces. */
    presentBps: bps,
    /** Largest error of a validator's score, relative to what it measures. */
    errorBps: bps,
  }),
  tasks: fields({
    /** Tasks wanted per epoch at the start. */
    perEpoch: wholeNumber(0, 1_000_000),
    /** Epochs in which demand doubles, along straight lines; null if it doesn't grow. */
    doublesEveryEpochs: epochs.nullable(),
    /** Share by which demand rises and falls over a season of `seasonEpochs` epochs. */
    seasonBps: bps,
    seasonEpochs: epochs,
    /** The most by which chance moves an epoch's demand. */
    noiseBps: bps,
    /** Each type's share of the tasks, in the order of the network's file; the sum is 10 000. */
    typeSharesBps: z.array(bps).min(1, "must have a share"),
    /** What clients pay, of the type's minimum fee in the epoch: 10 000 is the minimum. It halves with the emission. */
    feeBps: factorBps.refine((value) => value >= ONE_IN_BPS, "must be at least 10000, the minimum fee"),
  }),
  /** Registrations of people who take the place of others who left; 10 000 is one registration per epoch. */
  registrations: fields({ minersPerEpochBps: factorBps, validatorsPerEpochBps: factorBps }),
  /** The chance that an epoch slashes a validator, and the share of its whole stake that it loses and stakes again. */
  slashing: fields({ chanceBps: bps, slashedBps: bps }),
  /** One-off events: factors in basis points (10 000 changes nothing) over some epochs; several at a time multiply. */
  shocks: z.array(
    fields({
      name: text,
      fromEpoch: wholeNumber(0, 1_000_000),
      epochs,
      tasksBps: factorBps.default(ONE_IN_BPS),
      skillBps: factorBps.default(ONE_IN_BPS),
      presentBps: factorBps.default(ONE_IN_BPS),
    }),
  ),
  /** Adversaries of the network, each for some epochs. */
  adversaries: z.array(adversary).default([]),
});

/** What happens to a simulated network, and the policies to compare: the fields of a scenario's file. */
export type Scenario = z.output<typeof schema>;

/** A policy of a scenario, as its file has it. */
export type ScenarioPolicy = Scenario["policies"][number];

/**
 * Reads a scenario.
 * @throws RefusedInputError naming the first field that is unknown, missing or wrong.
 */
export function parseScenario(json: unknown): Scenario {
  return readStrict(schema, json, "");
}

/** A policy to simulate, with all numbers of its network. */
export interface Candidate {
  readonly name: string;
  readonly config: NetworkConfig;
}
