import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type Hex } from "viem";
import { requireWholeEvents } from "../chain/badAnswers";
import { readMiners } from "../keeper/facts/registries";
import { describeTasks, findTasks, type TaskEvents } from "../views/taskRecords";
import { type Head, type Heads } from "./source";
import { NotFoundError, sayHowLong } from "./http";
import { answers, toWire } from "./answers";
import { plainQuery, taskParam, tasksQuery } from "./questions";
import { taskAnswer, tasksAnswer } from "./schemas/network";

const get = { method: "get" as const, tags: ["tasks"] };

const page = createRoute({
  ...get,
  path: "/v1/tasks",
  operationId: "listTasks",
  summary: "Tasks with their inputs and results, the newest first, a page at a time",
  description:
    "With `status`, a page may have fewer than `limit` tasks, or none, and still a `next`: " +
    "one answer looks at a limited number of tasks.",
  request: { query: tasksQuery },
  responses: answers(tasksAnswer, "A page"),
});

const one = createRoute({
  ...get,
  path: "/v1/tasks/{task}",
  operationId: "getTask",
  summary: "One task: terms, input, result, and when",
  request: { params: taskParam, query: plainQuery },
  responses: answers(taskAnswer, "The task"),
});

/** Most blocks whose times are remembered. */
const keptTimes = 2_000;

/** Adds the routes about tasks. */
export function addTaskRoutes(app: OpenAPIHono, heads: Heads): void {
  let times: ReadonlyMap<Hex, number> = new Map();
  const known = heads.once(async ({ view }) => {
    const [[newest], count, miners] = await Promise.all([
      view.events.select(["TaskSubmitted"], { newest: 1 }),
      view.contracts.taskRegistry.read.taskCount(),
      readMiners(view),
    ]);
    requireWholeEvents("The id of the newest task", newest?.args.taskId ?? 0n, count);
    return { count: Number(count), miners };
  });

  const describe = async ({ view }: Head, tasks: readonly TaskEvents[]) => {
    const { miners } = await known();
    const accountOf = (minerId: number) => miners[minerId - 1]!.account;
    const { described, times: needed } = await describeTasks(view, tasks, accountOf, times);
    times = new Map([...times, ...needed].slice(-keptTimes));
    return described;
  };

  app.openapi(page, async (c) => {
    const head = await heads.current();
    const [{ count }, { tasks, next }] = await Promise.all([known(), findTasks(head.view, c.req.valid("query"))]);
    return c.json(toWire({ tasks: await describe(head, tasks), count, next }), 200);
  });
  app.openapi(one, async (c) => {
    const { task } = c.req.valid("param");
    const head = await heads.current();
    const [{ count }, found] = await Promise.all([known(), findTasks(head.view, { from: task, limit: 1 })]);
    if (task > count)
      throw new NotFoundError(`There is no task ${task}. Tasks submitted so far: ${count}, starting with 1.`);
    const [described] = await describe(head, found.tasks);
    const { ended } = described!;
    sayHowLong(c, ended !== null && BigInt(ended.blockNumber) <= head.finalBlock);
    return c.json(toWire(described!), 200);
  });
}
