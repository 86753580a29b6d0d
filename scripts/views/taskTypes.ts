/** The kinds of tasks, which of them are proven, and how many tasks were. */
import { type Address, type Hex, zeroHash } from "viem";
import { type Connection } from "../chain/connection";
import { type Contracts } from "../chain/contracts";
import { type Fold } from "../chain/events/eventLog";

/** A kind of task. */
export interface TaskType {
  readonly typeId: number;
  readonly name: string;
  readonly difficultyBps: number;
  /** The least that a task of this type costs now. */
  readonly minimumFeeWei: bigint;
  readonly isOpen: boolean;
  /** The contract that verifies proofs of its results, and the model that they are of; null if scores judge. */
  readonly proof: { readonly verifier: Address; readonly modelHash: Hex } | null;
}

/** As of the pending block, because a task is paid for in that one. */
const inNextBlock = { blockTag: "pending" } as const;

/** Every type, by id. @param names The names of the first ones; a type that was added later is named by its number. */
export async function readTaskTypes(
  { taskRegistry }: Pick<Contracts, "taskRegistry">,
  names: readonly string[],
): Promise<readonly TaskType[]> {
  const types = await taskRegistry.read.taskTypes(inNextBlock);
  const minimumFeesWei = await Promise.all(
    types.map((_, typeId) => taskRegistry.read.minimumFeeWei([typeId], inNextBlock)),
  );
  return types.map(({ difficultyBps, isOpen, verifier, modelHash }, typeId) => ({
    typeId,
    name: names[typeId] ?? `type ${typeId}`,
    difficultyBps,
    minimumFeeWei: minimumFeesWei[typeId]!,
    isOpen,
    proof: modelHash === zeroHash ? null : { verifier, modelHash },
  }));
}

const models: Fold<Map<number, Hex>> = {
  names: ["TaskTypeSet"],
  start: () => new Map(),
  copy: (known) => new Map(known),
  apply: (known, event) => {
    if (event.name !== "TaskTypeSet") return;
    const { typeId, modelHash } = event.args;
    if (modelHash !== zeroHash) known.set(typeId, modelHash);
  },
};

/** The models whose results are proven, by the id of the type; types that scores judge are not among them. */
export function provenModels({ events }: Pick<Connection, "events">): Promise<ReadonlyMap<number, Hex>> {
  return events.fold(models);
}

/** How many tasks were proven for each epoch, by the hash of the model that did them. */
export async function provenWork({
  events,
}: Pick<Connection, "events">): Promise<(epoch: number) => readonly (readonly [modelHash: Hex, tasks: number])[]> {
  const models = await provenModels({ events });
  const typeOf = new Map<bigint, number>();
  const counts = new Map<bigint, Map<Hex, number>>();
  for (const { name, args } of await events.select(["TaskSubmitted", "TaskCompleted"])) {
    if (name === "TaskSubmitted") typeOf.set(args.taskId, args.typeId);
    const modelHash = name === "TaskCompleted" ? models.get(typeOf.get(args.taskId)!) : undefined;
    if (name !== "TaskCompleted" || modelHash === undefined) continue;
    const ofEpoch = counts.get(args.epoch) ?? new Map<Hex, number>();
    counts.set(args.epoch, ofEpoch.set(modelHash, (ofEpoch.get(modelHash) ?? 0) + 1));
  }
  return (epoch) => [...(counts.get(BigInt(epoch)) ?? [])];
}
