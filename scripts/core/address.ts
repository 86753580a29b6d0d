import { type Address, checksumAddress } from "viem";

/** The form of an address; letter case doesn't matter. */
export const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** The one wording for an address whose checksum (EIP-55) is wrong. */
export const wrongChecksum =
  "the case of its letters doesn't match its checksum (EIP-55), so at least one character is wrong";

/** Characters of a wrong text that are quoted; the rest is cut. */
const LONGEST_QUOTED = 60;

/**
 * Why a text is no address, as the rest of a sentence that begins with the text's place; undefined if it is one.
 * Letters of both cases are a checksum and must be right; letters of one case carry none.
 */
export function addressProblem(text: string): string | undefined {
  const quoted = `not "${text.length <= LONGEST_QUOTED ? text : `${text.slice(0, LONGEST_QUOTED)}…`}"`;
  if (!ADDRESS.test(text)) return `must be an address: 0x and 40 hexadecimal digits, ${quoted}`;
  if (!hasBothCases(text) || checksumAddress(text as Address) === text) return undefined;
  return `must be a valid address, ${quoted}: ${wrongChecksum}`;
}

/** Whether an address has a checksum. */
export function hasBothCases(address: string): boolean {
  return /[a-f]/.test(address) && /[A-F]/.test(address);
}

/** The one spelling of an account, in lower case: letter case carries no meaning. */
export function lowerCase(account: Address): Address {
  return account.toLowerCase() as Address;
}
