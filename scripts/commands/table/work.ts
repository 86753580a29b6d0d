/** Tasks, and who does them: what these commands are for, and their options. */
import { type Scope } from "../command";
import { crs, from, host, node, sending, sendingByKey, type, wait } from "../options";

export const miner = {
  description: "Register and list miners",
  commands: {
    list: {
      description:
        "Every miner, what it completed of late, and how it served its clients in the last eight scored epochs; --json: " +
        "[{ minerId, account, activeFromEpoch, completedThisEpoch, completedLastEpoch, scoreWad | null, " +
        "completedShareBps | null, latencySeconds | null, priceWei | null, completedTasks, missedTasks, openTasks, " +
        "standing: { consensusU16, incentiveU16 } | null }]",
      params: {
        sort: { kind: "optional", description: "The best first: by score, share, latency or price (default: by id)" },
        type: { kind: "optional", description: "Judge by the tasks of this type alone (default: by all)" },
      },
    },
    register: {
      description: "Become a miner: pay the registration price, get an id",
      params: { wait: wait("until it may complete tasks"), ...sending },
    },
    start: {
      description: "Do the tasks of a miner as they come, until stopped; with --json, one event per line",
      params: {
        worker: {
          kind: "required",
          description: "Who does the work: digits (built in), a URL, or a command that is started",
        },
        types: { kind: "optional", description: "The types of tasks to take, separated by commas (default: all)" },
        seconds: { kind: "optional", description: "How long the worker may take for one task (default 300)" },
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
        task: { kind: "required", description: "Id of the task" },
        result: {
          kind: "optional",
          description: "The result, a text for everybody to read (default: empty)",
        },
        file: { kind: "optional", description: "A file with the result, in place of --result; at most 1 MiB" },
        proof: { kind: "optional", description: "A file with the proof that the task's type asks for" },
        input: {
          kind: "optional",
          description: "A file with the input, for the proof (default: what the chain carries of it)",
        },
        ...sending,
      },
    },
    list: { description: "Every task and where it stands", params: {} },
    prove: {
      description:
        "Prove the result of a task whose type asks for that; --json: { taskId, minerId, modelHash, bytes, seconds, proof: base64 or file }",
      params: {
        task: { kind: "required", description: "Id of the task" },
        file: { kind: "required", description: "A file with the result that the model gives" },
        input: { kind: "optional", description: "A file with the input (default: what the chain carries of it)" },
        crs,
        out: { kind: "optional", description: "Write the proof to this file, for `task complete --proof`" },
      },
    },
    refund: {
      description: "Give the fee of a task whose deadline has passed back to its client",
      params: { task: { kind: "required", description: "Id of the task" }, ...sending },
    },
    result: {
      description: "The result of a completed task, from the chain or from whoever serves it, checked by its hash",
      params: {
        task: { kind: "required", description: "Id of the task" },
        out: { kind: "optional", description: "Write it to this file (default: print it, in base64 with --json)" },
      },
    },
    run: {
      description:
        "Have a task done: pick a miner, pay, wait, check the result, and take the fee back after a missed deadline; " +
        "--json: { kind: completed or missed, taskId, minerId, feeWei, result: base64 or null, seconds }",
      params: {
        type,
        input: { kind: "required", description: "A file with what the miner is to work on; at most 1 MiB" },
        miner: { kind: "optional", description: "The miner, by id or by address (default: the best one)" },
        amount: { kind: "optional", description: "The fee in MDT (default: the least that the type costs)" },
        seconds: { kind: "optional", description: "Time until the deadline, in seconds (default 600)" },
        out: { kind: "optional", description: "Write the result to this file (default: print it)" },
        ...sendingByKey,
      },
    },
    submit: {
      description: "Pay for a task and name the miner that is to complete it",
      params: {
        miner: { kind: "required", description: "The miner, by id or by address" },
        input: {
          kind: "optional",
          description: "What the miner is to work on, a text for everybody to read (default: empty)",
        },
        file: { kind: "optional", description: "A file with it, in place of --input; at most 1 MiB" },
        type,
        amount: { kind: "optional", description: "The fee in MDT (default: the least that the type costs)" },
        seconds: { kind: "optional", description: "Time until the deadline, in seconds (default 3600)" },
        ...sending,
      },
    },
    types: {
      description: "Every type of task: what it costs now, and whether scores or proofs of a model judge its results",
      params: {},
    },
    watch: {
      description: "Say what happens to tasks, as it happens, until stopped; with --json, one event per line",
      params: {
        task: { kind: "optional", description: "Only this task, until it is completed or refunded" },
      },
    },
  },
} as const satisfies Scope;

export const gateway = {
  description: "Tasks over HTTP for applications that hold no key",
  commands: {
    start: {
      description:
        "Serve POST /v1/run, paid by this account, until stopped: whoever reaches the port can spend its MDT",
      params: {
        port: { kind: "optional", description: "Port to serve on (default 8090; 0 takes a free port)" },
        host,
        maxFee: { kind: "optional", description: "The most that it pays for one task, in MDT (default: no bound)" },
        openTasks: { kind: "optional", description: "How many tasks are on their way at a time (default 100)" },
        from,
      },
    },
  },
} as const satisfies Scope;
