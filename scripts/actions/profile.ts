/** An account's profile, and its node's endpoint, in the Directory. */
import { type Connection } from "../chain/connection";
import { type Signer } from "../chain/signer";
import { maxProfileBytes, type Profile, shownProfile, siteLink } from "../core/profile";
import { performPlanned, siteOf, inNextBlock, type Planned, type Site, nothing, planCall } from "./plan";

/** The account's published profile, exactly as it wrote it. */
export function readOwnProfile({ contracts, account }: Site): Promise<Profile> {
  return contracts.directory.read.profileOf([account], inNextBlock);
}

const labels = { name: "Name", site: "Site", contact: "Contact" } as const;

/** Publishes the account's profile. @param current The profile published now. */
export function planSetProfile({ contracts }: Site, current: Profile, profile: Profile): Planned {
  const texts = Object.keys(labels) as (keyof Profile)[];
  if (texts.every((text) => profile[text] === current[text])) return nothing("This profile is already published.");
  const bytes = texts.reduce((sum, text) => sum + new TextEncoder().encode(profile[text]).length, 0);
  if (bytes > maxProfileBytes) {
    const sentence = `A profile can have at most ${maxProfileBytes} bytes, but this one has ${bytes}: shorten it.`;
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

/** Publishes a signer's profile; undefined fields stay as they are. @returns The profile, and the outcome in words. */
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

/** Maximum bytes of an endpoint: the Directory's MAX_ENDPOINT_BYTES. */
export const maxEndpointBytes = 256;

/** The account's published endpoint; empty if it has none. */
export function readEndpoint({ contracts, account }: Site): Promise<string> {
  return contracts.directory.read.endpointOf([account], inNextBlock);
}

/** Publishes the endpoint of the account's node; empty removes it. @param current The endpoint published now. */
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
