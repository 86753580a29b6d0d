/** Tasks, and who does them: what these commands are for, and their options. */
import { optional, required, type Scope, crs, from, host, node, sending, sendingByKey, type, wait } from "../command";
import { profile } from "./validating";

export const miner = {
  description: "Register and list miners",
  commands: {
    list: {
      description:
        "List the miners with their recent tasks and their service in the last eight scored epochs; --json: " +
        "[{ minerId, account, profile: { name, site, contact } | null, activeFromEpoch, completedThisEpoch, " +
        "completedLastEpoch, scoreWad | null, " +
        "completedShareBps | null, latencySeconds | null, priceWei | null, completedTasks, missedTasks, openTasks, " +
        "standing: { consensusU16, incentiveU16 } | null }]",
      params: {
        sort: optional("Sort by score, share, latency or price, best first (default: by id)"),
        type: optional("Count only tasks of this type (default: all)"),
      },
    },
    profile,
    register: {
      description: "Register as a miner: pay the registration price and get an id",
      params: { wait: wait("until it may complete tasks"), ...sending },
    },
    start: {
      description: "Run a miner: do its tasks as they come, until stopped; --json: one event per line",
      params: {
        worker: required("Worker: digits (built in), a URL, or a command to start"),
        types: optional("Task types to accept, comma-separated (default: all)"),
        seconds: optional("Time limit of the worker for one task, in seconds (default 300)"),
        crs,
        ...node,
      },
    },
  },
} as const satisfies Scope;

export const task = {
  description: "Submit, complete and list tasks",
  commands: {
    complete: {
      description: "Submit the result of a task as its miner",
      params: {
        task: required("Id of the task"),
        result: optional("The result as text, readable by everyone (default: empty)"),
        file: optional("A file with the result, instead of --result; at most 1 MiB"),
        proof: optional("A file with the proof, if the task's type requires one"),
        input: optional("A file with the input, for the proof (default: the input on chain)"),
        ...sending,
      },
    },
    list: { description: "List all tasks and their status", params: {} },
    prove: {
      description:
        "Prove the result of a task whose type requires a proof; --json: { taskId, minerId, modelHash, bytes, seconds, proof: base64 or file }",
      params: {
        task: required("Id of the task"),
        file: required("A file with the model's result"),
        input: optional("A file with the input (default: the input on chain)"),
        crs,
        out: optional("Write the proof to this file, for `task complete --proof`"),
      },
    },
    refund: {
      description: "Refund the fee of a task whose deadline has passed to its client",
      params: { task: required("Id of the task"), ...sending },
    },
    result: {
      description:
        "Get the result of a completed task, from the chain or from a node that serves it, checked against its hash",
      params: {
        task: required("Id of the task"),
        out: optional("Write it to this file (default: print it, in base64 with --json)"),
      },
    },
    run: {
      description:
        "Submit a task and wait: pick a miner, pay, check the result, and reclaim the fee after a missed deadline; " +
        "--json: { kind: completed or missed, taskId, minerId, feeWei, result: base64 or null, seconds }",
      params: {
        type,
        input: required("A file with the input; at most 1 MiB"),
        miner: optional("Miner, by id or address (default: the best one)"),
        amount: optional("Fee in MDT (default: the type's minimum)"),
        seconds: optional("Time until the deadline, in seconds (default 600)"),
        out: optional("Write the result to this file (default: print it)"),
        ...sendingByKey,
      },
    },
    submit: {
      description: "Pay for a task and choose its miner",
      params: {
        miner: required("Miner, by id or address"),
        input: optional("The input as text, readable by everyone (default: empty)"),
        file: optional("A file with the input, instead of --input; at most 1 MiB"),
        type,
        amount: optional("Fee in MDT (default: the type's minimum)"),
        seconds: optional("Time until the deadline, in seconds (default 3600)"),
        ...sending,
      },
    },
    types: {
      description:
        "List the task types: their minimum fee, and whether scores or proofs of a model judge their results",
      params: {},
    },
    watch: {
      description: "Follow tasks until stopped; --json: one event per line",
      params: {
        task: optional("Only this task, until it is completed or refunded"),
      },
    },
  },
} as const satisfies Scope;

export const gateway = {
  description: "Tasks over HTTP for applications that hold no key",
  commands: {
    start: {
      description:
        "Serve POST /v1/run, paid by this account, until stopped: anyone who reaches the port can spend its MDT",
      params: {
        port: optional("Port to serve on (default 8090; 0 takes a free port)"),
        host,
        maxFee: optional("Maximum fee for one task, in MDT (default: unlimited)"),
        openTasks: optional("Maximum number of open tasks (default 100)"),
        from,
      },
    },
  },
} as const satisfies Scope;
