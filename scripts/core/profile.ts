/** Who an account says it is: unverified, and shown as text beside the address, never as markup. */
export interface Profile {
  readonly name: string;
  readonly site: string;
  readonly contact: string;
}

/** The most bytes of a profile's three texts together: the Directory's MAX_PROFILE_BYTES. */
export const maxProfileBytes = 512;

/** Most characters shown of a name, and of the other texts. */
const mostOfName = 32;
const mostOfText = 200;

/** Scripts whose letters look alike: a text with letters of two of them is marked. */
const lookAlikes = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/** A profile as it may be shown; null if nothing of it is left. */
export function shownProfile({ name, site, contact }: Profile): Profile | null {
  const shown = {
    name: shownText(name, mostOfName),
    site: shownText(site, mostOfText),
    contact: shownText(contact, mostOfText),
  };
  return Object.values(shown).some((text) => text !== "") ? shown : null;
}

/**
 * A stranger's text on one line, cut to `most` characters: without control characters, changes of direction, invisible
 * characters and piled accents, each letter in its plain form; "(mixed scripts)" is added if letters may pass for
 * others.
 */
function shownText(text: string, most: number): string {
  const seen = text
    .normalize("NFKC")
    .replaceAll(/[\s\p{Z}]+/gu, " ")
    .replaceAll(/[\p{C}\u115f\u1160\u3164\u2800]/gu, "")
    .replaceAll(/(\p{M})\p{M}+/gu, "$1")
    .trim();
  const characters = Array.from(seen);
  const cut = characters.length > most ? `${characters.slice(0, most).join("").trim()}…` : seen;
  return lookAlikes.filter((script) => script.test(seen)).length > 1 ? `${cut} (mixed scripts)` : cut;
}

/** A site as a link: https only, without user or password, its host in ASCII; undefined if it may not be one. */
export function siteLink(site: string): string | undefined {
  if (!/^https:\/\/\S+$/.test(site) || !URL.canParse(site)) return undefined;
  const { username, password, href } = new URL(site);
  return username === "" && password === "" ? href : undefined;
}
