import { registerMiner } from "../actions/miners";
import { fromEpochWords, waitUntil } from "../actions/waiting";
import { startOf } from "../views/epochTimes";
import { addressOf } from "../chain/signer";
import { openArchive } from "../keeper/archive/epochArchive";
import { rankingOrders } from "../core/minerRanking";
import { formatMdt, percentOfWad, percentText } from "../show/amounts";
import { durationText } from "../show/moments";
import { renderTable } from "../show/table";
import { formatU16, lastStanding } from "../views/lastStanding";
import { listMinersAtWork } from "../views/minerRanking";
import { chainAndSignerOf, chainOf } from "./context";
import { parseChoice, parseWhole } from "./parameters";
import { tell } from "./terminal";
import { type Runs } from "./table";

export const miner: Runs<"miner", "profile" | "start"> = {
  async list({ sort, type }, context) {
    const listing = {
      sort: sort === undefined ? undefined : parseChoice("sort", sort, rankingOrders),
      typeId: type === undefined ? undefined : parseWhole("type", type, 2 ** 32 - 1),
    };
    const chain = await chainOf(context);
    const listed = await listMinersAtWork(chain, listing);
    if (listed.length === 0) return { json: listed, text: "There are no miners yet." };
    const standing = await lastStanding(chain, await openArchive(chain));
    const miners = listed.map((miner) => ({
      ...miner,
      standing: standing.miners.get(miner.account.toLowerCase()) ?? null,
    }));
    return {
      json: miners,
      text: renderTable(
        [
          ...[">id", "account", "name", ">active from epoch", ">tasks this epoch", ">tasks last epoch", ">consensus"],
          ...[">incentive", ">score", ">completed", ">of tasks", ">latency", ">price MDT", ">open"],
        ],
        miners.map((miner) => [
          String(miner.minerId),
          miner.account,
          miner.profile?.name ?? "",
          String(miner.activeFromEpoch),
          String(miner.completedThisEpoch),
          String(miner.completedLastEpoch),
          miner.standing === null ? "" : formatU16(miner.standing.consensusU16),
          miner.standing === null ? "" : formatU16(miner.standing.incentiveU16),
          miner.scoreWad === null ? "new" : percentOfWad(miner.scoreWad),
          miner.completedShareBps === null ? "" : percentText(miner.completedShareBps),
          String(miner.completedTasks + miner.missedTasks),
          miner.latencySeconds === null ? "" : durationText(miner.latencySeconds),
          miner.priceWei === null ? "" : formatMdt(miner.priceWei),
          String(miner.openTasks),
        ]),
      ),
    };
  },

  async register({ wait, ...sender }, context) {
    const { chain, signer } = await chainAndSignerOf(context, sender);
    const account = addressOf(signer);
    const { minerId, priceWei, activeFromEpoch } = await registerMiner(chain, signer);
    const fromEpoch = await fromEpochWords(chain, activeFromEpoch);
    if (wait) await waitUntil(chain, startOf(chain, activeFromEpoch), `epoch ${activeFromEpoch}`, tell);
    return {
      json: { minerId, account, priceWei, activeFromEpoch },
      text:
        priceWei === 0n
          ? `Nothing to do: ${account} is already miner ${minerId}. It may complete tasks ${fromEpoch}.`
          : `${account} is miner ${minerId}; registering cost ${formatMdt(priceWei)} MDT. It may complete tasks ${fromEpoch}.`,
    };
  },
};
