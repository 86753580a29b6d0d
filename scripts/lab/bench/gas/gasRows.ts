import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadNetworkConfig } from "../../../config/loadNetworkConfig";
import { type NetworkConfig } from "../../../config/networkConfig";
import { type BenchRow, row } from "../measure";
import { measureClaims, measureDelayedClaims, measureRootLife } from "./claimGas";
import { onNetwork, type OpenNetwork } from "./gasNetwork";
import { measurePeople } from "./peopleGas";
import { measureDelayedSettlements, measureQuorum, measureSettlements } from "./settlementGas";

/** Half of an epoch of 64 seconds, the longest that a claim delay may be. */
const CLAIM_DELAY_SECONDS = 32;

/** Enough for every measured settlement, whatever a devchain emits; all halvings still fit its allowance. */
const EMISSION = { baseRewardWei: 500n * 10n ** 18n, halvingIntervalEpochs: 270 };

/**
 * Gas of every main call, on freshly deployed networks: the same in every run on every machine.
 * @param onProgress Called with the name of the next measurement.
 */
export async function gasRows(open: OpenNetwork, onProgress: (what: string) => void): Promise<readonly BenchRow[]> {
  const local = loadNetworkConfig("local");
  // Without verifiers: deploying them would change the other contracts' addresses, and with them the gas of zero bytes.
  const types = local.tasks.types.filter(({ verifier }) => verifier === null);
  const prompt = { ...local, tasks: { ...local.tasks, types }, emission: { ...local.emission, ...EMISSION } };
  const delayed = { ...prompt, settlement: { claimDelaySeconds: CLAIM_DELAY_SECONDS, payRecipientsUpTo: 0 } };
  const waiting = { ...prompt, quorum: { ...prompt.quorum, soloAfterSeconds: 1 } };
  const rows: BenchRow[] = [];
  for (const [what, config, measure] of [
    ["settlements", prompt, measureSettlements],
    ["settlements with a claim delay", delayed, measureDelayedSettlements],
    ["settlements signed by a quorum", waiting, measureQuorum],
    ["claims", prompt, measureClaims],
    ["claims with a claim delay", delayed, measureDelayedClaims],
    ["roots vetoed, reposted and paused", delayed, measureRootLife],
    ["people", prompt, measurePeople],
  ] as const) {
    onProgress(`gas: ${what}`);
    rows.push(...(await onNetwork(open, config, measure)));
  }
  return rows;
}

const FILE = join(__dirname, "..", "gas.json");

/** Gas by the name of its measurement, so that any change shows in a diff. */
export type GasSnapshot = Readonly<Record<string, number>>;

/** Gas as recorded in the repository; empty if nothing was recorded. */
export function readGasSnapshot(): GasSnapshot {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as GasSnapshot) : {};
}

/** Records gas as it was measured. */
export function writeGasSnapshot(rows: readonly BenchRow[]): void {
  writeFileSync(FILE, `${JSON.stringify(gasSnapshotOf(rows), null, 2)}\n`);
}

/** The rows of a benchmark as a snapshot; the peers' gas is recorded too. */
export function gasSnapshotOf(rows: readonly BenchRow[]): GasSnapshot {
  return Object.fromEntries(
    rows.flatMap(({ name, size, ours, peer, peerValue }) => {
      const key = `${name} (${size})`;
      const own = [key, ours] as const;
      return peer === null || peerValue === null ? [own] : [own, [`${key}, ${peer}`, peerValue] as const];
    }),
  );
}

/** All differences between measured and recorded gas, one line each. */
export function gasDifferences(recorded: GasSnapshot, rows: readonly BenchRow[]): readonly string[] {
  const measured = gasSnapshotOf(rows);
  return [...new Set([...Object.keys(recorded), ...Object.keys(measured)])].flatMap((key) => {
    const [before, now] = [recorded[key], measured[key]];
    if (before === now) return [];
    if (before === undefined) return [`${key}: ${String(now)}, not recorded`];
    if (now === undefined) return [`${key}: ${before} is recorded, but no longer measured`];
    return [`${key}: ${now}, ${Math.abs(now - before)} ${now > before ? "more" : "less"} than recorded`];
  });
}

/** What someone does in a day. */
interface Day {
  readonly who: string;
  /** How often each act happens in a day, by the name and size of its gas row. */
  readonly acts: readonly (readonly [row: string, size: number, times: number])[];
}

/** Assumed, not measured: what a coin costs, and what gas costs on a rollup and on Ethereum itself. */
const USD_PER_COIN = 3_000;
const GWEI_PER_GAS: readonly (readonly [chain: string, gwei: number])[] = [
  ["rollup", 0.01],
  ["mainnet", 1],
];

const VALIDATORS = 100;
const MINERS = 1_000;
/** Tasks per day of a miner, and of a client. */
const TASKS = 10;

/** What a day with a hundred validators and a thousand miners costs each participant, in gas and in dollars. */
export function dailyCostRows(gasRows: readonly BenchRow[], { clock, policies }: NetworkConfig): readonly BenchRow[] {
  const gasOf = new Map(gasRows.map(({ name, size, ours }) => [`${name} (${size})`, ours]));
  const allTasks = policies[0]!.policy.maxExpectedTasks;
  return daysOf(clock.slotsPerEpoch, allTasks).flatMap(({ who, acts }) => {
    const gas = acts.reduce((sum, [act, size, times]) => sum + times * gasOf.get(`${act} (${size})`)!, 0);
    return [
      row(`a day of ${who}`, "gas", 1, Math.round(gas)),
      ...GWEI_PER_GAS.map(([chain, gwei]) =>
        row(`a day of ${who}, ${chain}`, "USD", 1, gas * gwei * 1e-9 * USD_PER_COIN),
      ),
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

/** A block's gas limit; on a real chain, other transactions take their part of it. */
const BLOCK_GAS = 30_000_000;

/** Tasks that are submitted and completed in one block that carries nothing else, calculated from the gas rows. */
export function blockRows(gasRows: readonly BenchRow[]): readonly BenchRow[] {
  const gasOf = new Map(gasRows.map(({ name, ours }) => [name, ours]));
  return ["another one", "each of several in one transaction"].map((how) => {
    const gas = gasOf.get(`task: submit, ${how}`)! + gasOf.get(`task: complete, ${how}`)!;
    return row(`tasks that fit into a block of 30 M gas: ${how}`, "tasks", 1, Math.floor(BLOCK_GAS / gas));
  });
}
