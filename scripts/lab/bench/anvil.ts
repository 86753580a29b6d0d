import { spawn } from "node:child_process";

/** anvil, a process of its own on a free port. */
export interface Anvil {
  readonly url: string;
  stop(): void;
}

/**
 * Starts anvil with the accounts and the chain id of Hardhat's chain; it mines when told to, and takes transactions in the
 * order in which they came.
 * @returns undefined on a platform for which there is no package of anvil.
 */
export async function startAnvil(): Promise<Anvil | undefined> {
  const program = anvilProgram();
  if (program === undefined) return undefined;
  const place = ["--host", "127.0.0.1", "--port", "0"];
  const rules = [
    "--hardfork",
    "osaka",
    "--chain-id",
    "31337",
    "--accounts",
    "40",
    "--no-mining",
    "--order",
    "fifo",
    "--no-request-size-limit",
  ];
  const child = spawn(program, [...place, ...rules, "--timestamp", "1"], { stdio: ["ignore", "pipe", "inherit"] });
  const stop = () => void child.kill();
  process.once("exit", stop);
  const url = await new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const listening = /Listening on (\S+)/.exec(output)?.[1];
      if (listening !== undefined) resolve(`http://${listening}`);
    });
    child.once("exit", () => {
      reject(new Error(`anvil ended before it listened: ${output}`));
    });
  });
  return { url, stop };
}

function anvilProgram(): string | undefined {
  try {
    return require.resolve("@foundry-rs/anvil-linux-amd64/bin/anvil");
  } catch {
    return undefined;
  }
}
