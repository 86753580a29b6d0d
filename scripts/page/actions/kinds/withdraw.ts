import { type Address, isAddressEqual, type Log, parseEventLogs } from "viem";
import { briefDecimal, formatExactMdt } from "../../../show/amounts";
import { type Action, callOf, type OpenAction, type Site } from "../action";
import { epochStartWords } from "../epochWords";
import { type Choice, FormReader } from "../fields";
import { type Position, readPositions, readValidators, shortAddress } from "../stakeFacts";
import { balanceGrows } from "../stakeWords";

/** Pays out stake that was taken out before. */
export const withdrawAction: Action = {
  id: "withdraw",
  title: "Withdraw",
  purpose: "Get back stake that you took out earlier, once its time has come.",
  open: async (site) => withdrawForm(site, await readPositions(site, await readValidators(site))),
};

/** The form, and what comes of it. */
export function withdrawForm({ contracts, deployment, account }: Site, positions: readonly Position[]): OpenAction {
  const { staking } = contracts;
  const ready = positions.filter(({ withdrawableWei }) => withdrawableWei > 0n);
  const nameOf = (validator: Address) =>
    isAddressEqual(validator, account) ? "your own stake" : `your stake on ${shortAddress(validator)}`;
  const choices: readonly Choice[] = ready.map(({ validator, withdrawableWei }) => ({
    value: validator,
    label: `${briefDecimal(withdrawableWei)} MDT of ${nameOf(validator)}`,
  }));
  const waiting = positions.flatMap(({ validator, exits }) =>
    exits.map(
      ({ amountWei, withdrawableEpoch }) =>
        `${formatExactMdt(amountWei)} MDT of ${nameOf(validator)} can be withdrawn from ${epochStartWords(deployment.clock, Number(withdrawableEpoch))}.`,
    ),
  );
  const nothing = ["Nothing can be withdrawn now.", ...waiting];
  return {
    standing: ready.length === 0 ? nothing : waiting,
    fields: () => (ready.length === 0 ? [] : [{ kind: "choice", name: "validator", label: "What", hint: "", choices }]),
    plan: (values) => {
      if (ready.length === 0) return { kind: "nothing", sentence: nothing.join(" ") };
      const form = new FormReader(values);
      const validator = form.choice("validator", choices) as Address;
      if (form.hasProblems) return { kind: "problems", problems: form.problems };
      const { withdrawableWei } = ready.find((position) => position.validator === validator)!;
      return {
        kind: "plan",
        plan: {
          call: callOf({ ...staking, functionName: "withdraw", args: [validator] }),
          payment: null,
          statements: [
            `You are paid ${formatExactMdt(withdrawableWei)} MDT of ${nameOf(validator)}.`,
            balanceGrows(withdrawableWei),
          ],
          result: (logs: readonly Log[]) => {
            const [withdrawn] = parseEventLogs({ abi: staking.abi, eventName: "Withdrawn", logs: [...logs] });
            return `You were paid ${formatExactMdt(withdrawn?.args.amountWei ?? withdrawableWei)} MDT.`;
          },
        },
      };
    },
  };
}
