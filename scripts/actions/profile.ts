/** Who an account says it is, and where its node is reached, as the Directory keeps it. */
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { maxProfileBytes, type Profile, shownProfile, siteLink } from "../core/profile";
import { performPlanned, siteOf, inNextBlock, type Planned, type Site, nothing, planCall } from "./plan";

/** What the account has published, as it wrote it. */
export function readOwnProfile({ contracts, account }: Site): Promise<Profile> {
  return contracts.directory.read.profileOf([account], inNextBlock);
}

const labels = { name: "Name", site: "Site", contact: "Contact" } as const;

/** Publishes who the account is. @param current What is published now. */
export function planSetProfile({ contracts }: Site, current: Profile, profile: Profile): Planned {
  const texts = Object.keys(labels) as (keyof Profile)[];
  if (texts.every((text) => profile[text] === current[text])) return nothing("This profile is already published.");
  const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(profile[text]).length, 0);
  if (bytes > maxProfileBytes) {
    const sentence = `A profile can have ${maxProfileBytes} bytes, and this one has ${bytes}: shorten it.`;
    return nothing(sentence);
  }
  const shown = shownProfile(profile);
  const told = texts.flatMap((text) =>
    shown === null || shown[text] === "" ? [] : [`${labels[text]}: ${shown[text]}`],
  );
  const isPlainSite = shown !== null && shown.site !== "" && siteLink(shown.site) === undefined;
  return planCall(
    { ...contracts.directory, functionName: "setProfile", args: [profile] },
    shown === null
      ? ["Your profile is removed."]
      : [
          `You publish: ${told.join(" · ")}`,
          "It is shown beside your address as unverified text. The chain keeps earlier versions for ever.",
          ...(isPlainSite ? ["The site is shown as text, not as a link: a link needs https://."] : []),
        ],
    shown === null ? "Your profile is removed." : `Your profile is: ${told.join(" · ")}`,
  );
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
  const done = await performPlanned(connection, signer, planned);
  return { profile: done.transactionHash === null ? current : profile, ...done };
}

/** The most bytes of an endpoint: the Directory's MAX_ENDPOINT_BYTES. */
export const maxEndpointBytes = 256;

/** What the account has published; empty if it has not. */
export function readEndpoint({ contracts, account }: Site): Promise<string> {
  return contracts.directory.read.endpointOf([account], inNextBlock);
}

/** Publishes where the account's node is reached. @param current What is published now. */
export function planSetEndpoint({ contracts }: Site, current: string, endpoint: string): Planned {
  const isGone = endpoint === "";
  if (endpoint === current) {
    return nothing(isGone ? "You have published no endpoint." : "This endpoint is already published.");
  }
  return planCall(
    { ...contracts.directory, functionName: "setEndpoint", args: [endpoint] },
    isGone
      ? [`Your endpoint ${current} is no longer published.`]
      : [
          `You publish ${endpoint} as your node's address, for everyone to read.`,
          "Clients and validators fetch inputs and results from it that are not on chain. You can change or remove it at any time.",
        ],
    isGone ? "You no longer publish an endpoint." : `Your endpoint is now ${endpoint}.`,
  );
}
