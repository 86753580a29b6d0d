import { type CommandOutput, type Declaration, Drafted, optionOf, type Parameters, type UncheckedRun } from "./command";

/**
 * Runs a command and prints what it found: text for people, one JSON value with `--json`. Whatever goes wrong becomes one
 * sentence on stderr, nothing on stdout, and exit code 1; but a command is run again where what it read contradicts itself and
 * another endpoint can be asked.
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
    const { errorSentence } = await import("../show/errorSentence");
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
      const { goesOnElsewhere } = await import("./context");
      if (!goesOnElsewhere(context, error)) throw error;
    }
  }
}

function requireParameters(params: Parameters, given: Readonly<Record<string, string | boolean | undefined>>): void {
  for (const [name, { kind, description }] of Object.entries(params)) {
    if (kind !== "required" || given[name] !== undefined) continue;
    throw new Error(`${optionOf(name)} is missing: ${description}.`);
  }
}

/**
 * Prints a text and waits until it is out: the process may end right after, and a pipe takes long texts piece by piece. A reader
 * who has seen enough is no failure.
 * @throws Error where it can't be written.
 */
export function print(text: string): Promise<void> {
  // Told to the callback below too; without a listener it would end the process.
  process.stdout.once("error", () => undefined);
  return new Promise((resolve, reject) => {
    process.stdout.write(`${text}\n`, (error?: NodeJS.ErrnoException | null) => {
      if (error === undefined || error === null || error.code === "EPIPE") resolve();
      else reject(new Error(`Can't write the output: ${error.message}.`));
    });
  });
}

/** JSON with every bigint as a decimal string. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}
