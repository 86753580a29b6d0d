import { dataDirectory } from "../chain/deployment";
import { writeKeystore } from "../chain/keystore";
import { keystorePassword, parsePrivateKey } from "../chain/signer";
import { acceptEpoch } from "../keeper/run/objections";
import { startKeeper } from "../keeper/run/keeper";
import { startWatch } from "../keeper/watch/watcher";
import { whileReporting } from "../serve/reporting";
import { startServedKeeper, startServedWatch } from "../serve/services";
import { keeperWording } from "../show/describeEvent";
import { watchWording } from "../show/describeWatchEvent";
import { chainOf } from "./context";
import { parseAddress, parseListen, parseWhole } from "./parameters";
import { untilSignalled } from "./terminal";
import { privateKeyToAddress } from "viem/accounts";
import { type Runs } from "./table";

export const keeper: Runs<"keeper"> = {
  async accept({ epoch: epochText }, context) {
    const epoch = parseWhole("epoch", epochText);
    const { deployment, contracts } = await chainOf(context);
    const next = Number(await contracts.treasury.read.nextEpochToSettle());
    if (epoch < next) return { json: { epoch, file: null }, text: `Nothing to do: epoch ${epoch} is settled.` };
    if (epoch > next) throw new Error(`Epoch ${next} must be settled first: check that one.`);
    const file = await acceptEpoch(dataDirectory(deployment.id, process.env.MDT_DATA), epoch);
    return {
      json: { epoch, file },
      text: `Accepted: the keeper that uses this data directory will sign epoch ${epoch} (${file}).`,
    };
  },

  async keystore({ out }) {
    const privateKey = parsePrivateKey(process.env.MDT_PRIVATE_KEY ?? "");
    await writeKeystore(out, privateKey, keystorePassword(process.env));
    const address = privateKeyToAddress(privateKey);
    return {
      json: { address, file: out },
      text: `The key of ${address} is in ${out}. Set MDT_KEYSTORE to it, and unset MDT_PRIVATE_KEY.`,
    };
  },

  async start({ port, host, from: sender, json }, context) {
    const { endpoints } = context;
    const stopping = untilSignalled();
    await whileReporting("keeper", keeperWording, process.env, json, (listeners) => {
      const options = { endpoints, keys: process.env, from: sender, listeners, stopping };
      return port === undefined ? startKeeper(options) : startServedKeeper(options, parseListen(host, port));
    });
    return undefined;
  },

  async watch({ veto, once, known, account, port, host, from: sender, json }, context) {
    if (once && port !== undefined) throw new Error("--once ends after one check: omit it, or omit --port.");
    const { endpoints } = context;
    const guardian = veto ? { keys: process.env, from: sender } : null;
    const knownHolders = known?.split(",").map((address) => parseAddress("known", address.trim())) ?? null;
    const staker = account === undefined ? null : parseAddress("account", account);
    const stopping = untilSignalled();
    const alerts = await whileReporting("watcher", watchWording, process.env, json, (listeners) => {
      const options = { endpoints, veto: guardian, knownHolders, staker, once, listeners, stopping };
      return port === undefined ? startWatch(options) : startServedWatch(options, parseListen(host, port));
    });
    if (once && alerts > 0) throw new Error(`Alerts: ${alerts}.`);
    return undefined;
  },
};
