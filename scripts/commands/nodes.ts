/** `miner start` and `validator start`. */
import { maxEndpointBytes } from "../actions/profile";
import { startMiner } from "../nodes/miner/miner";
import { minerWording, validatorWording } from "../nodes/run/nodeEvents";
import { startValidator } from "../nodes/validator/validator";
import { whileReporting } from "../serve/reporting";
import { type NodeServing, startServedNode } from "../serve/services";
import { type Arguments, type node } from "./command";
import { type Context } from "./commandLine";
import { parseListen, parseWhole } from "./parameters";
import { untilSignalled } from "./terminal";
import { type Run } from "./table";

type NodeArguments = Arguments<typeof node>;

/** Options that both have in common. */
function optionsOf({ concurrency = "1", endpoint, once, dryRun, from }: NodeArguments, { endpoints }: Context) {
  if (endpoint !== undefined && !isPublicUrl(endpoint)) {
    throw new Error(
      `--endpoint must be an http or https URL of at most ${maxEndpointBytes} bytes without a key in it, not "${endpoint}".`,
    );
  }
  const most = parseWhole("concurrency", concurrency, 64, 1);
  return { endpoints, keys: process.env, from, once, dryRun, publicUrl: endpoint, concurrency: most };
}

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text) || Buffer.byteLength(text) > maxEndpointBytes) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === "";
}

function servingOf({ listen, port, host }: NodeArguments): NodeServing {
  const [, listenHost, listenPort] = /^(.+):(\d+)$/.exec(listen ?? "") ?? [];
  if (listen !== undefined && listenPort === undefined) {
    throw new Error(`--listen must be HOST:PORT, as in 0.0.0.0:8081, not "${listen}".`);
  }
  return {
    blobs: listenPort === undefined ? undefined : parseListen(listenHost, listenPort, "listen"),
    monitoring: port === undefined ? undefined : parseListen(host, port),
  };
}

export const miner: Run<"miner", "start"> = async (args, context) => {
  const { worker, seconds = "300", types, crs, json } = args;
  const options = {
    ...optionsOf(args, context),
    worker,
    taskSeconds: parseWhole("seconds", seconds, 86_400, 1),
    types: types?.split(",").map((type) => parseWhole("types", type.trim(), 2 ** 32 - 1)) ?? null,
    crs,
    stopping: untilSignalled(),
  };
  const serving = servingOf(args);
  await whileReporting("miner", minerWording, process.env, json, (listeners) =>
    startServedNode(listeners, serving, (served) => startMiner({ ...options, ...served })),
  );
  return undefined;
};

export const validator: Run<"validator", "start"> = async (args, context) => {
  const options = { ...optionsOf(args, context), scorer: args.scorer, stopping: untilSignalled() };
  const serving = servingOf(args);
  await whileReporting("validator", validatorWording, process.env, args.json, (listeners) =>
    startServedNode(listeners, serving, (served) => startValidator({ ...options, ...served })),
  );
  return undefined;
};
