import { type Hex, keccak256, numberToHex, zeroAddress } from "viem";
import { type Connection } from "../../../scripts/chain/connection";
import {
  addressOfContract,
  type Answers,
  answeringChain,
  blockAt,
  type DeploymentChanges,
  logOf,
  logsAmong,
} from "../../shared/answeringChain";

/** The terms of a task that a test sets; the others don't matter. */
interface Submitted {
  readonly taskId: number;
  readonly minerId?: number;
  readonly typeId?: number;
  readonly client?: Hex;
  readonly deadline?: number;
  readonly input?: Hex;
  /** Of an input that travels off chain. */
  readonly inputHash?: Hex;
}

/** A client that paid for tasks. */
export const someClient: Hex = "0x00000000000000000000000000000000000000c1";

/** A task that was submitted in the block with its id, or in another. */
export function submitted(task: Submitted, block = task.taskId) {
  const { taskId, minerId = 1, typeId = 1, client = someClient, deadline = 5_000, input = "0x01" } = task;
  const { inputHash = keccak256(input) } = task;
  const args = { taskId: BigInt(taskId), client, minerId, typeId, feeWei: 10n, difficultyBps: 4_000 };
  const more = { deadline: BigInt(deadline), inputHash, input };
  return logOf("taskRegistry", "TaskSubmitted", { ...args, ...more }, { block });
}

/** A completed task; the block is 1,000 later than the task's. */
export function completed({ taskId, epoch, result = "0x02" }: { taskId: number; epoch: number; result?: Hex }) {
  const args = { taskId: BigInt(taskId), minerId: 1, epoch: BigInt(epoch), resultHash: keccak256(result) };
  const more = { burnedWei: 5n, recycledWei: 5n, result };
  return logOf("taskRegistry", "TaskCompleted", { ...args, ...more }, { block: 1_000 + taskId });
}

/** A refunded task; the block is 2,000 later than the task's. */
export function refunded(taskId: number) {
  const args = { taskId: BigInt(taskId), client: someClient, feeWei: 10n };
  return logOf("taskRegistry", "TaskRefunded", args, { block: 2_000 + taskId });
}

/** A type whose results are proven. */
export function provenType(typeId: number, modelHash: Hex) {
  const args = { typeId, difficultyBps: 4_000, minFeeWei: 1n, isOpen: true, verifier: addressOfContract("staking") };
  return logOf("taskRegistry", "TaskTypeSet", { ...args, modelHash }, { block: 1, log: typeId });
}

/** The head of a chain with tasks, unless it has events of later blocks. */
export const headOfTasks = 4_000;

/** A chain with these events, and the other answers that a test sets. */
export function chainWith(
  logs: () => readonly ReturnType<typeof logOf>[],
  { views, methods }: Answers = {},
  changes: DeploymentChanges = {},
  onAsked?: (question: string) => void,
): Connection {
  const isSubmission = logOf("taskRegistry", "TaskSubmitted", someSubmission, { block: 0 }).topics[0];
  const taskCount = () => BigInt(logs().filter(({ topics }) => topics[0] === isSubmission).length);
  const head = () => Math.max(headOfTasks, ...logs().map(({ blockNumber }) => Number(blockNumber)));
  const answers: Answers = {
    views: { "taskRegistry.taskCount": taskCount, ...views },
    methods: {
      eth_blockNumber: () => numberToHex(head()),
      eth_getLogs: (filter: object) => logsAmong(logs())(filter as Record<string, unknown>),
      eth_getBlockByNumber: (tag: Hex) => blockAt(tag.startsWith("0x") ? Number(tag) : head(), 100),
      ...methods,
    },
  };
  return answeringChain(answers, changes, onAsked);
}

const someSubmission = {
  ...{ taskId: 1n, client: zeroAddress, minerId: 1, typeId: 1, feeWei: 1n, difficultyBps: 1, deadline: 1n },
  ...{ inputHash: keccak256("0x"), input: "0x" },
} as const;
