import { totalOf } from "../core/stateExport";
import { openArchive } from "../keeper/archive/openArchive";
import { writeWhole } from "../keeper/archive/textFile";
import { formatMdt } from "../show/amounts";
import { readState } from "../views/stateExport";
import { chainOf } from "./context";
import { type Runs } from "./table";

export const runs: Runs<"state"> = {
  async export({ out }, context) {
    const chain = await chainOf(context);
    const { holdings, positions, ...state } = await readState(chain, await openArchive(chain));
    const accounts = holdings.map((one) => ({
      ...one,
      totalWei: totalOf(one),
      positions: positions.get(one.account) ?? [],
    }));
    const file = { ...state, accounts };
    const text = JSON.stringify(file, (_key, value: unknown) => (typeof value === "bigint" ? String(value) : value), 2);
    await writeWhole(out, [`${text}\n`]);
    const isPaused = await chain.contracts.treasury.read.paused();
    const warning = isPaused
      ? ""
      : " Warning: claims and settlements are possible now. Pause the Treasury before the export that you will use.";
    return {
      json: file,
      text: `${out} has ${accounts.length} accounts as of block ${state.block}. With ${formatMdt(state.restWei)} MDT of the pool and of roundings they add up to the whole supply, ${formatMdt(state.totalSupplyWei)} MDT.${warning}`,
    };
  },
};
