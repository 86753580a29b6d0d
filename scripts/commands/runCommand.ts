import { type CommandOutput, type Declaration, Drafted, optionOf, type Parameters, type UncheckedRun } from "./command";
import { type Context } from "./commandLine";
import { type Run, type Runs, type Table } from "./table";
import { print, toJson } from "./terminal";

/**
 * Runs a command and prints its output: text for people, one JSON value with `--json`. A failure becomes one sentence
 * on stderr, nothing on stdout, and exit code 1. But if what the command read contradicts itself and another endpoint
 * can be asked, it runs again.
 * @param load Loads the code of the command.
 */
export async function runCommand<C extends object>(
  { params }: Declaration,
  load: () => Promise<UncheckedRun<C>>,
  args: Readonly<Record<string, string | boolean | undefined>>,
  context: C,
): Promise<void> {
  try {
    requireParameters(params, args);
    const run = await load();
    const output = await runThrough(run, args, context);
    process.exitCode = output?.exitCode ?? 0;
    if (output !== undefined) await print(args.json ? toJson(output.json) : output.text);
  } catch (error) {
    const { errorSentence } = await import("./context");
    process.stderr.write(`${errorSentence(error, args.json === true)}\n`);
    process.exitCode = 1;
  }
}

async function runThrough<C extends object>(
  run: UncheckedRun<C>,
  args: Readonly<Record<string, string | boolean | undefined>>,
  context: C,
): Promise<CommandOutput | undefined> {
  for (;;) {
    try {
      return await run(args as never, context);
    } catch (error) {
      if (error instanceof Drafted) return error.output;
      const { shouldFailOver } = await import("./context");
      if (!shouldFailOver(context, error)) throw error;
    }
  }
}

function requireParameters(params: Parameters, given: Readonly<Record<string, string | boolean | undefined>>): void {
  for (const [name, { kind, description }] of Object.entries(params)) {
    if (kind !== "required" || given[name] !== undefined) continue;
    throw new Error(`${optionOf(name)} is missing: ${description}.`);
  }
}

type Scopes = Exclude<keyof Table, "">;
type Load<S extends keyof Table, N extends keyof Table[S]["commands"]> = () => Promise<Run<S, N>>;

/** A command's code is loaded when it is called, so help and offline commands wait for nothing else. */
const files: { readonly [S in Scopes]: () => Promise<{ readonly [_ in S]: Runs<S, ElsewhereIn<S>> }> } = {
  account: () => import("./account"),
  config: () => import("./offline"),
  epoch: () => import("./epoch"),
  gateway: () => import("./taskClient"),
  keeper: () => import("./keeper"),
  miner: () => import("./miner"),
  policy: () => import("./policy"),
  rewards: () => import("./rewards"),
  roles: () => import("./governing"),
  score: () => import("./score"),
  settlement: () => import("./settlement"),
  state: () => import("./tokens"),
  task: () => import("./task"),
  treasury: () => import("./governing"),
  validator: () => import("./validator"),
};

/** Commands in another file than the rest of their scope, since they need other code. */
const elsewhere = {
  "": {
    completion: async () => (await import("./help")).completion,
    dashboard: async () => (await import("./dashboard")).dashboard,
    supply: async () => (await import("./tokens")).supply,
  },
  epoch: {
    preview: async () => (await import("./offline")).preview,
    watch: async () => (await import("./watch")).watchEpochs,
  },
  miner: {
    profile: async () => (await import("./validator")).validator.profile,
    start: async () => (await import("./nodes")).miner,
  },
  rewards: {
    income: async () => (await import("./income")).income,
    tree: async () => (await import("./offline")).tree,
  },
  score: { consensus: async () => (await import("./offline")).consensus },
  task: {
    result: async () => (await import("./taskClient")).result,
    run: async () => (await import("./taskClient")).run,
    watch: async () => (await import("./watch")).watchTasks,
  },
  validator: {
    leaders: async () => (await import("./validatorLists")).leaders,
    list: async () => (await import("./validatorLists")).list,
    start: async () => (await import("./nodes")).validator,
  },
} satisfies { readonly [S in keyof Table]?: { readonly [N in keyof Table[S]["commands"]]?: Load<S, N> } };
type Elsewhere = typeof elsewhere;
type ElsewhereIn<S extends keyof Table> = S extends keyof Elsewhere
  ? keyof Elsewhere[S] & keyof Table[S]["commands"]
  : never;

/** The code of a command of the table, for arguments that its declaration read. */
export async function runOf(scope: string, name: string): Promise<UncheckedRun<Context>> {
  const alone: Readonly<Record<string, Readonly<Record<string, () => Promise<UncheckedRun<Context>>>>>> = elsewhere;
  const load = alone[scope]?.[name];
  if (load !== undefined) return load();
  const { [scope as Scopes]: runs } = await (
    files[scope as Scopes] as () => Promise<Readonly<Record<string, object>>>
  )();
  return (runs as Readonly<Record<string, UncheckedRun<Context>>>)[name]!;
}
