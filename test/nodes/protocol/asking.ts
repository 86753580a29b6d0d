import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type AskingOptions } from "../../../scripts/nodes/protocol/asker";
import { type Failed, openWorker, type Worker, type WorkAnswer } from "../../../scripts/nodes/protocol/questions";

/** What the tests' program does with a question: shell commands, by the question's input. */
const ownSettlements: Readonly<Record<string, string>> = {
  number: 'say "$$"',
  question: 'say "$question"',
  wait: 'sleep 0.3; say "$$"',
  "a MiB": "head -c 1048576 /dev/zero | answer",
  decline: `echo '{ "taskId": 9, "cost": 1, "decline": "too dear" }'`,
  logs: `printf 'first\\n\\nsecond\\n' >&2; say logged`,
  "end after the answer": 'say "$$"; exit',
  "an answer too much": 'say mine; sleep 0.05; say "the next one"',
  hang: "sleep 1000",
  crash: "exit 3",
  "crash in the middle": `printf '{ "result": "aGF'; exit 3`,
  garbage: "echo I am a teapot",
  "a list": "echo '[]'",
  "a field twice": `echo '{ "result": "", "result": "" }'`,
  nothing: "echo '{}'",
  both: `echo '{ "result": "", "decline": "" }'`,
  "no base64": `echo '{ "result": "%%%%" }'`,
  "base64 without padding": `echo '{ "result": "YQ" }'`,
  "more than a MiB": "head -c 1048577 /dev/zero | answer",
  "a line of 3 MiB": "head -c 3145728 /dev/zero | tr '\\0' x; echo",
  "a line without end": "yes | tr -d '\\n'",
  "two answers": `printf '%s\\n%s\\n' '{ "result": "" }' '{ "result": "" }'`,
};

const branches = Object.entries(ownSettlements).map(
  ([breach, commands]) => `*'"input":"${Buffer.from(breach).toString("base64")}"'*) ${commands};;`,
);

/** A worker that behaves well or badly: a shell that runs, for each question, the commands that the input names. */
export const moody = `
  answer() { printf '{ "result": "%s" }\\n' "$(base64 | tr -d '\\n')"; }
  say() { printf %s "$1" | answer; }
  while read -r question; do case "$question" in
    ${branches.join("\n    ")}
  esac; done`;

/** A signal that never aborts. */
export const never = new AbortController().signal;

/** A time limit that only a hanging worker exceeds. */
export const patience: AskingOptions = { concurrency: 1, timeoutMilliseconds: 120_000, onLog: () => undefined };

/** Call it in a `describe`. @returns A function that opens a worker, with its logs, and closes it after the test. */
export function openWorkers(): (
  source: string,
  options?: Partial<AskingOptions>,
) => { readonly worker: Worker; readonly logs: readonly string[] } {
  const open: Worker[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((worker) => worker.close()));
  });
  return (source, options) => {
    const logs: string[] = [];
    const worker = openWorker(source, { ...patience, onLog: (line) => logs.push(line), ...options });
    open.push(worker);
    return { worker, logs };
  };
}

/** Asks a worker about an input that is text. @returns The result as text; any other answer unchanged. */
export async function ask(worker: Worker, input: string, stopping = never): Promise<string | WorkAnswer | Failed> {
  const request = { taskId: 7, typeId: 2, input: Buffer.from(input), deadline: 1_900_000_000 };
  const answer = await worker.answer(request, stopping);
  return answer.kind === "result" ? Buffer.from(answer.result).toString() : answer;
}

/** Resolves once no process with this id runs. @param told The id, as a program wrote it. */
export async function isGone(told: unknown): Promise<void> {
  if (!/^\d+$/.test(String(told))) throw new Error(`${String(told)} is not a process' number.`);
  while (isRunning(Number(told))) await sleep(10);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // A process that has ended keeps its id until its parent reaps it.
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return true;
  }
}
