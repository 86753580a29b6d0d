import { chainOf } from "../shared/chain";
import { command } from "../shared/command";

command({
  scope: "validator",
  name: "list",
  description: "Everybody who ever registered as a validator",
  params: {},
  async run(_args, hre) {
    const { formatMdt } = await import("../../scripts/show/amounts");
    const { formatU16, lastStanding } = await import("../../scripts/views/lastStanding");
    const { openArchive } = await import("../../scripts/keeper/archive/openArchive");
    const { warningOf } = await import("../../scripts/show/revealWarning");
    const { awaitingReveal } = await import("../../scripts/views/revealWindow");
    const { renderTable } = await import("../../scripts/show/table");
    const { listValidators } = await import("../../scripts/views/validatorList");
    const chain = await chainOf(hre);
    const [validators, awaited] = await Promise.all([listValidators(chain), awaitingReveal(chain)]);
    if (validators.length === 0) return { json: validators, text: "There are no validators yet." };
    const standing = await lastStanding(chain, await openArchive(chain));
    const standingOf = (validator: string) => standing.validators.get(validator.toLowerCase()) ?? null;
    const share = (u16: number | null | undefined) =>
      u16 === undefined ? "" : u16 === null ? "by stake" : formatU16(u16);
    const table = renderTable(
      [
        "validator",
        "status",
        ">own MDT",
        ">total MDT",
        ">commission %",
        ">last reveal",
        ">trust",
        ">dividend",
        "operator",
      ],
      validators.map((v) => [
        v.validator,
        v.status,
        formatMdt(v.ownWei),
        formatMdt(v.totalWei),
        (v.commissionBps / 100).toFixed(2),
        v.lastRevealedEpoch === null ? "never" : `epoch ${v.lastRevealedEpoch}`,
        share(standingOf(v.validator)?.validatorTrustU16),
        share(standingOf(v.validator)?.dividendU16),
        v.operator === v.validator ? "itself" : v.operator,
      ]),
    );
    return {
      json: validators.map((v) => ({
        ...v,
        awaitsReveal: awaited?.validators.includes(v.validator) ?? false,
        standing: standingOf(v.validator),
      })),
      text: awaited === undefined ? table : `${table}\n\n${warningOf(awaited)}`,
    };
  },
});
