/** Who an account says it is: anyone's word about themselves, shown as text beside the address and never as markup. */
export interface Profile {
  readonly name: string;
  readonly site: string;
  readonly contact: string;
}

/** The most bytes of a profile's three texts together: the Directory's MAX_PROFILE_BYTES. */
export const maxProfileBytes = 512;

/** How many characters are shown of a name, and of the others. */
const mostOfName = 32;
const mostOfText = 200;

/** Letters of these look alike: a text that has letters of two of them is marked. */
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
 * A stranger's text on one line: without control characters, changes of direction, characters that can't be seen and piled
 * accents, in the plain form of each letter, cut; "(mixed scripts)" where letters may pass for others.
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

/** Where a site leads if it may be a link: https alone, without a password, its host in ASCII; undefined for anything else. */
export function siteLink(site: string): string | undefined {
  if (!/^https:\/\/\S+$/.test(site) || !URL.canParse(site)) return undefined;
  const { username, password, href } = new URL(site);
  return username === "" && password === "" ? href : undefined;
}
