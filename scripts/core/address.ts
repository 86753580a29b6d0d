import { type Address, checksumAddress } from "viem";

/** How an address is written, in any case. */
export const ADDRESS = /^0x[0-9a-fA-F]{40}$/;

/** What every place says of an address whose checksum (EIP-55) is wrong. */
export const wrongChecksum =
  "the case of its letters does not match its digits (EIP-55), so one of them is wrong or missing";

/** More of what was written is not quoted. */
const LONGEST_QUOTED = 60;

/**
 * Why a text that someone wrote is not taken for an address, as the rest of a sentence that begins with its place;
 * undefined if it is taken. Letters of both cases are a checksum and must be right; of one case they say nothing.
 */
export function addressProblem(text: string): string | undefined {
  const quoted = `not "${text.length <= LONGEST_QUOTED ? text : `${text.slice(0, LONGEST_QUOTED)}…`}"`;
  if (!ADDRESS.test(text)) return `must be an address of 0x and 40 hexadecimal digits, ${quoted}`;
  if (!hasBothCases(text) || checksumAddress(text as Address) === text) return undefined;
  return `must be a valid address, ${quoted}: ${wrongChecksum}`;
}

/** Whether an address has a checksum. */
export function hasBothCases(address: string): boolean {
  return /[a-f]/.test(address) && /[A-F]/.test(address);
}

/** An account in its one spelling: letter case carries no meaning. */
export function lowerCase(account: Address): Address {
  return account.toLowerCase() as Address;
}
