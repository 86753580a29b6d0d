import { type JsonObject } from "../../scripts/core/canonicalJson";
import { U16_MAX } from "../../scripts/core/fixedPoint";
import { type Score } from "../../scripts/core/scores";
import { RandomNumbers } from "../../scripts/lab/simulator/days";
import { minersAtGenesis, type YearsPeople } from "./people";

/** A task that a client pays for and its miner completes. */
export interface StoryTask {
  readonly client: number;
  readonly minerId: number;
  readonly typeId: number;
}

/** What happens besides work in an epoch; everyone by index. */
export type StoryEvent =
  | { readonly kind: "minerRegisters"; readonly miner: number }
  | { readonly kind: "policy"; readonly version: JsonObject }
  | { readonly kind: "staked"; readonly validator: number }
  | { readonly kind: "unstaked"; readonly validator: number; readonly delegator: number }
  | { readonly kind: "redelegated"; readonly validator: number; readonly delegator: number; readonly to: number }
  | { readonly kind: "slashed"; readonly validator: number }
  | { readonly kind: "unjailed"; readonly validator: number };

/** What happens in one epoch, the same for the same seed. */
export interface EpochStory {
  readonly tasks: readonly StoryTask[];
  readonly events: readonly StoryEvent[];
  /** Whether the guardian vetoes the root of the epoch before, and the keeper posts it again. */
  readonly isVetoed: boolean;
  /** By validator: its scores of the miners that worked. */
  readonly scores: readonly (readonly Score[])[];
  /** The validator that does not reveal them; null in most epochs. */
  readonly forgets: number | null;
}

const TASKS = 12;

/** After how many epochs something happens again, and when it first does. */
const policies = { every: 60, first: 20 };
const vetoes = { every: 90, first: 46 };
const arrivals = { every: 20, first: 10 };
const stakes = { every: 25, first: 7 };
const exits = { every: 50, first: 31 };
const redelegations = { every: 30, first: 29 };
const slashes = { every: 120, first: 60 };
const absences = { every: 37, first: 5 };
/** A slash in an epoch jails for the next two; in the second of them the validator unjails itself. */
const jailedFor = 2;

/** The policies, in order. */
const policyTexts: readonly (readonly [policy: JsonObject, rampEpochs: number])[] = [
  [{ validatorRule: "yuma3" }, 0],
  [{ weightsBps: [4_500, 3_000, 2_500] }, 8],
  [{ validatorRule: "yuma2", bondsMovingAverage: 800_000 }, 0],
  [{}, 0],
];

/** A policy differs from the network's first one by a text. */
const firstPolicy: JsonObject = { maxExpectedTasks: 50, difficultyFloorTasks: 20 };

/** How often something has happened before `epoch`, if it happens in it; otherwise undefined. */
function turnOf({ every, first }: { readonly every: number; readonly first: number }, epoch: number) {
  return epoch >= first && (epoch - first) % every === 0 ? (epoch - first) / every : undefined;
}

/** How many miners have registered before `epoch`, and can be given tasks in it. */
export function minersBefore({ miners }: YearsPeople, epoch: number): number {
  const arrived = epoch <= arrivals.first ? 0 : Math.ceil((epoch - arrivals.first) / arrivals.every);
  return Math.min(minersAtGenesis + arrived, miners.length);
}

/** What happens in `epoch`. */
export function storyOf(seed: number, people: YearsPeople, epoch: number): EpochStory {
  const random = new RandomNumbers(seed + epoch);
  const tasks = Array.from({ length: TASKS }, (): StoryTask => ({
    client: random.between(0, people.clients.length - 1),
    minerId: random.between(1, minersBefore(people, epoch)),
    typeId: random.between(0, 2),
  }));
  const worked = [...new Set(tasks.map(({ minerId }) => minerId))].sort((a, b) => a - b);
  const worth = worked.map((minerId) => ({ minerId, scoreU16: worthOf(minerId) }));
  const absence = turnOf(absences, epoch);
  return {
    tasks,
    events: eventsOf(people, epoch),
    isVetoed: turnOf(vetoes, epoch) !== undefined,
    scores: people.validators.map(() =>
      worth.map(({ minerId, scoreU16 }) => ({ minerId, scoreU16: scoreU16 - random.between(0, 600) })),
    ),
    forgets: absence === undefined ? null : absence % people.validators.length,
  };
}

/** The score of a miner's work, out of 65 535: from 40 % to all of it. */
function worthOf(minerId: number): number {
  return U16_MAX - Math.floor((U16_MAX * ((minerId * 7) % 61)) / 100);
}

function eventsOf({ validators, miners }: YearsPeople, epoch: number): readonly StoryEvent[] {
  const at = <T>(rhythm: typeof policies, event: (turn: number) => T): readonly T[] => {
    const turn = turnOf(rhythm, epoch);
    return turn === undefined ? [] : [event(turn)];
  };
  const validatorOf = (turn: number) => turn % validators.length;
  const delegatorOf = (turn: number) => Math.floor(turn / validators.length) % validators[0]!.delegators.length;
  return [
    ...at(arrivals, (turn) => ({ kind: "minerRegisters", miner: minersAtGenesis + turn }) as const).filter(
      ({ miner }) => miner < miners.length,
    ),
    ...at(policies, (turn) => ({ kind: "policy", version: policyFrom(turn, epoch + 2) }) as const),
    ...at(stakes, (turn) => ({ kind: "staked", validator: validatorOf(turn) }) as const),
    ...at(exits, (turn) => ({ kind: "unstaked", validator: validatorOf(turn), delegator: delegatorOf(turn) }) as const),
    ...at(redelegations, (turn) => {
      const [validator, delegator] = [validatorOf(turn), delegatorOf(turn)];
      return { kind: "redelegated", validator, delegator, to: validatorOf(turn + 1) } as const;
    }),
    // One epoch after a redelegation from the same validator, which the slash follows.
    ...at(slashes, (turn) => ({ kind: "slashed", validator: slashedIn(turn, validators.length) }) as const),
    ...at(
      { ...slashes, first: slashes.first + jailedFor },
      (turn) => ({ kind: "unjailed", validator: slashedIn(turn, validators.length) }) as const,
    ),
  ];
}

/** The validator from which someone redelegated in the epoch before a slash. */
function slashedIn(turn: number, validators: number): number {
  const epoch = slashes.first + turn * slashes.every;
  return Math.floor((epoch - 1 - redelegations.first) / redelegations.every) % validators;
}

function policyFrom(turn: number, fromEpoch: number): JsonObject {
  const [differences, rampEpochs] = policyTexts[turn % policyTexts.length]!;
  return { fromEpoch, ...(rampEpochs === 0 ? {} : { rampEpochs }), policy: { ...firstPolicy, ...differences } };
}
