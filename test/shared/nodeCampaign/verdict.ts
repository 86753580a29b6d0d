/** What must hold after a campaign, determined from its chain and its ledger. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Address, type Hex, keccak256, zeroHash } from "viem";
import { revealWindowOf } from "../../../scripts/views/epochTimes";
import { count, type Tally } from "../campaign/lineFaults";
import { type NodeCampaign } from "./campaign";
import { epochAt } from "./clock";
import { workOf } from "./experts";
import { type LedgerBlock } from "./ledger";
import { firstEpoch, nodesOf } from "./plan";

/** Blocks in a row, on the chain that counts, that are enough for a node that runs and can pay for its gas. */
const fairBlocks = 6;

/** How the validators with a node did. */
export interface RevealVerdict {
  /** Epochs of validators that were active. */
  readonly due: number;
  readonly revealed: number;
  /** Missed for what no node can help, by the reason. */
  readonly excused: Tally;
  /** Missed because of the node: what it told between the windows. */
  readonly missed: readonly string[];
}

/** The windows in which a validator acts for an epoch, as the ledger's blocks in each. */
function blocksBetween(
  { ledger }: NodeCampaign,
  from: number,
  to: number,
): readonly (readonly [number, LedgerBlock])[] {
  const numbers = [...ledger.blocks].filter(([, { timestamp }]) => timestamp >= from && timestamp < to);
  return numbers.sort(([a], [b]) => a - b);
}

/**
 * Why a node could do nothing in a window; undefined if it had its chance: `fairBlocks` blocks in a row, mined after the last
 * reorganisation that reached into the window, in which it ran and gas cost no more than it may pay.
 * @param disks The disks that hold what it needs; undefined if any disk will do.
 */
function excuseOf(
  campaign: NodeCampaign,
  name: string,
  window: readonly (readonly [number, LedgerBlock])[],
  disks?: ReadonlySet<string>,
): string | undefined {
  const { ledger, world } = campaign;
  const { maxFeePerGasWei } = world.connection.deployment.config.keeper;
  const [firstOrder, lastNumber] = [window[0]?.[1].order ?? 0, window.at(-1)?.[0] ?? 0];
  const reaching = ledger.reorganisations.filter(({ first, order }) => first <= lastNumber && order > firstOrder);
  const reorganisedAt = Math.max(0, ...reaching.map(({ order }) => order));
  const runs = ({ running }: LedgerBlock) => (running.get(name)?.size ?? 0) > 0;
  const hasDisk = ({ running }: LedgerBlock) =>
    disks === undefined || [...(running.get(name) ?? [])].some((disk) => disks.has(disk));
  const canPay = ({ baseFeePerGasWei }: LedgerBlock) => baseFeePerGasWei <= maxFeePerGasWei;
  const conditions: readonly (readonly [string, (block: LedgerBlock) => boolean])[] = [
    ["it was down", runs],
    ["it ran without the disk", hasDisk],
    ["gas was too dear", canPay],
    ["the chain was reorganised", ({ order }) => order >= reorganisedAt],
  ];
  const holding: ((block: LedgerBlock) => boolean)[] = [];
  for (const [reason, condition] of conditions) {
    holding.push(condition);
    if (longestRun(window.map(([, block]) => holding.every((holds) => holds(block)))) < fairBlocks) return reason;
  }
  return undefined;
}

function longestRun(chances: readonly boolean[]): number {
  let [run, longest] = [0, 0];
  for (const chance of chances) longest = Math.max(longest, (run = chance ? run + 1 : 0));
  return longest;
}

/** Whether each validator with a node revealed its scores of each epoch, and why not. */
export async function judgeReveals(campaign: NodeCampaign): Promise<RevealVerdict> {
  const { world } = campaign;
  const { connection, people } = world;
  const { scoreBoard, staking } = connection.contracts;
  const { slotSeconds, closingSlots } = connection.deployment.config.clock;
  const last = epochAt(world, Number((await connection.reader.getBlock()).timestamp)) - 2;
  const excused: Tally = new Map();
  const missed: string[] = [];
  let [due, revealed] = [0, 0];
  for (let epoch = firstEpoch; epoch <= last; epoch++) {
    const [active] = await staking.read.activeStakes([BigInt(epoch)]);
    const isActive = (validator: Address) => active.some((one) => one.toLowerCase() === validator);
    for (const index of nodesOf.validators.filter((i) => isActive(people.validators[i]!))) {
      due++;
      const name = `validator ${index + 1}`;
      const [commit] = await scoreBoard.read.commitsOf([BigInt(epoch), [people.validators[index]!]]);
      if (commit!.isRevealed) {
        revealed++;
        continue;
      }
      const { opensAt, closesAt } = revealWindowOf(connection, epoch);
      const committing = blocksBetween(campaign, opensAt - closingSlots * slotSeconds, opensAt);
      const revealing = blocksBetween(campaign, opensAt, closesAt);
      const reason =
        commit!.commitment === zeroHash
          ? excuseOf(campaign, name, committing)
          : excuseOf(campaign, name, revealing, disksWith(campaign, name, epoch, commit!.commitment));
      if (reason !== undefined) count(excused, reason);
      else missed.push(storyOf(campaign, name, epoch, commit!.commitment, [...committing, ...revealing]));
    }
  }
  return { due, revealed, excused, missed };
}

