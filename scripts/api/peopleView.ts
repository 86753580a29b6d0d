import { type z } from "@hono/zod-openapi";
import { type Address } from "viem";
import { type Profile } from "../core/profile";
import { archivedStanding } from "../views/lastStanding";
import { listRanked, withProfiles } from "../views/minerList";
import { readRanking } from "../views/minerRanking";
import { readProfile } from "../views/profiles";
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

  const profiles = heads.once(({ view }) => {
    const known = new Map<Address, Promise<Profile | null>>();
    return Promise.resolve({ view, known });
  });
  /** The chain is asked once for each account and block; what failed is not remembered. */
  async function profileOf(account: Address): Promise<Profile | null> {
    const { view, known } = await profiles();
    const profile = known.get(account) ?? readProfile(view, account);
    known.set(account, profile);
    profile.catch(() => known.delete(account));
    return profile;
  }

  return {
    validators,

    /** Those of these accounts that call themselves something. */
    async names(accounts: readonly Address[]) {
      const profiles = await Promise.all(accounts.map(profileOf));
      const names = accounts.map((account, index) => ({ account, name: profiles[index]?.name ?? "" }));
      return { names: names.filter(({ name }) => name !== "") };
    },

    /** Beginning after the first `from` of them. */
    async miners({ from, limit, sort, type: typeId }: z.infer<typeof minersQuery>) {
      const [facts, last] = await Promise.all([ranking(), standing()]);
      const listed = listRanked(facts, { sort, typeId });
      const end = from + limit;
      return {
        standingEpoch: last.epoch,
        miners: (await withProfiles(listed.slice(from, end), profileOf)).map((one) => ({
          ...one,
          standing: last.miners.get(one.account.toLowerCase()) ?? null,
        })),
        count: listed.length,
        next: end < listed.length ? end : null,
      };
    },
  };
}
