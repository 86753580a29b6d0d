import { type BenchRow } from "./rows";
import { type NetworkConfig } from "../../config/networkConfig";

/** What a day's acts cost somebody. */
interface Day {
  readonly who: string;
  /** How often each act is done in a day, by the name of its row of gas. */
  readonly acts: readonly (readonly [row: string, size: number, times: number])[];
}

/** Assumptions of the costs, not measured: what gas and a coin cost, on a rollup and on Ethereum itself. */
const USD_PER_COIN = 3_000;
const GWEI_PER_GAS: readonly (readonly [chain: string, gwei: number])[] = [
  ["rollup", 0.01],
  ["mainnet", 1],
];

const VALIDATORS = 100;
const MINERS = 1_000;
/** Tasks a day of a miner, and of a client. */
const TASKS = 10;

/** What a day with a hundred validators and a thousand miners costs each of those who take part, in gas and in dollars. */
export function dailyCostRows(gasRows: readonly BenchRow[], { clock, policies }: NetworkConfig): readonly BenchRow[] {
  const gasOf = new Map(gasRows.map(({ name, size, ours }) => [`${name} (${size})`, ours]));
  const allTasks = policies[0]!.policy.maxExpectedTasks;
  return daysOf(clock.slotsPerEpoch, allTasks).flatMap(({ who, acts }) => {
    const gas = acts.reduce((sum, [row, size, times]) => sum + times * gasOf.get(`${row} (${size})`)!, 0);
    const row = (unit: string, name: string, ours: number): BenchRow => {
      return { name, unit, size: 1, ours, target: null, peer: null, peerValue: null };
    };
    return [
      row("gas", `a day of ${who}`, Math.round(gas)),
      ...GWEI_PER_GAS.map(([chain, gwei]) => row("USD", `a day of ${who}, ${chain}`, gas * gwei * 1e-9 * USD_PER_COIN)),
    ];
  });
}

function daysOf(slots: number, allTasks: number): readonly Day[] {
  const [first, more] = ["the first of an epoch", "another one"];
  return [
    {
      who: "a validator: commit, reveal, its slots",
      acts: [
        ["scores: commit", 1, 1],
        ["scores: reveal, by miners", MINERS, 1],
        ["block rewards: produce a slot, at most", VALIDATORS, slots / VALIDATORS],
      ],
    },
    {
      who: `a miner: ${TASKS} tasks, a claim`,
      acts: [
        [`task: complete, ${first}`, 1, 1],
        [`task: complete, ${more}`, 1, TASKS - 1],
        ["claim, repeated", 16_384, 1],
      ],
    },
    {
      who: `a client: ${TASKS} tasks`,
      acts: [
        [`task: submit, ${first}`, 1, 1],
        [`task: submit, ${more}`, 1, TASKS - 1],
      ],
    },
    {
      who: "the keeper: open, seal, settle",
      acts: [
        ["block rewards: open an epoch", VALIDATORS, 1],
        ["block rewards: seal an epoch", VALIDATORS, 1],
        ["settle: steady state", 1, 1],
      ],
    },
    {
      who: `all ${allTasks.toLocaleString("en")} expected tasks`,
      acts: [
        [`task: submit, ${more}`, 1, allTasks],
        [`task: complete, ${more}`, 1, allTasks],
      ],
    },
  ];
}
