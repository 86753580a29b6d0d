import { listMinersAtWork } from "../views/minerList";
import { archivedStanding } from "../views/lastStanding";
import { awaitingReveal } from "../views/revealWindow";
import { listValidators } from "../views/validatorList";
import { type epochView } from "./epochView";
import { type Heads } from "./heads";
import { type PartQuery } from "./reportPage";
import { type ApiSource } from "./source";

/** What the API tells of validators and miners, with what consensus last said of them where the archive has it. */
export function peopleView({ archive }: ApiSource, heads: Heads, epochs: ReturnType<typeof epochView>) {
  const standing = heads.once(async () => archivedStanding(archive, await epochs.settledEpochs()));

  const validators = heads.once(async ({ view }) => {
    const [listed, awaited, last] = await Promise.all([listValidators(view), awaitingReveal(view), standing()]);
    return {
      standingEpoch: last.epoch,
      validators: listed.map((one) => ({
        ...one,
        awaitsReveal: awaited?.validators.includes(one.validator) ?? false,
        standing: last.validators.get(one.validator.toLowerCase()) ?? null,
      })),
    };
  });

  const listedMiners = heads.once(({ view }) => listMinersAtWork(view));

  return {
    validators,

    /** By id, beginning after the first `from` of them. */
    async miners({ from, limit }: PartQuery) {
      const [listed, last] = await Promise.all([listedMiners(), standing()]);
      const end = from + limit;
      return {
        standingEpoch: last.epoch,
        miners: listed
          .slice(from, end)
          .map((one) => ({ ...one, standing: last.miners.get(one.account.toLowerCase()) ?? null })),
        count: listed.length,
        next: end < listed.length ? end : null,
      };
    },
  };
}