/** The disks of a node that hold what a commitment hides. */
function disksWith({ dataDirectory, world }: NodeCampaign, name: string, epoch: number, commitment: Hex): Set<string> {
  const own = readdirSync(dataDirectory).filter((entry) => entry.startsWith(`${name} `));
  const file = join(world.connection.deployment.id, "scores", `epoch-${epoch}-${commitment}.json`);
  return new Set(own.map((entry) => join(dataDirectory, entry)).filter((disk) => existsSync(join(disk, file))));
}

/** The events of a node while it could have acted. */
function storyOf(
  { said, ledger }: NodeCampaign,
  name: string,
  epoch: number,
  commitment: Hex,
  window: readonly (readonly [number, LedgerBlock])[],
): string {
  const orders = window.map(([, { order }]) => order);
  const [from, to] = [Math.min(...orders) - 3, Math.max(...orders) + 3];
  const lines = said
    .filter((one) => one.name === name && one.order >= from && one.order <= to)
    .map(({ order, told }) => `  ${order} ${JSON.stringify(told, plain)}`);
  const chain = window.map(
    ([number, { order, timestamp, running }]) =>
      `${number}/${order}@${timestamp}${running.get(name)?.size === 0 ? " down" : ""}`,
  );
  const taken = ledger.reorganisations.filter(({ order }) => order >= from && order <= to);
  const head = `${name}, epoch ${epoch}, commitment ${commitment}: ${chain.join(" ")} reorganised ${JSON.stringify(taken)}`;
  return [head, ...lines].join("\n");
}

const plain = (_name: string, value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value);

/** The outcome of the tasks. */
export interface TaskVerdict {
  readonly submitted: number;
  readonly completed: number;
  /** Not completed, and its miner said so. */
  readonly told: number;
  /** What must not be: a sentence each. */
  readonly wrong: readonly string[];
}

/** Whether each task was submitted once, and completed once with the right result or reported as missed. */
export async function judgeTasks({ world, client, said }: NodeCampaign): Promise<TaskVerdict> {
  const { events } = world.connection;
  events.forget();
  const submitted = await events.select(["TaskSubmitted"]);
  const completions = await events.select(["TaskCompleted"]);
  const orderOf = new Map(client.orders.map((order) => [order.inputHash, order]));
  const wrong: string[] = [];
  let [completed, toldMissed] = [0, 0];
  const seen = new Set<Hex>();
  for (const { args } of submitted) {
    if (seen.has(args.inputHash)) wrong.push(`Task ${args.taskId} was submitted before.`);
    seen.add(args.inputHash);
    const done = completions.filter(({ args: { taskId } }) => taskId === args.taskId);
    const { input } = orderOf.get(args.inputHash)!;
    if (done.length > 1) wrong.push(`Task ${args.taskId} was completed ${done.length} times.`);
    if (done.length > 0) {
      completed++;
      if (done[0]!.args.resultHash !== keccak256(workOf(input))) wrong.push(`Task ${args.taskId} has a wrong result.`);
    } else if (
      said.some(
        ({ name, told }) =>
          name === `miner ${args.minerId}` &&
          (told.kind === "deadlineMissed" || told.kind === "taskDeclined") &&
          told.taskId === Number(args.taskId),
      )
    ) {
      toldMissed++;
    } else wrong.push(`Task ${args.taskId} of miner ${args.minerId} was neither completed nor told as missed.`);
  }
  return { submitted: submitted.length, completed, told: toldMissed, wrong };
}

/** What scorers were given. */
export interface GivenVerdict {
  readonly tasks: number;
  /** Tasks of which they got both input and result. */
  readonly whole: number;
  /** Bytes that the chain never named for the task: a sentence each. */
  readonly believed: readonly string[];
}

/** Whether all bytes that scorers were given are those that the chain names. */
export function judgeGiven({ experts, ledger }: NodeCampaign): GivenVerdict {
  const believed = experts.given.flatMap(({ taskId, inputHash, resultHash }) => {
    const wrong = [
      inputHash !== null && ledger.inputHashes.get(taskId)?.has(inputHash) !== true,
      resultHash !== null && ledger.resultHashes.get(taskId)?.has(resultHash) !== true,
    ];
    return wrong.includes(true) ? [`Task ${taskId}: input ${inputHash}, result ${resultHash}.`] : [];
  });
  const whole = experts.given.filter(({ inputHash, resultHash }) => inputHash !== null && resultHash !== null).length;
  return { tasks: experts.given.length, whole, believed };
}
