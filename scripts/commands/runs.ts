import { type Context } from "./network";
import { type UncheckedRun } from "./command";
import { type Run, type Table } from "./table";

/** Loads the code of one command. */
type Loader<S extends keyof Table, N extends keyof Table[S]["commands"]> = () => Promise<Run<S, N>>;

/** What each command of the table does. Code is loaded when its command is called: help and offline commands wait for nothing else. */
const runs: { readonly [S in keyof Table]: { readonly [N in keyof Table[S]["commands"]]: Loader<S, N> } } = {
  "": {
    completion: async () => (await import("./help")).completion,
    dashboard: async () => (await import("./dashboard")).dashboard,
    supply: async () => (await import("./supply")).supply,
  },
  account: {
    show: async () => (await import("./account")).show,
  },
  config: {
    check: async () => (await import("./config")).runs.check,
    template: async () => (await import("./config")).runs.template,
  },
  epoch: {
    history: async () => (await import("./epoch")).runs.history,
    inputs: async () => (await import("./epoch")).runs.inputs,
    preview: async () => (await import("./offline")).preview,
    repost: async () => (await import("./epoch")).runs.repost,
    settle: async () => (await import("./epoch")).runs.settle,
    status: async () => (await import("./epoch")).runs.status,
    verify: async () => (await import("./epoch")).runs.verify,
    watch: async () => (await import("./epochWatch")).watch,
  },
  gateway: {
    start: async () => (await import("./taskClient")).gateway,
  },
  keeper: {
    accept: async () => (await import("./keeper")).runs.accept,
    keystore: async () => (await import("./keeper")).runs.keystore,
    start: async () => (await import("./keeper")).runs.start,
    watch: async () => (await import("./keeper")).runs.watch,
  },
  miner: {
    list: async () => (await import("./miner")).runs.list,
    profile: async () => (await import("./validator")).runs.profile,
    register: async () => (await import("./miner")).runs.register,
    start: async () => (await import("./nodes")).miner,
  },
  policy: {
    diff: async () => (await import("./policy")).runs.diff,
    publish: async () => (await import("./policy")).runs.publish,
    show: async () => (await import("./policy")).runs.show,
    simulate: async () => (await import("./policy")).runs.simulate,
    stress: async () => (await import("./policy")).runs.stress,
  },
  rewards: {
    "auto-stake": async () => (await import("./rewards")).runs["auto-stake"],
    claim: async () => (await import("./rewards")).runs.claim,
    "claim-for": async () => (await import("./rewards")).runs["claim-for"],
    claimable: async () => (await import("./rewards")).runs.claimable,
    income: async () => (await import("./income")).income,
    proof: async () => (await import("./rewards")).runs.proof,
    recipient: async () => (await import("./rewards")).runs.recipient,
    tree: async () => (await import("./offline")).tree,
  },
  roles: {
    grant: async () => (await import("./roles")).runs.grant,
    handover: async () => (await import("./roles")).runs.handover,
    list: async () => (await import("./roles")).runs.list,
    revoke: async () => (await import("./roles")).runs.revoke,
  },
  score: {
    commit: async () => (await import("./score")).runs.commit,
    consensus: async () => (await import("./offline")).consensus,
    reveal: async () => (await import("./score")).runs.reveal,
  },
  settlement: {
    show: async () => (await import("./settlement")).runs.show,
    sign: async () => (await import("./settlementSign")).sign,
    submit: async () => (await import("./settlement")).runs.submit,
  },
  state: {
    export: async () => (await import("./state")).runs.export,
  },
  task: {
    complete: async () => (await import("./task")).runs.complete,
    list: async () => (await import("./task")).runs.list,
    prove: async () => (await import("./taskProve")).prove,
    refund: async () => (await import("./task")).runs.refund,
    result: async () => (await import("./taskClient")).result,
    run: async () => (await import("./taskClient")).run,
    submit: async () => (await import("./task")).runs.submit,
    types: async () => (await import("./task")).runs.types,
    watch: async () => (await import("./taskWatch")).watch,
  },
  treasury: {
    pause: async () => (await import("./treasury")).runs.pause,
    unpause: async () => (await import("./treasury")).runs.unpause,
    veto: async () => (await import("./treasury")).runs.veto,
  },
  validator: {
    commission: async () => (await import("./validator")).runs.commission,
    delegate: async () => (await import("./validator")).runs.delegate,
    leaders: async () => (await import("./validatorLists")).leaders,
    list: async () => (await import("./validatorLists")).list,
    operator: async () => (await import("./validator")).runs.operator,
    produce: async () => (await import("./validator")).runs.produce,
    profile: async () => (await import("./validator")).runs.profile,
    redelegate: async () => (await import("./validator")).runs.redelegate,
    register: async () => (await import("./validator")).runs.register,
    report: async () => (await import("./validator")).runs.report,
    stake: async () => (await import("./validator")).runs.stake,
    start: async () => (await import("./nodes")).validator,
    unjail: async () => (await import("./validator")).runs.unjail,
    unstake: async () => (await import("./validator")).runs.unstake,
    withdraw: async () => (await import("./validator")).runs.withdraw,
  },
};

/** The code of a command of the table, whose arguments were read by its declaration. */
export function runOf(scope: string, name: string): Promise<UncheckedRun<Context>> {
  const inScope = runs[scope as keyof Table] as Readonly<Record<string, () => Promise<UncheckedRun<Context>>>>;
  return inScope[name]!();
}
