/** The chain as a node sees it at one moment: its account, and the tasks that it cares about. */
import { type Address, type Hex } from "viem";
import { atBlock } from "../../chain/atBlock";
import { type Connection } from "../../chain/connection";
import { nextTimestamp } from "../../chain/blocks";
import { type Fold } from "../../chain/events/eventLog";
import { requireWholeEvents } from "../../chain/badAnswers";

/** Everything in it was read at the same head. Times in unix seconds. */
export interface NodeView {
  /** The deployment as of the head: whatever is read through it belongs together. */
  readonly chain: Connection;
  readonly headBlock: bigint;
  readonly headTimestamp: number;
  /** The time that the next block would have: a chain that mines nothing for a while does not stop time. */
  readonly now: number;
  /** The epoch that `now` lies in; null before genesis. */
  readonly epoch: number | null;
  /** The slot that `now` lies in, counted from genesis; null before genesis. */
  readonly slot: number | null;
  readonly baseFeePerGasWei: bigint;
  /** How many transactions of the account are mined: the nonce of its next one. */
  readonly minedTransactions: number;
  readonly balanceWei: bigint;
}

/** Looks at the chain. @param account Whose transactions and balance to read. */
export async function viewChain(live: Connection, account: Address): Promise<NodeView> {
  const [head, next] = await Promise.all([
    live.reader.getBlock({ blockTag: "latest" }),
    nextTimestamp(live.reader).then(Number),
  ]);
  const chain = atBlock(live, head.number);
  const [minedTransactions, balanceWei] = await Promise.all([
    chain.reader.getTransactionCount({ address: account }),
    chain.reader.getBalance({ address: account }),
  ]);
  const { slotSeconds, slotsPerEpoch } = live.deployment.config.clock;
  const now = Math.max(next, Number(head.timestamp));
  const secondsFromGenesis = now - live.deployment.choices.genesisTimestamp;
  const slot = secondsFromGenesis < 0 ? null : Math.floor(secondsFromGenesis / slotSeconds);
  return {
    chain,
    headBlock: head.number,
    headTimestamp: Number(head.timestamp),
    now,
    epoch: slot === null ? null : Math.floor(slot / slotsPerEpoch),
    slot,
    baseFeePerGasWei: head.baseFeePerGas ?? 0n,
    minedTransactions,
    balanceWei,
  };
}

/** A task with the data that it carries. */
export interface LiveTask {
  readonly taskId: number;
  readonly client: Address;
  readonly minerId: number;
  readonly typeId: number;
  readonly feeWei: bigint;
  /** Unix seconds. */
  readonly deadline: number;
  readonly inputHash: Hex;
  /** The input itself, or "0x" if it travels off chain. */
  readonly input: Hex;
  /** Hash of the block that it was submitted in. */
  readonly submittedIn: Hex;
  /** Null while it is open. */
  readonly completed: CompletedWork | null;
}

/** What a miner answered. */
export interface CompletedWork {
  /** The epoch for which the task counts. */
  readonly epoch: number;
  readonly resultHash: Hex;
  /** The result itself, or "0x" if it travels off chain. */
  readonly result: Hex;
  /** Hash of the block that it was completed in. */
  readonly completedIn: Hex;
}

/** Completed tasks are remembered for this many epochs before the newest that has any; scoring looks back one epoch. */
const keptEpochs = 2;

interface State {
  /** How many tasks were submitted in all. */
  submitted: number;
  /** In the order in which they were submitted. */
  readonly tasks: Map<number, LiveTask>;
  newestEpoch: number;
}

const live: Fold<State> = {
  names: ["TaskSubmitted", "TaskCompleted", "TaskRefunded"],
  start: () => ({ submitted: 0, tasks: new Map(), newestEpoch: 0 }),
  copy: ({ tasks, ...counts }) => ({ ...counts, tasks: new Map(tasks) }),
  apply: (state, event) => {
    switch (event.name) {
      case "TaskSubmitted": {
        const { taskId, client, minerId, typeId, feeWei, deadline, inputHash, input } = event.args;
        const terms = { client, minerId, typeId, feeWei, deadline: Number(deadline), inputHash, input };
        const id = Number(taskId);
        state.submitted++;
        state.tasks.set(id, { taskId: id, ...terms, submittedIn: event.blockHash, completed: null });
        break;
      }
      case "TaskCompleted": {
        const { taskId, resultHash, result } = event.args;
        const epoch = Number(event.args.epoch);
        const task = state.tasks.get(Number(taskId));
        const completed = { epoch, resultHash, result, completedIn: event.blockHash };
        if (task !== undefined) state.tasks.set(task.taskId, { ...task, completed });
        if (epoch > state.newestEpoch) forgetBefore(state, epoch);
        break;
      }
      case "TaskRefunded":
        state.tasks.delete(Number(event.args.taskId));
    }
  },
};

function forgetBefore(state: State, epoch: number): void {
  state.newestEpoch = epoch;
  for (const [taskId, { completed }] of state.tasks) {
    if (completed !== null && completed.epoch < epoch - keptEpochs) state.tasks.delete(taskId);
  }
}

/**
 * All live tasks, by id, as of one block.
 * @throws MissingEventsError if an endpoint's events are incomplete.
 */
export async function liveTasks({ events, contracts }: Connection): Promise<ReadonlyMap<number, LiveTask>> {
  const [{ submitted, tasks }, count] = await Promise.all([events.fold(live), contracts.taskRegistry.read.taskCount()]);
  requireWholeEvents("The number of tasks", BigInt(submitted), count);
  await events.trust();
  return tasks;
}

/**
 * The tasks that were completed for an epoch, as of one block.
 * @throws MissingEventsError
 */
export async function completedTasks(connection: Connection, epoch: number): Promise<readonly LiveTask[]> {
  const [tasks, [count]] = await Promise.all([
    liveTasks(connection),
    connection.contracts.taskRegistry.read.epochTasks([BigInt(epoch)]),
  ]);
  const completed = [...tasks.values()].filter((task) => task.completed?.epoch === epoch);
  requireWholeEvents(`The number of tasks completed for epoch ${epoch}`, BigInt(completed.length), count);
  return completed;
}
