import { type Hex } from "viem";
import { type Connection } from "../chain/connection";
import { type Fold } from "../chain/events/eventLog";
import { provenModels } from "./taskTypes";

interface State {
  readonly typeOf: Map<bigint, number>;
  /** By epoch, then by type. */
  readonly completed: Map<bigint, Map<number, number>>;
}

const work: Fold<State> = {
  names: ["TaskSubmitted", "TaskCompleted"],
  start: () => ({ typeOf: new Map(), completed: new Map() }),
  copy: ({ typeOf, completed }) => ({
    typeOf: new Map(typeOf),
    completed: new Map([...completed].map(([epoch, counts]) => [epoch, new Map(counts)])),
  }),
  apply: ({ typeOf, completed }, event) => {
    if (event.name === "TaskSubmitted") typeOf.set(event.args.taskId, event.args.typeId);
    if (event.name !== "TaskCompleted") return;
    const { taskId, epoch } = event.args;
    const typeId = typeOf.get(taskId)!;
    const counts = completed.get(epoch) ?? new Map<number, number>();
    completed.set(epoch, counts.set(typeId, (counts.get(typeId) ?? 0) + 1));
  },
};

/** How many tasks were proven for each epoch, by the hash of the model that did them. */
export async function provenWork({
  events,
}: Pick<Connection, "events">): Promise<(epoch: number) => readonly (readonly [modelHash: Hex, tasks: number])[]> {
  const [{ completed }, models] = await Promise.all([events.fold(work), provenModels({ events })]);
  return (epoch) =>
    [...(completed.get(BigInt(epoch)) ?? [])].flatMap(([typeId, tasks]) => {
      const modelHash = models.get(typeId);
      return modelHash === undefined ? [] : [[modelHash, tasks] as const];
    });
}
