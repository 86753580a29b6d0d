import { type Arguments, type CommandOutput, type Parameter } from "../command";
import { type Context } from "../network";
import { account, rewards, unscoped } from "./general";
import { config, policy, roles, state } from "./governing";
import { epoch, keeper, settlement, treasury } from "./settling";
import { score, validator } from "./validating";
import { gateway, miner, task } from "./work";

/**
 * Every command that needs no Hardhat: by scope ("" for those without one) and name, what it is for and its options. `mdt`
 * and Hardhat both read this table; what a command does stands in runs.ts.
 */
export const table = {
  "": unscoped,
  account,
  config,
  epoch,
  gateway,
  keeper,
  miner,
  policy,
  rewards,
  roles,
  score,
  settlement,
  state,
  task,
  treasury,
  validator,
} as const;

export type Table = typeof table;

/** What the command `N` of the scope `S` does. */
export type Run<S extends keyof Table, N extends keyof Table[S]["commands"]> = Table[S]["commands"][N] extends {
  readonly params: infer P extends Readonly<Record<string, Parameter>>;
}
  ? (args: Arguments<P>, context: Context) => Promise<CommandOutput | undefined>
  : never;

/** What the commands of the scope `S` do, but for `E`, which stand elsewhere. */
export type Runs<S extends keyof Table, E extends keyof Table[S]["commands"] = never> = {
  readonly [N in Exclude<keyof Table[S]["commands"], E>]: Run<S, N>;
};
