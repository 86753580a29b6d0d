import { type z } from "@hono/zod-openapi";
import { archivedStanding } from "../views/lastStanding";
import { listRanked } from "../views/minerList";
import { readRanking } from "../views/minerRanking";
import { awaitingReveal } from "../views/revealWindow";
import { listValidators } from "../views/validatorList";
import { readRecords, type StakesIn } from "../views/validatorRecords";
import { type epochView } from "./epochs";
import { type Heads } from "./heads";
import { type minersQuery } from "./questions";
import { type ApiSource } from "./source";

/** What the API reports on validators and miners, with what consensus last said of them where the archive has it. */
export function peopleView(
  { archive }: ApiSource,
  heads: Heads,
  epochs: ReturnType<typeof epochView>,
  stakesIn: StakesIn,
) {
  const standing = heads.once(async () => archivedStanding(archive, await epochs.settledEpochs()));

  const validators = heads.once(async ({ view }) => {
    const [listed, awaited, last] = await Promise.all([listValidators(view), awaitingReveal(view), standing()]);
    const addresses = listed.map(({ validator }) => validator);
    const records = await readRecords(view, addresses, stakesIn);
    return {
      standingEpoch: last.epoch,
      validators: listed.map((one) => ({
        ...one,
        record: records.get(one.validator)!,
        awaitsReveal: awaited?.validators.includes(one.validator) ?? false,
        standing: last.validators.get(one.validator.toLowerCase()) ?? null,
      })),
    };
  });

  const ranking = heads.once(({ view }) => readRanking(view));

  return {
    validators,

    /** Beginning after the first `from` of them. */
    async miners({ from, limit, sort, type: typeId }: z.infer<typeof minersQuery>) {
      const [facts, last] = await Promise.all([ranking(), standing()]);
      const listed = listRanked(facts, { sort, typeId });
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
