/** Who an account says it is, as the Directory keeps it. */
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { maxProfileBytes, type Profile, shownProfile, siteLink } from "../core/profile";
import { perform, siteOf } from "./perform";
import { callOf, inNextBlock, type Planned, type Site } from "./plan";

/** What the account has published, as it wrote it. */
export function readOwnProfile({ contracts, account }: Site): Promise<Profile> {
  return contracts.directory.read.profileOf([account], inNextBlock);
}

const labels = { name: "Name", site: "Site", contact: "Contact" } as const;

/** Publishes who the account is. @param current What is published now. */
export function planSetProfile({ contracts }: Site, current: Profile, profile: Profile): Planned {
  const texts = Object.keys(labels) as (keyof Profile)[];
  if (texts.every((text) => profile[text] === current[text])) {
    return { kind: "nothing", sentence: "This profile is already published." };
  }
  const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(profile[text]).length, 0);
  if (bytes > maxProfileBytes) {
    const sentence = `A profile can have ${maxProfileBytes} bytes, and this one has ${bytes}: shorten it.`;
    return { kind: "nothing", sentence };
  }
  const shown = shownProfile(profile);
  const told = texts.flatMap((text) =>
    shown === null || shown[text] === "" ? [] : [`${labels[text]}: ${shown[text]}`],
  );
  const isPlainSite = shown !== null && shown.site !== "" && siteLink(shown.site) === undefined;
  return {
    kind: "plan",
    plan: {
      call: callOf({ ...contracts.directory, functionName: "setProfile", args: [profile] }),
      payment: null,
      statements:
        shown === null
          ? ["Your profile is removed."]
          : [
              `You publish: ${told.join(" · ")}`,
              "It is shown beside your address as unverified text. The chain keeps earlier versions for ever.",
              ...(isPlainSite ? ["The site is shown as text, not as a link: a link needs https://."] : []),
            ],
      outcomeOf: () => ({
        sentence: shown === null ? "Your profile is removed." : `Your profile is: ${told.join(" · ")}`,
      }),
    },
  };
}

/** Publishes a signer's profile; what is undefined stays as it is. @returns What came of it, in words. */
export async function setProfile(
  connection: Connection,
  signer: Signer,
  changes: { readonly [Text in keyof Profile]: string | undefined },
) {
  const site = siteOf(connection, signer);
  const current = await readOwnProfile(site);
  const profile = {
    name: changes.name ?? current.name,
    site: changes.site ?? current.site,
    contact: changes.contact ?? current.contact,
  };
  const planned = planSetProfile(site, current, profile);
  if (planned.kind === "nothing") return { profile: current, sentence: planned.sentence, transactionHash: null };
  const { receipt, outcome } = await perform(connection, signer, planned.plan);
  return { profile, sentence: outcome.sentence, transactionHash: receipt.transactionHash };
}
